"""Rewritings that every exported graph passes: one form of product, no traces of the exporter, no dead tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import helper, numpy_helper

Array = npt.NDArray[Any]


def tidy(model: Any) -> None:
    """Products as MatMul and Add, so that all forms of a graph share their weights; no metadata; nothing unused."""
    products_as_matmul(model)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]  # ONNX Runtime infers them anew
    drop_unused(model)


def initializers(model: Any) -> dict[str, Array]:
    """All constant tensors by name."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def rename_ends(model: Any, names: dict[str, str]) -> None:
    """Give inputs and outputs their names; a tensor inside that has one of these gets another."""
    inside = {name for node in model.graph.node for name in node.output} | set(initializers(model))
    clashing = inside & set(names.values()) - set(names)
    every = {name: f"{name}.inside" for name in clashing} | names
    for node in model.graph.node:
        node.input[:] = [every.get(name, name) for name in node.input]
        node.output[:] = [every.get(name, name) for name in node.output]
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer, *model.graph.value_info):
        value.name = every.get(value.name, value.name)


def replace_nodes(model: Any, nodes: list[Any]) -> None:
    """Put `nodes` in the place of the graph's own."""
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def add_constant(model: Any, name: str, value: Any) -> str:
    """Add a constant tensor, once; returns its name."""
    if all(tensor.name != name for tensor in model.graph.initializer):
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    return name


def products_as_matmul(model: Any) -> None:
    """Gemm with a constant matrix becomes MatMul (and Add): matrices lie as (in, out) in every form."""
    constants = initializers(model)
    nodes: list[Any] = []
    for node in model.graph.node:
        if node.op_type == "Gemm" and node.input[1] in constants and _is_plain(node):
            nodes += _as_matmul(model, node, constants[node.input[1]])
        else:
            nodes.append(node)
    replace_nodes(model, nodes)


def _attributes(node: Any) -> dict[str, Any]:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _is_plain(node: Any) -> bool:
    given = {"alpha": 1.0, "beta": 1.0, "transA": 0} | _attributes(node)
    return bool(given["alpha"] == 1 and given["beta"] == 1 and not given["transA"])


def _as_matmul(model: Any, node: Any, weight: Array) -> list[Any]:
    name = node.input[1]
    if _attributes(node).get("transB"):
        name = add_constant(model, f"{name}.T", np.ascontiguousarray(weight.T))
    if len(node.input) < 3:
        return [helper.make_node("MatMul", [node.input[0], name], [node.output[0]], name=node.name)]
    product = f"{node.output[0]}.product"
    return [
        helper.make_node("MatMul", [node.input[0], name], [product], name=node.name),
        helper.make_node("Add", [product, node.input[2]], [node.output[0]], name=f"{node.name}.add"),
    ]


def drop_unused(model: Any) -> None:
    """Remove constants that no node reads."""
    read = {name for node in model.graph.node for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in read]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
