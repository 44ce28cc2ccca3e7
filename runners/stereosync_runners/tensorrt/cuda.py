"""The little of CUDA's runtime that running an engine takes, over `cuda.bindings`. Addresses and streams are numbers.

Never run by the project's own tests, which have no card: they pass a `Cuda` of their own.
"""

from __future__ import annotations

import ctypes
import math
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from stereosync_runners.runner import Array, RunnerError
from stereosync_runners.tensorrt.backend import import_or_refuse

EXTRA = "tensorrt"


@dataclass(frozen=True)
class Card:
    """A GPU: its name, compute capability as 86 for 8.6, and the newest CUDA that its driver serves, as "13.0"."""

    name: str
    capability: int
    driver: str


class Cuda(Protocol):
    """Operations on a card. Copies, clears, runs and launches come one after another on their stream."""

    def allocate(self, size_bytes: int) -> int:
        """Address of new memory on the card."""
        ...

    def free(self, address: int) -> None:
        """Give memory back."""
        ...

    def pinned(self, shape: Sequence[int], dtype: npt.DTypeLike) -> Array:
        """A zero array on the host that the card copies from and to by itself."""
        ...

    def clear(self, address: int, size_bytes: int, stream: int) -> None:
        """Zeros into memory on the card."""
        ...

    def copy_in(self, address: int, array: Array, stream: int) -> None:
        """A contiguous array from the host to the card."""
        ...

    def copy_out(self, array: Array, address: int, stream: int) -> None:
        """Copy from the card into a contiguous array on the host."""
        ...

    def new_stream(self) -> int:
        """A stream of its own."""
        ...

    def free_stream(self, stream: int) -> None:
        """Give a stream back."""
        ...

    def wait(self, stream: int) -> None:
        """Until all that was put on the stream is done."""
        ...

    def begin_capture(self, stream: int) -> None:
        """Begin to note down what is put on the stream instead of doing it."""
        ...

    def end_capture(self, stream: int) -> object:
        """The captured graph, ready to be launched."""
        ...

    def launch(self, graph: object, stream: int) -> None:
        """Do what was noted down."""
        ...

    def free_graph(self, graph: object) -> None:
        """Give a captured graph back."""
        ...


class CudaRuntime:
    """`Cuda` over NVIDIA's own bindings, on the first card.

    Raises:
        RunnerError: the bindings are missing; and by every method, a call that CUDA refuses.
    """

    def __init__(self, extra: str = EXTRA) -> None:
        self._rt = _runtime(extra)

    def card(self) -> Card:
        """The card's name and what it serves."""
        found = self._call("cudaGetDeviceProperties", 0)
        newest = self._call("cudaDriverGetVersion")  # 13000 for 13.0
        name = found.name.decode() if isinstance(found.name, bytes) else str(found.name)
        return Card(name.rstrip("\0"), 10 * found.major + found.minor, f"{newest // 1000}.{newest % 1000 // 10}")

    def allocate(self, size_bytes: int) -> int:
        return int(self._call("cudaMalloc", size_bytes))

    def free(self, address: int) -> None:
        self._call("cudaFree", address)

    def pinned(self, shape: Sequence[int], dtype: npt.DTypeLike) -> Array:
        kind = np.dtype(dtype)
        size_bytes = max(math.prod(shape) * kind.itemsize, 1)
        address = int(self._call("cudaHostAlloc", size_bytes, self._rt.cudaHostAllocDefault))
        memory = (ctypes.c_byte * size_bytes).from_address(address)
        weakref.finalize(memory, self._rt.cudaFreeHost, address).atexit = False  # CUDA may be gone before Python is
        array: Array = np.frombuffer(memoryview(memory), kind, math.prod(shape)).reshape(shape)
        array[...] = 0
        return array

    def clear(self, address: int, size_bytes: int, stream: int) -> None:
        self._call("cudaMemsetAsync", address, 0, size_bytes, stream)

    def copy_in(self, address: int, array: Array, stream: int) -> None:
        self._copy(address, array.ctypes.data, array.nbytes, "cudaMemcpyHostToDevice", stream)

    def copy_out(self, array: Array, address: int, stream: int) -> None:
        self._copy(array.ctypes.data, address, array.nbytes, "cudaMemcpyDeviceToHost", stream)

    def new_stream(self) -> int:
        return int(self._call("cudaStreamCreateWithFlags", self._rt.cudaStreamNonBlocking))

    def free_stream(self, stream: int) -> None:
        self._call("cudaStreamDestroy", stream)

    def wait(self, stream: int) -> None:
        self._call("cudaStreamSynchronize", stream)

    def begin_capture(self, stream: int) -> None:
        # Of this thread only: what other threads do on the card must not spoil it.
        mode = self._rt.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        self._call("cudaStreamBeginCapture", stream, mode)

    def end_capture(self, stream: int) -> object:
        graph = self._call("cudaStreamEndCapture", stream)
        try:
            return self._call("cudaGraphInstantiate", graph, 0)
        finally:
            self._call("cudaGraphDestroy", graph)

    def launch(self, graph: object, stream: int) -> None:
        self._call("cudaGraphLaunch", graph, stream)

    def free_graph(self, graph: object) -> None:
        self._call("cudaGraphExecDestroy", graph)

    def _copy(self, to_address: int, from_address: int, size_bytes: int, kind: str, stream: int) -> None:
        direction = getattr(self._rt.cudaMemcpyKind, kind)
        self._call("cudaMemcpyAsync", to_address, from_address, size_bytes, direction, stream)

    def _call(self, function: str, *arguments: Any) -> Any:
        """The result of a CUDA function; the bindings return a tuple of its error and that."""
        error, *returned = getattr(self._rt, function)(*arguments)
        if int(error) != 0:
            text = self._rt.cudaGetErrorString(error)[1]
            said = text.decode() if isinstance(text, bytes) else str(text)
            raise RunnerError(f"CUDA refuses {function} ({said}): stereosync-doctor looks for the cause")
        return returned[0] if returned else None


def pinned(shape: Sequence[int], dtype: npt.DTypeLike) -> Array:
    """Page-locked host memory; see `Cuda.pinned`.

    Raises:
        RunnerError: CUDA's bindings are missing, or it has no such memory left.
    """
    return CudaRuntime("gpu").pinned(shape, dtype)


def _runtime(extra: str) -> Any:
    return import_or_refuse("cuda.bindings.runtime", extra)
