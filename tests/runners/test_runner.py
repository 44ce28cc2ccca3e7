"""Runners and devices: the real graph is what the manifest says, and the device is what was asked for."""

import json
import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_scenes import SceneMaker
from toy_graphs import Toy

from stereosync.bundle import BundleError
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.onnx_runner import OnnxRunner
from stereosync_runners.providers import check_packages
from stereosync_runners.runner import RunnerError
from stereosync_runtime.bundles import open_bundle, packaged_names
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline

CPU = [("CPUExecutionProvider", {})]


def test_onnx_runtime_and_numpy_make_the_same_stream(toy: Toy, toy_folder: Path, scene: SceneMaker) -> None:
    bundle = open_bundle(str(toy_folder))
    said: list[str] = []
    real = Pipeline(bundle, load_runners(bundle, RunnerRequest("cpu"), said.append), toy.clock)
    frames = [scene(index / 30, index) for index in range(15)]
    sounds = [render_tape(pipeline, bundle.cue_spec, frames, 0.5) for pipeline in (real, toy.pipeline())]
    assert np.allclose(*sounds, atol=1e-5)
    assert np.std(sounds[0]) > 1e-3
    assert len(said) == 4
    assert all("CPUExecutionProvider" in line for line in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "other"}, "'other'"),
        ({"shape": (1, 9)}, r"\[9\]"),
        ({"dtype": "float16"}, r"tensor\(float16\)"),
    ],
)
def test_a_graph_other_than_the_manifest_says_is_refused(toy_folder: Path, change: dict[str, Any], words: str) -> None:
    spec = open_bundle(str(toy_folder)).graphs["flow_head"]
    changed = replace(spec, inputs=(replace(spec.inputs[0], **change), *spec.inputs[1:]))
    with pytest.raises(RunnerError, match=words):
        OnnxRunner(toy_folder, changed, CPU)


def test_a_file_that_is_no_graph_is_refused(toy_folder: Path, tmp_path: Path) -> None:
    spec = open_bundle(str(toy_folder)).graphs["flow_head"]
    (tmp_path / "bad.onnx").write_bytes(b"no graph")
    with pytest.raises(RunnerError, match=r"bad\.onnx does not load"):
        OnnxRunner(tmp_path, replace(spec, file="bad.onnx"), CPU)


def test_a_provider_that_falls_back_silently_is_found_out(toy_folder: Path) -> None:
    spec = open_bundle(str(toy_folder)).graphs["flow_head"]
    words = "runs on CPUExecutionProvider where CUDAExecutionProvider was asked for"
    with warnings.catch_warnings(action="ignore"), pytest.raises(RunnerError, match=words):
        OnnxRunner(toy_folder, spec, [("CUDAExecutionProvider", {}), *CPU])


def test_a_device_that_does_not_serve_is_an_error_and_auto_says_what_it_took(toy_folder: Path) -> None:
    import onnxruntime

    bundle = open_bundle(str(toy_folder))
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime may serve CUDA")
    with pytest.raises(RunnerError, match=r"stereosync\[gpu\]"):
        load_runners(bundle, RunnerRequest("cuda"))
    said: list[str] = []
    runners = load_runners(bundle, say=said.append)
    assert runners["decoder"].provider == "CPUExecutionProvider"
    assert said[0] == "device auto: tried in the order cuda, cpu"
    assert "cuda does not serve" in said[1]
    with pytest.raises(RunnerError, match="device must be one of"):
        load_runners(bundle, RunnerRequest("npu"))


def test_missing_and_doubled_packages_are_told_with_the_cure() -> None:
    with pytest.raises(RunnerError, match=r'pip install "stereosync\[cpu\]"'):
        check_packages((), importable=False)
    with pytest.warns(RuntimeWarning, match="pip uninstall -y onnxruntime onnxruntime-gpu"):
        check_packages(("onnxruntime", "onnxruntime-gpu"), importable=True)
    check_packages(("onnxruntime",), importable=True)


@pytest.fixture
def copy(toy_folder: Path, tmp_path: Path) -> Path:
    """A copy of the toy bundle that may be damaged."""
    return Path(shutil.copytree(toy_folder, tmp_path / "copy"))


def edit(folder: Path, **changes: Any) -> None:
    path = folder / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def test_damaged_bundles_are_refused_with_the_reason(copy: Path) -> None:
    edit(copy, schema="9.0")
    with pytest.raises(BundleError, match=r"schema is '9\.0'"):
        open_bundle(str(copy))
    edit(copy, schema="1.0", clock={"sample_rate_hz": 44_100, "latent_rate_hz": 50, "chunk_latents": 2})
    with pytest.raises(BundleError, match="sample_rate_hz is 44100"):
        open_bundle(str(copy))
    edit(copy, clock={"sample_rate_hz": 48_000, "latent_rate_hz": 50, "chunk_latents": 2})
    (copy / "decoder.onnx").write_bytes(b"other")
    with pytest.raises(BundleError, match=r"decoder\.onnx .* has the hash"):
        open_bundle(str(copy))
    (copy / "decoder.onnx").unlink()
    with pytest.raises(BundleError, match=r"lacks decoder\.onnx"):
        open_bundle(str(copy))
    edit(copy, graphs={})
    with pytest.raises(BundleError, match="lacks the graphs"):
        open_bundle(str(copy))


def test_a_bundle_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(BundleError, match="packaged ones are " + (", ".join(packaged_names()) or "none")):
        open_bundle("nothing-of-that-name")
