"""One run of an engine with fixed shapes at fixed addresses: copies in, the engine, copies out, all on one stream.

It is captured as a CUDA graph, so that launching it is a single call.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.contexts import Opened, new_context
from stereosync_runners.tensorrt.cuda import Cuda
from stereosync_runners.tensorrt.memory import Tensors

log = logging.getLogger("stereosync.tensorrt")

WARM_UP_RUNS = 3  # before a capture: the first runs of a context still settle its memory and kernels


class Launch:
    """An engine at one batch size that reads one set of pools and writes the other."""

    def __init__(self, opened: Opened, cuda: Cuda, stream: int, scratch: int, tensors: Tensors) -> None:
        self._opened, self._cuda, self._stream = opened, cuda, stream
        self._tensors = tensors
        self._context = new_context(opened, scratch)
        self._bind()
        self.graph: object = None

    def warm_up(self) -> None:
        """Run a few times, one after the other."""
        for _ in range(WARM_UP_RUNS):
            self._enqueue()
            self._cuda.wait(self._stream)

    def capture(self) -> None:
        """Note a run down as a CUDA graph; `run` launches that from now on.

        Raises:
            RunnerError: it cannot be captured; `run` goes on without.
        """
        can = getattr(self._context, "is_stream_capturable", None)
        if can is not None and not can(self._stream):
            raise RunnerError("the library says that it cannot be captured")
        self._cuda.begin_capture(self._stream)
        try:
            self._enqueue()
        except RunnerError:
            self._abandon()
            raise
        self.graph = self._cuda.end_capture(self._stream)

    def run(self) -> None:
        """Run from the host's inputs to the host's outputs; returns when they are there.

        Raises:
            RunnerError: the card or the engine fails.
        """
        if self.graph is None:
            self._enqueue()
        else:
            self._cuda.launch(self.graph, self._stream)
        self._cuda.wait(self._stream)

    def _enqueue(self) -> None:
        for mirror in self._tensors.inputs.values():
            self._cuda.copy_in(mirror.address, mirror.host, self._stream)
        if not self._context.execute_async_v3(self._stream):
            raise RunnerError(f"the engine of {self._opened.name} fails ({self._opened.said.reason()}): build it again")
        for mirror in self._tensors.outputs.values():
            self._cuda.copy_out(mirror.host, mirror.address, self._stream)

    def _abandon(self) -> None:
        """End a capture that failed; what it has of a graph is of no use."""
        try:
            self._cuda.free_graph(self._cuda.end_capture(self._stream))
        except RunnerError as error:
            log.debug("the end of a failed capture fails too: %s", error)

    def _bind(self) -> None:
        tensors = self._tensors
        for name, mirror in tensors.inputs.items():
            self._set_shape(name, mirror.host.shape)
        for name, place in tensors.read.items():
            self._set_shape(name, place.shape)
        for group in (tensors.inputs, tensors.outputs, tensors.read, tensors.written):
            self._set_addresses(group)

    def _set_shape(self, name: str, shape: Sequence[int]) -> None:
        if not self._context.set_input_shape(name, tuple(shape)):
            raise RunnerError(
                f"the engine of {self._opened.name} was not built for {name} {list(shape)} "
                f"({self._opened.said.reason()}): build it again"
            )

    def _set_addresses(self, group: Mapping[str, Any]) -> None:
        for name, tensor in group.items():
            if not self._context.set_tensor_address(name, tensor.address):
                raise RunnerError(f"the engine of {self._opened.name} has no tensor {name}: build it again")
