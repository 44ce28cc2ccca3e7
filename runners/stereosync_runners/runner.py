"""Runners: one graph each, arrays in, arrays out, for one stream or a batch of them. The pipeline knows nothing else of
ONNX Runtime or TensorRT.

A state is whatever its runner makes of it: a row of arrays on the host, or a row of a pool on a device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from stereosync.bundle import GraphForm, GraphSpec, TensorSpec
from stereosync.errors import StereoSyncError

Array = npt.NDArray[Any]
Form = GraphSpec | GraphForm  # which of a graph's files


class RunnerError(StereoSyncError, RuntimeError):
    """A graph that cannot be run as asked; the message says why and what to do."""


class Runner(Protocol):
    """One graph that runs. B streams at once: inputs and outputs (B, ...), one state for each."""

    def initial(self) -> object:
        """A stream's state before its first run: zeros."""
        ...

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        """Every output that is no state, and the next states. `inputs` has every input that is no state; `states` is
        empty for a graph without. A state is good for one run."""
        ...

    def save(self, state: object) -> dict[str, Array]:
        """Copies on the host of a stream's state (1, ...), by the name of the input."""
        ...

    def load(self, arrays: Mapping[str, Array]) -> object:
        """The state that `save` gave."""
        ...


def state_inputs(spec: GraphSpec) -> tuple[TensorSpec, ...]:
    """The inputs that are states."""
    names = {name for name, _ in spec.states}
    return tuple(tensor for tensor in spec.inputs if tensor.name in names)


def plain_inputs(spec: GraphSpec) -> tuple[TensorSpec, ...]:
    """The inputs that are no states."""
    names = {name for name, _ in spec.states}
    return tuple(tensor for tensor in spec.inputs if tensor.name not in names)


def plain_outputs(spec: GraphSpec) -> tuple[TensorSpec, ...]:
    """The outputs that replace no state."""
    names = {name for _, name in spec.states}
    return tuple(tensor for tensor in spec.outputs if tensor.name not in names)


def zeros(spec: TensorSpec) -> Array:
    """A zero array of a tensor's shape and dtype."""
    return np.zeros(spec.shape, dtype=np.dtype(spec.dtype))
