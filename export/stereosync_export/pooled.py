"""Pooled graphs: states stay where the graph runs, and each row of a batch says which row of the pool is its own.

State would else travel to the device and back with every run: most of a megabyte for each session.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper

from stereosync.bundle_spec import BATCH, POOL
from stereosync_export.rewrite import add_constant, replace_nodes

States = tuple[tuple[str, str], ...]  # input and the output that replaces it


def pool_states(model: Any, states: States) -> None:
    """Replace each state of the graph by its pool (`core/stereosync/bundle_spec.py`, GraphForm)."""
    graph = model.graph
    inputs = {value.name: value for value in graph.input}
    before: list[Any] = [helper.make_node("Unsqueeze", ["slots", _axes(model, (1,))], ["slots.column"])]
    after: list[Any] = []
    for taken, replaced in states:
        shape = [dim.dim_value for dim in inputs[taken].type.tensor_type.shape.dim]
        before += _gathered(model, taken, len(shape))
        after.append(helper.make_node("ScatterND", [f"pool_{taken}", "slots.column", replaced], [f"next_pool_{taken}"]))
        _swap(graph.input, taken, _pool(f"pool_{taken}", shape))
        _swap(graph.output, replaced, _pool(f"next_pool_{taken}", shape))
    graph.input.append(helper.make_tensor_value_info("slots", TensorProto.INT64, [BATCH]))
    graph.input.append(helper.make_tensor_value_info("fresh", TensorProto.BOOL, [BATCH]))
    replace_nodes(model, [*before, *graph.node, *after])


def _gathered(model: Any, state: str, rank: int) -> list[Any]:
    """Nodes that give the batch's own rows of the pool, or zeros where a row is fresh."""
    zero = add_constant(model, "zero", np.float32(0))
    axes = _axes(model, tuple(range(1, rank)))
    return [
        helper.make_node("Gather", [f"pool_{state}", "slots"], [f"{state}.kept"], axis=0),
        helper.make_node("Unsqueeze", ["fresh", axes], [f"{state}.fresh"]),
        helper.make_node("Where", [f"{state}.fresh", zero, f"{state}.kept"], [state]),
    ]


def _axes(model: Any, axes: tuple[int, ...]) -> str:
    return add_constant(model, "axes " + " ".join(map(str, axes)), np.array(axes, np.int64))


def _pool(name: str, shape: list[int]) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [POOL, *shape[1:]])


def _swap(values: Any, name: str, value: Any) -> None:
    """Replace the graph's input or output of that name, in its place."""
    kept = [value if one.name == name else one for one in values]
    del values[:]
    values.extend(kept)
