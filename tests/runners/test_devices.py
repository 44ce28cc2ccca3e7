"""Devices: which form each graph gets, and what is said when one does not serve. Providers are faked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stereosync.bundle import Bundle, GraphForm
from stereosync_runners import devices
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest, check_precision, form_for, streams_together
from stereosync_runners.providers import CPU
from stereosync_runners.runner import RunnerError
from stereosync_runners.trial import Trial, diagnosis
from stereosync_runtime.bundles import open_bundle

INT8 = GraphForm("decoder.cpu.int8.onnx", "", "int8", 20, ("cpu",))
POOLED = GraphForm("decoder.cuda.fp32.onnx", "", "fp32", 23, ("cuda",), True)
HALF = GraphForm("decoder.cuda.fp16.onnx", "", "fp16", 23, ("cuda", "tensorrt"), True)


@pytest.fixture
def bundle(toy_folder: Path) -> Bundle:
    """The toy with forms of its decoder."""
    toy = open_bundle(str(toy_folder))
    decoder = replace(toy.graphs["decoder"], variants=(INT8, POOLED, HALF))
    return replace(toy, graphs=toy.graphs | {"decoder": decoder})


def test_a_device_runs_the_first_form_that_names_it(bundle: Bundle) -> None:
    spec = bundle.graphs["decoder"]
    assert form_for(spec, "cpu", None) == INT8
    assert form_for(spec, "cuda", None) == POOLED
    assert form_for(spec, "tensorrt", None) == HALF
    assert form_for(spec, "rtx", None) == spec
    assert form_for(spec, "cuda", "fp16") == HALF
    assert form_for(spec, "cpu", "fp32") == spec
    assert form_for(bundle.graphs["flow_head"], "cpu", "int8") == bundle.graphs["flow_head"]


def test_a_precision_that_no_graph_has_is_an_error_that_says_what_there_is(bundle: Bundle) -> None:
    check_precision(bundle, "cpu", "int8")
    with pytest.raises(RunnerError, match="no graph in fp16 for cpu, only fp32, int8: it is there for cuda, tensorrt"):
        check_precision(bundle, "cpu", "fp16")
    plain = replace(bundle, graphs={"flow_head": bundle.graphs["flow_head"]})
    with pytest.raises(RunnerError, match="export it again with --precision int8"):
        check_precision(plain, "cpu", "int8")


def test_each_graph_s_runner_is_printed(toy_folder: Path) -> None:
    said: list[str] = []
    load_runners(open_bundle(str(toy_folder)), RunnerRequest("cpu", threads=2), said.append)
    assert said[0] == "graph cue_encoder: CPUExecutionProvider fp32, opset 20, 2 threads"
    assert len(said) == 4


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("libcudnn.so.9: cannot open shared object file", "cuDNN 9 is missing .*stereosync\\[gpu\\]"),
        ("libcublasLt.so.13: cannot open shared object", "CUDA 13 is missing"),
        ("CUDA driver version is insufficient for CUDA runtime version", "update the NVIDIA driver"),
        ("libcuda.so.1: cannot open shared object file", "no NVIDIA driver"),
        ("libnvinfer.so.10: cannot open shared object file", "stereosync\\[gpu,tensorrt\\]"),
        ("no CUDA-capable device is detected", "--device cpu"),
        ("something else\nand more", "^something else: "),
    ],
)
def test_a_provider_s_trouble_names_cause_and_cure(said: str, words: str) -> None:
    assert re.search(words, ": ".join(diagnosis(said, has_gpu=True)))


def test_auto_goes_down_its_list_and_says_why(toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With CUDA in the build and its libraries missing: ONNX Runtime falls back in silence, and is found out."""

    def every(_provider: str) -> None:
        """Every provider is in this build."""

    said_by_the_loader = "libcudnn.so.9: cannot open shared object file"
    monkeypatch.setattr(devices, "check_available", every)
    monkeypatch.setattr(devices, "try_provider", lambda *_given: Trial(CPU[0], False, said_by_the_loader))
    bundle = open_bundle(str(toy_folder))
    batched = replace(bundle, graphs={name: replace(spec, batched=True) for name, spec in bundle.graphs.items()})
    said: list[str] = []
    with pytest.raises(RunnerError, match="cuDNN 9"):
        load_runners(batched, RunnerRequest("cuda"), said.append)
    monkeypatch.setattr(devices, "_runner", pick_cpu(devices._runner, bundle))
    runners = load_runners(batched, say=said.append)
    assert devices.device_of(runners["decoder"]) == "cpu"
    assert any(
        line.startswith("device auto: cuda does not serve (CUDAExecutionProvider does not serve: cuDNN 9 is missing")
        for line in said
    )


def pick_cpu(real: Any, bundle: Bundle) -> Any:
    """The toy's files have no free batch; on the CPU they are opened as they are."""

    def runner(given: Bundle, spec: Any, form: Any, wanted: devices.Wanted) -> Any:
        if wanted.device == "cpu":
            spec = form = next(one for one in bundle.graphs.values() if one.file == form.file)
        return real(given, spec, form, wanted)

    return runner


def test_native_devices_need_their_library(toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "tensorrt", None)
    with pytest.raises(RunnerError, match=r'pip install "stereosync\[tensorrt\]"'):
        load_runners(open_bundle(str(toy_folder)), RunnerRequest("tensorrt"), lambda _text: None)


def test_how_many_streams_are_made_at_once() -> None:
    assert streams_together("cpu", 16) == 4
    assert streams_together("cpu", 2) == 2
    assert streams_together("cuda", 200) == 64
