"""PyTorch graph to ONNX file, with the precision it is to run or be stored in."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from stereosync_export.graphs import Graph

OPSET = 20
PRECISIONS = ("fp32", "fp16", "int8")
SMALL_TENSOR = 1024  # values; smaller ones are not worth a Cast


def export_graph(graph: Graph, path: Path, precision: str) -> None:
    """Write `graph` to `path`. fp32 computes in float32 from weights stored as float16 where that loses nothing."""
    model = _to_onnx(graph)
    if precision == "fp16":
        model = _half(model)
    elif precision == "fp32":
        store_as_half(model)
    onnx.save(model, path)
    if precision == "int8":
        _quantize(path)


def _to_onnx(graph: Graph) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            graph.module.eval(),
            tuple(graph.inputs.values()),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            optimize=True,
            verbose=False,
        )
    assert program is not None
    return program.model_proto


def store_as_half(model: Any) -> None:
    """Store large float32 weights as float16 behind a Cast where that is exact; an engine unfolds them once at load."""
    graph = model.graph
    casts = []
    for initializer in graph.initializer:
        if initializer.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(initializer)
        with np.errstate(over="ignore"):  # what does not fit becomes infinite, and stays as it is
            half = values.astype(np.float16)
        if values.size < SMALL_TENSOR or not np.array_equal(half.astype(np.float32), values):
            continue
        name = initializer.name
        initializer.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _half(model: Any) -> Any:
    from onnxruntime.transformers.float16 import convert_float_to_float16

    return convert_float_to_float16(model, keep_io_types=True, op_block_list=["Sin", "Cos", "Exp", "Softmax"])


def _quantize(path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            quantize_dynamic(
                path,
                path,
                op_types_to_quantize=["MatMul", "Gemm"],
                per_channel=True,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True},
            )
        finally:
            logging.disable(logging.NOTSET)
