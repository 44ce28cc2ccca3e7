"""The memory of one engine on the card and its mirror on the host, made once and given back with the engine."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from stereosync.bundle import GraphSpec, TensorSpec
from stereosync_runners.runner import Array, plain_inputs, plain_outputs, state_inputs
from stereosync_runners.tensorrt.bindings import FRESH, ROWS, pool_of
from stereosync_runners.tensorrt.cuda import Cuda

ROW_INPUTS = (TensorSpec(ROWS, (1,), "int64"), TensorSpec(FRESH, (1,), "bool"))


@dataclass(frozen=True, eq=False)
class Mirror:
    """A tensor of fixed shape on the host, pinned, and its place on the card."""

    host: Array
    address: int


@dataclass(frozen=True)
class Place:
    """A tensor that stays on the card."""

    shape: tuple[int, ...]
    address: int


@dataclass(frozen=True, eq=False)
class Tensors:
    """All tensors of an engine at one batch size, by name."""

    inputs: Mapping[str, Mirror]
    outputs: Mapping[str, Mirror]
    read: Mapping[str, Place]  # pools
    written: Mapping[str, Place]


class CardMemory:
    """A stream, buffers, and two sets of pools for the states of a graph, if it has any.

    Args:
        rows: of each pool; the last is the spare one.
    """

    def __init__(self, cuda: Cuda, spec: GraphSpec, rows: int) -> None:
        self._cuda, self._spec, self._rows = cuda, spec, rows
        self._lent = ExitStack()
        weakref.finalize(self, self._lent.close).atexit = False  # CUDA may be gone before Python is
        self.stream = cuda.new_stream()
        self.give_back(cuda.free_stream, self.stream)
        self.pools = [self._new_pools() for _ in range(2 if spec.states else 1)]

    def give_back(self, how: Callable[[Any], None], what: Any) -> None:
        """Call `how(what)` once this is forgotten, the newest first."""
        self._lent.callback(how, what)

    def allocate(self, size_bytes: int) -> int:
        """Address of memory on the card."""
        address = self._cuda.allocate(size_bytes)
        self.give_back(self._cuda.free, address)
        return address

    def tensors(self, preset: int) -> list[Tensors]:
        """Buffers of a batch size, once for each set of pools that may be read; they differ in the pools alone."""
        rows = ROW_INPUTS if self._spec.states else ()
        inputs = {tensor.name: self._mirror(preset, tensor) for tensor in (*plain_inputs(self._spec), *rows)}
        outputs = {tensor.name: self._mirror(preset, tensor) for tensor in plain_outputs(self._spec)}
        return [
            Tensors(inputs, outputs, _named(read, 0), _named(written, 1))
            for read, written in zip(self.pools, self.pools[::-1], strict=True)
        ]

    def _new_pools(self) -> dict[str, Place]:
        return {tensor.name: self._pool(tensor) for tensor in state_inputs(self._spec)}

    def _pool(self, tensor: TensorSpec) -> Place:
        shape = (self._rows, *tensor.shape[1:])
        size_bytes = math.prod(shape) * np.dtype(tensor.dtype).itemsize
        place = Place(shape, self.allocate(size_bytes))
        self._cuda.clear(place.address, size_bytes, self.stream)
        return place

    def _mirror(self, preset: int, tensor: TensorSpec) -> Mirror:
        host = self._cuda.pinned((preset, *tensor.shape[1:]), tensor.dtype)
        return Mirror(host, self.allocate(host.nbytes))


def _named(pools: Mapping[str, Place], side: int) -> dict[str, Place]:
    """Pools by the name of the graph's input (side 0) or output (side 1)."""
    return {pool_of(state)[side]: place for state, place in pools.items()}
