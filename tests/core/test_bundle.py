"""Bundles: what is written is read, and every disagreement is refused with a sentence that names it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stereosync.bundle import (
    GRAPHS,
    MANIFEST,
    Bundle,
    BundleError,
    Forecast,
    GraphSpec,
    TensorSpec,
    WeightsFile,
    check_steps,
    read_bundle,
    sha256_of,
    write_bundle,
)
from stereosync.clock import Clock
from stereosync.cues import CueSpec
from stereosync.errors import UserError

Change = Callable[[dict[str, Any]], object]


def make_bundle(folder: Path) -> Bundle:
    graphs = {}
    for name in GRAPHS:
        (folder / f"{name}.onnx").write_bytes(name.encode())
        graphs[name] = GraphSpec(
            file=f"{name}.onnx",
            sha256=sha256_of(folder / f"{name}.onnx"),
            inputs=(TensorSpec("x", (1, 8)), TensorSpec("history", (1, 3), "float16")),
            outputs=(TensorSpec("y", (1, 8)), TensorSpec("next_history", (1, 3), "float16")),
            states=(("history", "next_history"),),
        )
    return Bundle(
        name="tiny",
        version="0.1.0",
        clock=Clock(),
        cue_spec=CueSpec(),
        latent_dim=8,
        schedules={"1": (1.0, 0.0), "2": (1.0, 0.5, 0.0)},
        graphs=graphs,
        max_lead_s=0.15,
        parity={"decoder": 1e-6},
        provenance={"steps": 3},
        licences=({"file": "step.ogg", "licence": "CC0"},),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole bundle on disk."""
    write_bundle(make_bundle(tmp_path), tmp_path)
    return tmp_path


def change_manifest(folder: Path, change: Change) -> None:
    path = folder / MANIFEST
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_steps_are_those_of_the_schedules(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path)
    check_steps(bundle, 2)
    with pytest.raises(UserError, match="bundle tiny has no schedule for 4 steps: choose one of 1, 2"):
        check_steps(bundle, 4)


def test_what_is_written_is_read(folder: Path) -> None:
    bundle = read_bundle(folder, Clock(chunk_latents=5))
    assert bundle == make_bundle(folder)
    assert bundle.folder == folder


def test_a_bundle_that_can_be_told_says_which_words_it_knows(folder: Path) -> None:
    telling = replace(
        make_bundle(folder), grounds=("stone", "gravel"), places=("rain",), forecast=Forecast(-0.06, 0.02)
    )
    write_bundle(telling, folder)
    assert read_bundle(folder) == telling


def test_a_bundle_of_before_there_were_words_knows_none(folder: Path) -> None:
    change_manifest(folder, lambda data: [data.pop(key) for key in ("grounds", "places", "forecast")])
    bundle = read_bundle(folder)
    assert (bundle.grounds, bundle.places, bundle.forecast) == ((), (), None)


def test_no_machine_path_is_written(folder: Path) -> None:
    assert str(folder) not in (folder / MANIFEST).read_text(encoding="utf-8")


def test_a_folder_without_manifest(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"has no bundle\.json"):
        read_bundle(tmp_path)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b""])
