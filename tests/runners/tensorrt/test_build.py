"""Building with the real library for RTX cards, which needs none; what it cannot take is told by graph and node."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_tensorrt import SPECS, WEIGHTS, FakeLibrary, Toys, model_of

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS, Backend, check_capability, import_library, parse_capabilities
from stereosync_runners.tensorrt.bindings import Binding, check_bindings, expected_bindings
from stereosync_runners.tensorrt.build import BuildOptions, build_engine

OPTIONS = BuildOptions(batch=(1, 4, 16), pool_rows=9, workspace_mib=64, capabilities=(86, 89))


def still() -> float:
    return 0.0


@pytest.mark.parametrize("kind", ["plain", "pooled"])
def test_a_graph_is_built_without_a_card_and_has_the_tensors_of_its_manifest(
    rtx: Backend, toys: Toys, kind: str
) -> None:
    told: list[tuple[str, float]] = []
    ticks = iter((1.0, 3.5))
    built = build_engine(
        rtx, kind, toys.paths[kind], OPTIONS, lambda: next(ticks), lambda phase, share: told.append((phase, share))
    )
    assert len(built.engine) > 1000
    assert built.seconds == 2.5
    check_bindings(built.bindings, expected_bindings(SPECS[kind]), kind)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] < 0.2
    assert shares[-1] == 1.0
    assert len({phase for phase, _ in told}) > 2


def test_engines_for_different_cards_differ(rtx: Backend, toys: Toys) -> None:
    engines = [
        build_engine(rtx, "plain", toys.paths["plain"], BuildOptions(capabilities=(capability,)), still).engine
        for capability in (86, 120)
    ]
    assert engines[0] != engines[1]


def test_weights_in_a_file_beside_the_graph_are_found_and_missed(rtx: Backend, tmp_path: Path) -> None:
    import onnx

    path = tmp_path / "apart.onnx"
    apart = {"save_as_external_data": True, "location": "weights.bin", "size_threshold": 0}
    onnx.save_model(model_of("plain"), path, **apart)
    assert (tmp_path / "weights.bin").stat().st_size >= WEIGHTS.nbytes
    assert build_engine(rtx, "apart", path, OPTIONS, still).engine
    (tmp_path / "weights.bin").unlink()
    with pytest.raises(RunnerError, match=r"graph apart \(apart\.onnx\) cannot be parsed"):
        build_engine(rtx, "apart", path, OPTIONS, still)


def test_all_that_the_parser_cannot_take_is_told_by_graph_node_and_operator(rtx: Backend, tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Strange", ["x"], ["a"], name="first", domain="elsewhere"),
        helper.make_node("Odder", ["a"], ["y"], name="second", domain="elsewhere"),
    ]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 4]) for name in "xy")
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("elsewhere", 1)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "odd", [x], [y]), opset_imports=opsets), tmp_path / "odd.onnx")
    with pytest.raises(RunnerError, match=r"graph odd \(odd\.onnx\) cannot be parsed") as raised:
        build_engine(rtx, "odd", tmp_path / "odd.onnx", OPTIONS, still)
    assert "node first, operator Strange" in str(raised.value)
    assert "node second, operator Odder" in str(raised.value)


def test_a_file_that_is_no_graph_is_refused(rtx: Backend, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no graph")
    with pytest.raises(RunnerError, match=r"graph bad \(bad\.onnx\) cannot be parsed: .*Failed to parse"):
        build_engine(rtx, "bad", tmp_path / "bad.onnx", OPTIONS, still)
    assert "ERROR" not in "".join(capfd.readouterr())  # it is in the message, not on the screen


def test_cards_that_the_library_does_not_serve_are_refused(toys: Toys) -> None:
    with pytest.raises(RunnerError, match=r"does not serve NVIDIA H100 of compute capability 9\.0, only 7\.5"):
        check_capability(BACKENDS["rtx"], 90, "NVIDIA H100")
    with pytest.raises(RunnerError, match=r"compute capability 9\.0"):
        build_engine(BACKENDS["rtx"], "plain", toys.paths["plain"], BuildOptions(capabilities=(86, 90)), still)
    with pytest.raises(RunnerError, match="builds for the card that is here"):
        build_engine(BACKENDS["tensorrt"], "plain", toys.paths["plain"], OPTIONS, still)
    for capability in BACKENDS["rtx"].capabilities:
        check_capability(BACKENDS["rtx"], capability)
    check_capability(BACKENDS["tensorrt"], 90)


def test_every_capability_that_is_named_is_one_of_the_librarys(rtx: Backend) -> None:
    members = import_library(rtx).ComputeCapability.__members__
    assert {f"SM{capability}" for capability in rtx.capabilities} == set(members) - {"NONE", "CURRENT"}


@pytest.mark.parametrize(("device", "extra"), [("tensorrt", "tensorrt"), ("rtx", "rtx")])
def test_a_library_that_is_missing_is_told_with_the_extra(
    device: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, BACKENDS[device].module, None)
    with pytest.raises(RunnerError, match=rf'pip install "stereosync\[{extra}\]"'):
        import_library(BACKENDS[device])


def test_capabilities_are_read_from_the_command_line() -> None:
    assert parse_capabilities("native") == ()
    assert parse_capabilities("89, 8.6,86") == (86, 89)
    with pytest.raises(RunnerError, match="--sm takes native or compute capabilities like 86,89, got 'fast'"):
        parse_capabilities("fast")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Cuda Runtime (cudaError 35: CUDA driver version is insufficient)", "name some with --sm, as 86,89"),
        ("Out of memory", "close programs"),
        ("Internal error", "Internal error: use --device cuda"),
    ],
)
def test_a_builder_that_gives_up_says_why(
    library: FakeLibrary, toys: Toys, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    library.gives_up = said
    library.ComputeCapability = SimpleNamespace(CURRENT=1)
    monkeypatch.setitem(sys.modules, "tensorrt_rtx", library)
    with pytest.raises(RunnerError, match=words):
        build_engine(BACKENDS["rtx"], "plain", toys.paths["plain"], BuildOptions(), still)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shape": (-1, 5)}, r"'x': the engine has an input \[-1, 5\] float32 and the manifest an input \[-1, 4\]"),
        ({"dtype": "float16"}, r"\[-1, 4\] float16 and the manifest an input \[-1, 4\] float32"),
        ({"is_input": False}, "the engine has an output"),
        ({"name": "z"}, "'x': the engine has none"),
    ],
)
def test_tensors_that_disagree_are_named(change: dict[str, Any], words: str) -> None:
    expected = expected_bindings(SPECS["plain"])
    x = {"name": "x", "shape": (-1, 4), "dtype": "float32", "is_input": True}
    with pytest.raises(RunnerError, match=words):
        check_bindings((Binding(**(x | change)), expected[1]), expected, "plain")
