"""The step contract (docs/own-model.md), checked on an adapter's graphs before anything is traced."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import torch
from torch import Tensor

from stereosync.bundle_spec import GRAPHS
from stereosync_export.adapter import AdapterError
from stereosync_export.graphs import Graph

DTYPES = (torch.float32, torch.uint8, torch.int32, torch.int64, torch.bool)
RULE = "see the step contract in docs/own-model.md"


def check_graphs(graphs: Sequence[Graph]) -> None:
    """Refuse graphs that cannot be steps of a bundle.

    Raises:
        AdapterError: names the graph and the tensor.
    """
    names = [graph.name for graph in graphs]
    if sorted(names) != sorted(GRAPHS):
        raise AdapterError(f"the adapter gives the graphs {names}; give {', '.join(GRAPHS)}, each once")
    for graph in graphs:
        _check_tensors(graph, graph.inputs, 1)
        _check_order(graph)
        made = _made(graph, 1)
        _check_tensors(graph, made, 1)
        _check_states(graph, made)
        if graph.batched:
            _check_tensors(graph, _made(graph, 2), 2)


def _check_tensors(graph: Graph, tensors: dict[str, Tensor], streams: int) -> None:
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise AdapterError(f"graph {graph.name}: {name} is a {type(value).__name__}, not a tensor; {RULE}")
        if value.dtype not in DTYPES:
            raise AdapterError(f"graph {graph.name}: {name} is {value.dtype}: make it torch.float32; {RULE}")
        if value.ndim == 0 or value.shape[0] != streams:
            raise AdapterError(
                f"graph {graph.name}: {name} has the shape {tuple(value.shape)} for {streams} streams: streams are the "
                f"first dimension, also of states; {RULE}"
            )


def _check_order(graph: Graph) -> None:
    """Inputs of one shape in the wrong order would run."""
    given, taken = list(graph.inputs), list(inspect.signature(graph.module.forward).parameters)
    if given != taken and sorted(given) == sorted(taken):
        raise AdapterError(
            f"graph {graph.name}: its inputs are {', '.join(given)}, and `forward` takes {', '.join(taken)}: name them "
            f"in the order of `forward`; {RULE}"
        )


def _made(graph: Graph, streams: int) -> dict[str, Tensor]:
    inputs = {name: torch.cat([value] * streams) for name, value in graph.inputs.items()}
    try:
        with torch.no_grad():
            made = graph.module.eval()(*inputs.values())
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        shapes = ", ".join(f"{name} {tuple(value.shape)}" for name, value in inputs.items())
        first = (str(error).splitlines() or [""])[0]
        raise AdapterError(
            f"graph {graph.name} does not take {streams} streams of {shapes} ({first}): name its inputs in the order "
            f"of `forward`, streams as the first dimension; {RULE}"
        ) from error
    made = made if isinstance(made, tuple) else (made,)
    if len(made) != len(graph.outputs):
        raise AdapterError(
            f"graph {graph.name} gives {len(made)} tensors and names {len(graph.outputs)} outputs "
            f"({', '.join(graph.outputs)}): name each once; {RULE}"
        )
    return dict(zip(graph.outputs, made, strict=True))


def _check_states(graph: Graph, made: dict[str, Tensor]) -> None:
    for before, after in graph.states:
        if before not in graph.inputs or after not in made:
            raise AdapterError(
                f"graph {graph.name}: the state {before!r} becomes {after!r}, and one is no tensor of it; {RULE}"
            )
        old, new = graph.inputs[before], made[after]
        if (old.shape, old.dtype) != (new.shape, new.dtype):
            raise AdapterError(
                f"graph {graph.name}: the state {before} is {old.dtype} {tuple(old.shape)} and becomes {after}, "
                f"{new.dtype} {tuple(new.shape)}: a state keeps its shape; {RULE}"
            )
