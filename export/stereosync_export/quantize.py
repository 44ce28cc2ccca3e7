"""int8 on the CPU: products with weights of 8 bits in blocks of 32, activations quantized block by block as they come.

ONNX Runtime's MatMulNBits. A row of a batch is quantized by itself, so that one session's sound never depends on who
else is served; `DynamicQuantizeLinear`, which takes one scale for a whole tensor, would mix them. The quantized weights
are not stored: nodes compute them from the bundle's shared weights, and the runtime folds those nodes once, at load.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper

from stereosync_export.rewrite import Array, add_constant, drop_unused, initializers, replace_nodes

BLOCK = 32  # weights that share a scale
SMALLEST = 4096  # weights; a smaller product is not worth it
INT8_ACTIVATIONS = 4  # "accuracy level" of the operator: activations in int8
LARGEST, ZERO_POINT = 127.0, 128.0
DOMAIN = "com.microsoft"


def quantizable(model: Any) -> bool:
    """True if there is a product that is worth it."""
    constants = initializers(model)
    return any(_weight(node, constants) is not None for node in model.graph.node)


def _weight(node: Any, constants: dict[str, Array]) -> Array | None:
    """The constant matrix of a product that is worth it."""
    weight = constants.get(node.input[1]) if node.op_type == "MatMul" else None
    return weight if weight is not None and weight.ndim == 2 and weight.size >= SMALLEST else None


def quantize(model: Any) -> None:
    """Turn the graph's products with constant matrices into int8 ones."""
    constants = initializers(model)
    nodes: list[Any] = []
    made: set[str] = set()
    for node in model.graph.node:
        weight = _weight(node, constants)
        if weight is None:
            nodes.append(node)
            continue
        if node.input[1] not in made:
            nodes += _quantized(model, node.input[1], *weight.shape)
            made.add(node.input[1])
        nodes.append(_product(node, *weight.shape))
    replace_nodes(model, nodes)
    drop_unused(model)
    if made:
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))


def _product(node: Any, rows: int, columns: int) -> Any:
    weight = node.input[1]
    return helper.make_node(
        "MatMulNBits",
        [node.input[0], f"{weight}.int8", f"{weight}.scale"],
        list(node.output),
        name=node.name,
        domain=DOMAIN,
        K=rows,
        N=columns,
        bits=8,
        block_size=BLOCK,
        accuracy_level=INT8_ACTIVATIONS,
    )


def _quantized(model: Any, weight: str, rows: int, columns: int) -> list[Any]:
    """Nodes that make of `weight` (rows, columns) what the operator reads: `weight`.int8 (columns, blocks, BLOCK) uint8
    and `weight`.scale (columns, blocks)."""
    blocks = -(-rows // BLOCK)
    short = blocks * BLOCK - rows
    shape = add_constant(model, f"shape {columns} {blocks} {BLOCK}", np.array([columns, blocks, BLOCK], np.int64))
    flat = add_constant(model, f"shape {columns} {blocks}", np.array([columns, blocks], np.int64))
    pads = add_constant(model, f"pads {short}", np.array([0, 0, 0, short], np.int64))
    inside = add_constant(model, "axis inside a block", np.array([2], np.int64))
    largest, zero_point, least = (
        add_constant(model, f"number {value}", np.float32(value)) for value in (LARGEST, ZERO_POINT, 1e-12)
    )
    names = {part: f"{weight}.{part}" for part in ("t", "padded", "blocks", "size", "peak", "step", "steps", "whole")}
    chain: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Transpose", [weight], names["t"], {"perm": [1, 0]}),
        ("Pad", [names["t"], pads], names["padded"], {}),
        ("Reshape", [names["padded"], shape], names["blocks"], {}),
        ("Abs", [names["blocks"]], names["size"], {}),
        ("ReduceMax", [names["size"], inside], f"{weight}.high", {"keepdims": 1}),
        ("Max", [f"{weight}.high", least], names["peak"], {}),
        ("Div", [names["peak"], largest], names["step"], {}),
        ("Div", [names["blocks"], names["step"]], names["steps"], {}),
        ("Round", [names["steps"]], names["whole"], {}),
        ("Add", [names["whole"], zero_point], f"{weight}.shifted", {}),
        ("Cast", [f"{weight}.shifted"], f"{weight}.int8", {"to": TensorProto.UINT8}),
        ("Reshape", [names["step"], flat], f"{weight}.scale", {}),
    ]
    return [helper.make_node(kind, given, [made], name=made, **more) for kind, given, made, more in chain]
