"""Providers: only one that runs a graph is believed, and why another does not is read from what is printed."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from judging import Judge
from toy_graphs import Toy

from stereosync_runners.providers import CPU, CUDA
from stereosync_runtime.bundles import open_bundle
from stereosync_tools.doctor.finding import Finding
from stereosync_tools.doctor.providers import (
    Trial,
    check_cpu,
    check_provider,
    diagnosis,
    look_at_providers,
    smallest_graph,
    try_provider,
)

AVAILABLE = ("CUDAExecutionProvider", "CPUExecutionProvider")
ADVICE = (
    "[W:onnxruntime:Default, onnxruntime_pybind_state.cc:1099] Failed to create CUDAExecutionProvider. Require cuDNN "
    "9.* and CUDA 13.*. Please install all dependencies as mentioned in the GPU requirements page\n"
)


def not_loaded(library: str) -> str:
    """What ONNX Runtime says on Linux."""
    return (
        "[E:onnxruntime:Default, provider_bridge_ort.cc:2369 TryGetProviderInfo_CUDA] FAIL : Failed to load library "
        f"libonnxruntime_providers_cuda.so with error: {library}: cannot open shared object file: No such file or "
        f"directory\n{ADVICE}"
    )


def missing_on_windows(library: str) -> str:
    return f'FAIL : Error loading "onnxruntime_providers_cuda.dll" which depends on "{library}" which is missing.\n'


def failure(number: int, words: str) -> str:
    return f"CUDA failure {number}: {words} ; GPU=0 ; expr=cudaSetDevice(info_.device_id);\n{ADVICE}"


@pytest.mark.parametrize(
    ("said", "has_gpu", "cause", "cure"),
    [
        (not_loaded("libcudart.so.13"), True, "CUDA", 'pip install "stereosync[gpu]"'),
        (not_loaded("libcublasLt.so.13"), True, "(libcublasLt.so.13)", 'pip install "stereosync[gpu]"'),
        (not_loaded("libcublas.so.13") + "Require cuDNN 9.*", True, "CUDA", "[gpu]"),
        (not_loaded("libcudnn.so.9"), True, "cuDNN 9 is missing or of another version (libcudnn.so.9)", "[gpu]"),
        (not_loaded("libcuda.so.1"), True, "no NVIDIA driver (libcuda.so.1)", "install the NVIDIA driver"),
        (not_loaded("libnvinfer.so.10"), True, "TensorRT 10 is missing", "stereosync[gpu,tensorrt]"),
        (not_loaded("libodd.so.1"), True, "libodd.so.1 is missing", "stereosync[gpu]"),
        (missing_on_windows("cudnn64_9.dll"), True, "cuDNN 9 is missing or of another version (cudnn64_9.dll)", "[gp"),
        (missing_on_windows("cublasLt64_13.dll"), True, "(cublasLt64_13.dll)", "[gpu]"),
        ("Could not load library cudnn_cnn64_9.dll. Error code 126", True, "cuDNN 9 is missing", "[gpu]"),
        ("version `libcudnn_graph.so.9' not found", True, "of another version", "[gpu]"),
        ("undefined symbol: cudnnGetVersion", True, "of another version", "[gpu]"),
        (failure(35, "CUDA driver version is insufficient for CUDA runtime version"), True, "older", "update"),
        (failure(35, "CUDA driver version is insufficient for CUDA runtime version"), False, "no NVIDIA d", "install"),
        (failure(100, "no CUDA-capable device is detected"), True, "no NVIDIA GPU that CUDA sees", "--device cpu"),
        (failure(209, "no kernel image is available for execution"), True, "no code for this GPU", "--device cpu"),
        (failure(2, "out of memory"), True, "memory is full", "close programs"),
        ("something new", True, "something new", "[gpu]"),
        (ADVICE, True, "it gave no reason", "[gpu]"),
    ],
)
def test_the_cause_is_read_from_what_is_said_and_never_from_general_advice(
    said: str, has_gpu: bool, cause: str, cure: str
) -> None:
    found = diagnosis(said, has_gpu)
    assert cause in found[0]
    assert cure in found[1]


def cuda(trial: Trial | None, has_gpu: bool = True, available: tuple[str, ...] = AVAILABLE) -> Finding:
    return check_provider("cuda", CUDA[0], available, trial, has_gpu)


def test_a_provider_that_was_not_built_in_is_absent_with_what_brings_it(judge: Judge) -> None:
    judge(cuda(None, True, AVAILABLE[1:]), "absent", "built without CUDAExecutionProvider", "pip uninstall -y onnxrunt")
    judge(cuda(None, False, AVAILABLE[1:]), "absent", "built without", "with an NVIDIA GPU: pip uninstall")


def test_a_provider_that_serves_says_whether_all_of_the_graph_runs_there(judge: Judge) -> None:
    judge(cuda(Trial(CUDA[0], True, "")), "ok", "CUDAExecutionProvider serves")
    judge(cuda(Trial(CUDA[0], False, "")), "ok", "small parts stay on the processor")


def test_a_provider_that_fell_back_is_a_warning_where_there_is_a_gpu(judge: Judge) -> None:
    fallen = Trial(CPU[0], False, not_loaded("libcudnn.so.9"))
    judge(cuda(fallen), "warn", "(libcudnn.so.9); CPUExecutionProvider serves instead", "stereosync[gpu]")
    judge(cuda(fallen, has_gpu=False), "absent", "does not serve: cuDNN 9", "stereosync[gpu]")
    judge(cuda(Trial("", False, failure(2, "out of memory"))), "warn", "the GPU's memory is full", "close")


def test_without_the_processor_nothing_serves(judge: Judge) -> None:
    judge(check_cpu(Trial(CPU[0], True, "")), "ok", "CPUExecutionProvider serves")
    judge(check_cpu(Trial("", False, "\nbroken graph")), "fail", "broken graph", "--force-reinstall onnxruntime")


class FakeSession:
    """A session that ran on `provider`."""

    def __init__(self, provider: str, fails: str = "") -> None:
        self.provider, self.fails = provider, fails
        self.given: dict[str, Any] = {}

    def run(self, _outputs: None, inputs: dict[str, Any]) -> list[Any]:
        self.given = inputs
        if self.fails:
            raise RuntimeError(self.fails)
        return []

    def get_providers(self) -> list[str]:
        return [self.provider, *CPU[:1]]


def opener(session: FakeSession, said: str = "", whole: bool = True) -> Callable[..., FakeSession]:
    def opened(_path: Path, providers: Sequence[Any], batch: int, config: Any = None) -> FakeSession:
        assert batch == 1
        if config is not None:
            assert len(providers) == 1  # with the processor in the list ONNX Runtime refuses the question
            if not whole:
                raise RuntimeError("This session contains graph nodes that are assigned to the default CPU EP")
        os.write(2, said.encode())
        return session

    return opened


@pytest.mark.parametrize("whole", [True, False])
def test_a_session_is_opened_and_run_on_zeros(toy: Toy, whole: bool) -> None:
    session, spec = FakeSession(CUDA[0]), toy.bundle.graphs["flow_head"]
    assert try_provider(Path(), spec, CUDA, opener(session, whole=whole)) == Trial(CUDA[0], whole, "\n")
    assert {name: array.shape for name, array in session.given.items()} == {
        tensor.name: tensor.shape for tensor in spec.inputs
    }


def test_a_silent_fallback_is_found_out_and_its_reason_kept_off_the_screen(
    toy: Toy, capfd: pytest.CaptureFixture[str]
) -> None:
    opened = opener(FakeSession(CPU[0]), not_loaded("libcudnn.so.9"))
    trial = try_provider(Path(), toy.bundle.graphs["flow_head"], CUDA, opened)
    assert (trial.serves, trial.whole) == (CPU[0], False)
    assert "libcudnn.so.9" in trial.said
    assert capfd.readouterr().err == ""


def test_a_provider_that_opens_and_does_not_run_does_not_serve(toy: Toy) -> None:
    opened = opener(FakeSession(CUDA[0], fails=failure(209, "no kernel image")))
    trial = try_provider(Path(), toy.bundle.graphs["flow_head"], CUDA, opened)
    assert trial.serves == ""
    assert "no kernel image" in trial.said


def test_the_real_processor_serves_the_smallest_graph(toy_folder: Path) -> None:
    bundle = open_bundle(str(toy_folder))
    sizes = {spec.file: (toy_folder / spec.file).stat().st_size for spec in bundle.graphs.values()}
    assert sizes[smallest_graph(bundle).file] == min(sizes.values())
    processor, *others = look_at_providers(bundle, has_gpu=False)
    assert processor.verdict == "ok"
    assert [one.topic for one in others] == ["device cuda", "device ort-tensorrt"]


def test_a_graph_that_does_not_load_is_told(toy_folder: Path, judge: Judge, tmp_path: Path) -> None:
    spec = open_bundle(str(toy_folder)).graphs["flow_head"]
    (tmp_path / spec.file).write_bytes(b"no graph")
    judge(check_cpu(try_provider(tmp_path, spec, CPU)), "fail", "flow_head.onnx does not load", "pip install")
