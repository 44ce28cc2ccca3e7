"""Graphs in TensorRT: states stay on the card, a batch is one launch.

A batch is padded up to one of a few sizes. For each there are buffers and CUDA graphs, made at the start. States lie
in pools; two sets take turns: a run reads one and writes the whole of the other, so rows outside the batch live on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stereosync.bundle import GraphSpec
from stereosync_runners.pool_rows import PoolRows, padded, preset_for, presets_up_to
from stereosync_runners.runner import Array, RunnerError, plain_inputs, state_inputs
from stereosync_runners.tensorrt.bindings import FRESH, ROWS, check_bindings, engine_bindings, expected_bindings
from stereosync_runners.tensorrt.contexts import open_engine
from stereosync_runners.tensorrt.cuda import Cuda
from stereosync_runners.tensorrt.launch import Launch
from stereosync_runners.tensorrt.memory import CardMemory, Mirror

log = logging.getLogger("stereosync.tensorrt")


class TensorRTRunner:
    """One graph on one card, for up to `sessions` streams of which up to `together` are made at once.

    Args:
        trt: the library's module.
        serialized: the engine; of the pooled form where the graph has states, with pools of `sessions + 1` rows.
        device: the name that says which library it is.
        precision: of the graph that the engine was built from.

    Raises:
        RunnerError: the engine cannot be opened, or is not the graph of `spec`.
    """

    def __init__(
        self,
        trt: Any,
        cuda: Cuda,
        name: str,
        serialized: bytes,
        spec: GraphSpec,
        sessions: int,
        together: int,
        device: str = "tensorrt",
        precision: str = "fp32",
    ) -> None:
        self.device, self.precision = device, precision
        self._cuda, self._name, self._spec = cuda, name, spec
        self._rows = PoolRows(sessions)
        self._presets = presets_up_to(together)
        self._opened = open_engine(trt, name, serialized)
        check_bindings(engine_bindings(trt, self._opened.engine), expected_bindings(spec), name)
        self._memory = CardMemory(cuda, spec, sessions + 1)
        self._stream = self._memory.stream
        scratch = self._memory.allocate(self._opened.scratch_bytes)
        self._reads = 0  # which set of pools the next run reads
        self._tensors = {preset: self._memory.tensors(preset) for preset in self._presets}
        self._launches = {
            preset: [Launch(self._opened, cuda, self._stream, scratch, tensors) for tensors in turns]
            for preset, turns in self._tensors.items()
        }
        self._capture()

    def initial(self) -> object:
        """A row of the pools that starts at zero."""
        return self._rows.take()

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        """Outputs and next states of a batch; each state is good for one run.

        Raises:
            RunnerError: an input is missing or of another shape, a state was used before, no place for a state is
                free, or the card fails; the states can be used again then.
        """
        count = len(next(iter(inputs.values())))
        preset = preset_for(count, self._presets)
        tensors = self._tensors[preset][self._reads]
        self._fill(tensors.inputs, inputs, count)
        if states:
            rows, fresh = padded(*self._rows.use(states), preset, self._rows.spare)
            tensors.inputs[ROWS].host[:], tensors.inputs[FRESH].host[:] = rows, fresh
        self._launches[preset][self._reads].run()
        self._reads = (self._reads + 1) % len(self._memory.pools)
        outputs = {name: mirror.host[:count].copy() for name, mirror in tensors.outputs.items()}
        return outputs, list(self._rows.advance(states))

    def save(self, state: object) -> dict[str, Array]:
        """Copies on the host of the state's rows (1, ...)."""
        row_state = self._rows.checked(state)
        saved = {tensor.name: np.zeros(tensor.shape, tensor.dtype) for tensor in state_inputs(self._spec)}
        if not row_state.fresh and row_state.lease is not None:
            for name, array in saved.items():
                self._cuda.copy_out(array, self._row(name, row_state.lease.row, array), self._stream)
            self._cuda.wait(self._stream)
        return saved

    def load(self, arrays: Mapping[str, Array]) -> object:
        """The state that `save` gave, in a row of this engine's pools."""
        row_state = self._rows.load()
        assert row_state.lease is not None
        for tensor in state_inputs(self._spec):
            array = np.ascontiguousarray(arrays[tensor.name], tensor.dtype)
            self._cuda.copy_in(self._row(tensor.name, row_state.lease.row, array), array, self._stream)
            self._cuda.wait(self._stream)  # the copy must not outlive its array
        return row_state

    def _row(self, state: str, row: int, array: Array) -> int:
        """Address of a row in the pool that is read next; `array` is of a row's size."""
        return self._memory.pools[self._reads][state].address + row * array.nbytes

    def _fill(self, mirrors: Mapping[str, Mirror], inputs: Mapping[str, Array], count: int) -> None:
        for tensor in plain_inputs(self._spec):
            array = inputs.get(tensor.name)
            shape = (count, *tensor.shape[1:])
            if array is None or array.shape != shape:
                found = "none" if array is None else list(array.shape)
                raise RunnerError(f"graph {self._name} needs {tensor.name} {list(shape)} and got {found}")
            mirrors[tensor.name].host[:count] = array

    def _capture(self) -> None:
        """Warm up every launch and capture it, until the first that cannot be."""
        launches = [launch for turns in self._launches.values() for launch in turns]
        for launch in launches:
            launch.warm_up()
        try:
            for launch in launches:
                launch.capture()
                self._memory.give_back(self._cuda.free_graph, launch.graph)
        except RunnerError as error:
            log.warning("graph %s runs without CUDA graphs, which is slower: %s", self._name, error)
