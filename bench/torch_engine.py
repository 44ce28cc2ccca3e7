"""PyTorch behind the runtime's engine interface, so that the very same pipeline runs on it: eager, or compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stereosync.bundle import Bundle
from stereosync_export.graphs import Graph, declare
from stereosync_model.checkpoint import load_checkpoint
from stereosync_runtime.engine import Array

State = Mapping[str, torch.Tensor]


class TorchEngine:
    """One declared graph of the model, for one stream at a time. `plain` are the outputs that replace no state."""

    device = "cpu"

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._plain = [name for name in graph.outputs if name not in {following for _, following in graph.states}]

    def initial(self) -> State:
        """Zeros."""
        return {name: torch.zeros_like(self._graph.inputs[name]) for name, _ in self._graph.states}

    def run(self, inputs: Mapping[str, Array], states: Sequence[Any] = ()) -> tuple[dict[str, Array], list[Any]]:
        """Outputs and the next state."""
        if len(states) > 1:
            raise ValueError("this engine makes one stream at a time; give it one state")
        given = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in inputs.items()}
        made = self._graph.run({**given, **(states[0] if states else {})})
        following = {name: made[replaced] for name, replaced in self._graph.states}
        return {name: made[name].numpy() for name in self._plain}, [following] if states else []

    def save(self, state: State) -> dict[str, Array]:
        """Copies of a state."""
        return {name: tensor.numpy().copy() for name, tensor in state.items()}

    def load(self, arrays: Mapping[str, Array]) -> State:
        """The state that `save` gave."""
        return {name: torch.from_numpy(array) for name, array in arrays.items()}


def torch_engines(checkpoint: Path, bundle: Bundle, compiled: bool) -> dict[str, TorchEngine]:
    """Engines of a checkpoint's own modules.

    Raises:
        CheckpointError, ValueError: it cannot be read, or has other graphs than the bundle.
    """
    model = load_checkpoint(checkpoint)[0].requires_grad_(False)
    graphs = {graph.name: graph for graph in declare(model)}
    for name, spec in bundle.graphs.items():
        if {tensor.name for tensor in spec.outputs} != set(graphs[name].outputs):
            raise ValueError(f"graph {name} of the bundle has other outputs than {checkpoint}: export it again")
    return {name: TorchEngine(_compiled(graph) if compiled else graph) for name, graph in graphs.items()}


def _compiled(graph: Graph) -> Graph:
    module: Any = torch.compile(graph.module, dynamic=False)
    return replace(graph, module=module)
