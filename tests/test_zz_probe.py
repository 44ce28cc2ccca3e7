def test_it(tiny_bundle):
    import json
    d=json.loads((tiny_bundle/"bundle.json").read_text())
    print(d["parity"]); print([ (p.name,p.stat().st_size) for p in tiny_bundle.iterdir()])
