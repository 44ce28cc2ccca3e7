"""fp16: half precision between float32 inputs and outputs, with islands of float32 where halves overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from stereosync_export.rewrite import replace_nodes

# Sums of squares, exponentials and quotients leave the range of a half; so do scores of what may not be seen.
ISLANDS = ("Sin", "Cos", "Exp", "Log", "Pow", "Sqrt", "Div", "Reciprocal", "Softmax", "LayerNormalization", "ReduceSum")
PRODUCTS = ("MatMul", "Gemm", "Conv", "Attention")
SMALLEST_HALF = 2.0**-24  # what is below half of it rounds to zero


def halve(model: Any) -> Any:
    """The graph in half precision; states, inputs and outputs stay float32."""
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    _flush_to_zero(model)  # the converter would round up instead
    early = before_products(model)
    made = convert_float_to_float16(
        onnx.shape_inference.infer_shapes(model),
        keep_io_types=True,
        op_block_list=list(ISLANDS),
        node_block_list=early,
        disable_shape_infer=True,
        min_positive_val=SMALLEST_HALF,
    )
    del made.graph.value_info[:]
    _undo_round_trips(made)
    OnnxModel(made).topological_sort()
    return made


def _undo_round_trips(model: Any) -> None:
    """The converter casts every input to half and, for the islands, back: what is exact must not pass a half."""
    halves = {
        node.output[0]: node.input[0]
        for node in model.graph.node
        if node.op_type == "Cast" and _target(node) == TensorProto.FLOAT16
    }
    whole = {
        node.output[0]: halves[node.input[0]]
        for node in model.graph.node
        if node.op_type == "Cast" and _target(node) == TensorProto.FLOAT and node.input[0] in halves
    }
    kept = {value.name for value in model.graph.output}
    for node in model.graph.node:
        for position, name in enumerate(node.input):
            if name in whole:
                node.input[position] = whole[name]
    read = kept | {name for node in model.graph.node for name in node.input}
    nodes = [node for node in model.graph.node if read & set(node.output)]
    passed = {name for name in whole if name in kept}
    replace_nodes(model, [_identity(node, whole) if node.output[0] in passed else node for node in nodes])


def _identity(cast: Any, whole: dict[str, str]) -> Any:
    """A node that gives an output the tensor that the round trip began with."""
    return helper.make_node("Identity", [whole[cast.output[0]]], [cast.output[0]], name=cast.name)


def _target(cast: Any) -> int:
    return int(cast.attribute[0].i)


def before_products(model: Any) -> list[str]:
    """Names of the nodes that prepare what is given, before any product: differences of large numbers are small ones,
    and a half would drown them."""
    learned: set[str] = set()  # tensors that a product has gone into
    early = []
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node {number}"
        if node.op_type in PRODUCTS or learned & set(node.input):
            learned |= set(node.output)
        else:
            early.append(node.name)
    return early


def _flush_to_zero(model: Any) -> None:
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            values = numpy_helper.to_array(tensor)
            flushed = np.where(np.abs(values) <= SMALLEST_HALF / 2, np.copysign(np.float32(0), values), values)
            tensor.CopyFrom(numpy_helper.from_array(flushed, tensor.name))