def test_a_manifest_that_is_not_json(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(BundleError, match="not readable JSON"):
        read_bundle(folder)


def test_a_graph_file_that_is_missing(folder: Path) -> None:
    (folder / "decoder.onnx").unlink()
    with pytest.raises(BundleError, match=r"lacks decoder\.onnx"):
        read_bundle(folder)


def test_a_graph_file_that_was_changed(folder: Path) -> None:
    (folder / "backbone.onnx").write_bytes(b"other")
    with pytest.raises(BundleError, match=r"backbone\.onnx .* hash"):
        read_bundle(folder)


def test_links_into_different_folders_are_refused_with_the_cure(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    farm, store = tmp_path_factory.mktemp("farm"), tmp_path_factory.mktemp("store")
    (folder / "weights.bin").touch()
    weights = WeightsFile("weights.bin", sha256_of(folder / "weights.bin"))
    write_bundle(replace(make_bundle(folder), weights=weights), folder)
    try:
        for file in folder.iterdir():
            (farm / file.name).symlink_to(file)
    except OSError:
        pytest.skip("links cannot be made here")
    assert read_bundle(farm).name == "tiny"
    (farm / "weights.bin").unlink()
    (store / "weights.bin").touch()
    (farm / "weights.bin").symlink_to(store / "weights.bin")
    with pytest.raises(BundleError, match=r"links into different folders.*cp -rL"):
        read_bundle(farm)


@pytest.mark.parametrize(
    ("clock", "named"), [(Clock(sample_rate_hz=44_100), "sample_rate_hz"), (Clock(latent_rate_hz=25), "latent_rate_hz")]
)
def test_another_clock(folder: Path, clock: Clock, named: str) -> None:
    with pytest.raises(BundleError, match=f"{named} is .* use a bundle made for it"):
        read_bundle(folder, clock)


def decoder(data: dict[str, Any]) -> dict[str, Any]:
    graph: dict[str, Any] = data["graphs"]["decoder"]
    return graph


REFUSALS: dict[str, tuple[Change, str]] = {
    "future schema": (lambda data: data.update(schema="2.0"), "schema is '2.0' and this program reads 1.3"),
    "no schema": (lambda data: data.pop("schema"), "schema is None"),
    "unknown key": (lambda data: data.update(colour=1), "unknown keys ['colour']"),
    "unknown graph key": (lambda data: decoder(data).update(speed=1), "graph decoder has unknown keys ['speed']"),
    "missing key": (lambda data: data.pop("latent_dim"), "latent_dim"),
    "missing graph": (lambda data: data["graphs"].pop("flow_head"), "lacks the graphs ['flow_head']"),
    "graphs no object": (lambda data: data.update(graphs=[]), "graphs must be an object"),
    "graph no object": (lambda data: data["graphs"].update(decoder=3), "graph decoder must be an object"),
    "no clock": (lambda data: data.pop("clock"), "clock must be an object"),
    "clock out of range": (lambda data: data["clock"].update(chunk_latents=9), "clock is not valid: chunk_latents"),
    "unknown cue": (lambda data: data["cue_spec"].update(smell=1), "cue_spec has unknown keys ['smell']"),
    "schedules no object": (lambda data: data.update(schedules=[1, 0]), "schedules must be an object"),
    "short schedule": (lambda data: data["schedules"].update({"2": [1, 0]}), "schedule of 2 steps"),
    "rising schedule": (lambda data: data["schedules"].update({"2": [1, 1.5, 0]}), "schedule of 2 steps"),
    "schedule that stops early": (lambda data: data["schedules"].update({"1": [1, 0.1]}), "schedule of 1 steps"),
    "schedule without a count": (lambda data: data["schedules"].update(fast=[1, 0]), "bundle.json is not valid"),
    "file elsewhere": (lambda data: decoder(data).update(file="../decoder.onnx"), "own folder"),
    "dynamic shape": (lambda data: decoder(data)["inputs"][0].update(shape=[1, "n"]), "static shape"),
    "unknown dtype": (lambda data: decoder(data)["inputs"][0].update(dtype="float7"), "float7"),
    "inputs no list": (lambda data: decoder(data).update(inputs=5), "bundle.json is not valid"),
    "state of another shape": (lambda data: decoder(data)["outputs"][1].update(shape=[1, 4]), "'next_history'"),
    "state without input": (lambda data: decoder(data).update(states=[["past", "next_history"]]), "'past'"),
    "state without output": (lambda data: decoder(data).update(states=[["history", "later"]]), "'later'"),
    "grounds no list": (lambda data: data.update(grounds=1), "bundle.json is not valid"),
    "grounds one word": (lambda data: data.update(grounds="stone"), "grounds must be a list of words"),
    "grounds twice": (lambda data: data.update(grounds=["ice", "ice"]), "grounds must be a list of words"),
    "places no words": (lambda data: data.update(places=[1, 2]), "places must be a list of words"),
    "places no list": (lambda data: data.update(places=0.5), "bundle.json is not valid"),
    "forecast without length": (lambda data: data.update(forecast={"start_s": 0, "step_s": 0}), "bins of some length"),
    "forecast of no numbers": (lambda data: data.update(forecast={"start_s": "0", "step_s": 1}), "bins of some length"),
    "tensor without a name": (lambda data: decoder(data)["outputs"][0].update(name=3), "which is no text"),
    "name of two lines": (lambda data: data.update(name="a\nb"), "printable text of 1 to 128 characters"),
    "name no text": (lambda data: data.update(name=7), "printable text of 1 to 128 characters"),
    "licences no list": (lambda data: data.update(licences=1), "bundle.json is not valid"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_manifest_that_disagrees_is_refused(folder: Path, case: str) -> None:
    change, said = REFUSALS[case]
    change_manifest(folder, change)
    with pytest.raises(BundleError, match=re.escape(said)):
        read_bundle(folder)


@pytest.mark.parametrize("content", ["[]", "3", "null", '"text"'])
def test_a_manifest_that_is_no_object(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(BundleError, match="schema is None"):
        read_bundle(folder)
