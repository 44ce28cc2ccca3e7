"""PyTorch behind the runtime's interface of a runner, so that the very same pipeline runs on it: eager, or compiled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from stereosync.bundle import Bundle
from stereosync_export.graphs import Graph, declare
from stereosync_export.parity.runners import TorchRunner
from stereosync_model.checkpoint import load_checkpoint


def torch_runners(checkpoint: Path, bundle: Bundle, compiled: bool) -> dict[str, TorchRunner]:
    """Runners of a checkpoint's own modules.

    Raises:
        CheckpointError, ValueError: it cannot be read, or has other graphs than the bundle.
    """
    model = load_checkpoint(checkpoint)[0].requires_grad_(False)
    graphs = {graph.name: graph for graph in declare(model)}
    for name, spec in bundle.graphs.items():
        if {tensor.name for tensor in spec.outputs} != set(graphs[name].outputs):
            raise ValueError(f"graph {name} of the bundle has other outputs than {checkpoint}: export it again")
    return {
        name: TorchRunner(_compiled(graph) if compiled else graph, bundle.graphs[name])
        for name, graph in graphs.items()
    }


def _compiled(graph: Graph) -> Graph:
    module: Any = torch.compile(graph.module, dynamic=False)
    return replace(graph, module=module)
