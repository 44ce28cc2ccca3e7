"""The layer over CUDA's bindings, against a module that notes what it is asked."""

import ctypes
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.cuda import Card, CudaRuntime

RETURNS: dict[str, Any] = {
    "cudaGetDeviceProperties": SimpleNamespace(name=b"NVIDIA Toy", major=8, minor=9),
    "cudaDriverGetVersion": 13010,
    "cudaMalloc": 4096,
    "cudaStreamCreateWithFlags": 5,
    "cudaStreamEndCapture": "graph",
    "cudaGraphInstantiate": "executable",
}
NAMES = SimpleNamespace


class FakeRuntime(ModuleType):
    """The module `cuda.bindings.runtime`: every function returns its error and what it has."""

    cudaHostAllocDefault = 0
    cudaStreamNonBlocking = 1
    cudaMemcpyKind = NAMES(cudaMemcpyHostToDevice="in", cudaMemcpyDeviceToHost="out", cudaMemcpyDeviceToDevice="within")
    cudaStreamCaptureMode = NAMES(cudaStreamCaptureModeThreadLocal="of this thread")

    def __init__(self) -> None:
        super().__init__("cuda.bindings.runtime")
        self.calls: list[tuple[Any, ...]] = []
        self.fails: set[str] = set()
        self.host = ctypes.create_string_buffer(b"\xff" * 64, 64)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("cuda"):
            raise AttributeError(name)
        return lambda *arguments: self._call(name, arguments)

    def _call(self, name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        if name == "cudaGetErrorString":
            return 0, b"out of memory"
        self.calls.append((name, *arguments))
        if name in self.fails:
            return (2, None)
        if name == "cudaHostAlloc":
            return 0, ctypes.addressof(self.host)
        return (0, RETURNS[name]) if name in RETURNS else (0,)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> FakeRuntime:
    """CUDA's bindings."""
    fake = FakeRuntime()
    for name in ("cuda", "cuda.bindings"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", fake)
    return fake


def test_bindings_that_are_missing_are_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cuda", "cuda.bindings", "cuda.bindings.runtime"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(RunnerError, match=r'cuda\.bindings\.runtime does not load .* pip install "stereosync\[rtx\]"'):
        CudaRuntime("rtx")


def test_the_card_says_what_it_is(runtime: FakeRuntime) -> None:
    assert CudaRuntime().card() == Card("NVIDIA Toy", 89, "13.1")
    assert runtime.calls[0] == ("cudaGetDeviceProperties", 0)


def test_a_refused_call_is_an_error_with_its_name_and_reason(runtime: FakeRuntime) -> None:
    runtime.fails.add("cudaMalloc")
    with pytest.raises(RunnerError, match=r"CUDA refuses cudaMalloc \(out of memory\)"):
        CudaRuntime().allocate(10)


def test_copies_have_the_right_ends_lengths_and_directions(runtime: FakeRuntime) -> None:
    cuda = CudaRuntime()
    array = np.zeros((2, 3), np.float32)
    address = cuda.allocate(array.nbytes)
    cuda.copy_in(address, array, 5)
    cuda.copy_out(array, address, 5)
    here = array.ctypes.data
    assert runtime.calls[1:] == [
        ("cudaMemcpyAsync", 4096, here, 24, "in", 5),
        ("cudaMemcpyAsync", here, 4096, 24, "out", 5),
    ]


def test_pinned_arrays_lie_where_cuda_says_and_are_freed_with_the_last_view_of_them(runtime: FakeRuntime) -> None:
    array = CudaRuntime().pinned((2, 4), "float32")
    assert array.ctypes.data == ctypes.addressof(runtime.host)
    assert not array.any()
    array[1, 3] = 1.0
    assert np.frombuffer(runtime.host, np.float32)[7] == 1.0
    view = array[1:]
    del array
    assert runtime.calls[-1][0] == "cudaHostAlloc"
    del view
    assert runtime.calls[-1] == ("cudaFreeHost", ctypes.addressof(runtime.host))


def test_a_capture_becomes_a_graph_that_can_be_launched(runtime: FakeRuntime) -> None:
    cuda = CudaRuntime()
    stream = cuda.new_stream()
    cuda.begin_capture(stream)
    graph = cuda.end_capture(stream)
    cuda.launch(graph, stream)
    cuda.wait(stream)
    cuda.free_graph(graph)
    assert runtime.calls[1:] == [
        ("cudaStreamBeginCapture", 5, "of this thread"),
        ("cudaStreamEndCapture", 5),
        ("cudaGraphInstantiate", "graph", 0),
        ("cudaGraphDestroy", "graph"),
        ("cudaGraphLaunch", "executable", 5),
        ("cudaStreamSynchronize", 5),
        ("cudaGraphExecDestroy", "executable"),
    ]
