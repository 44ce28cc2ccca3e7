"""PyTorch graph to ONNX files: traced once per opset, then rewritten into each form that an engine wants."""

from __future__ import annotations

import copy
import logging
import warnings
from typing import Any

import torch

from stereosync.bundle_spec import BATCH
from stereosync_export.forms import FUSED, Form
from stereosync_export.graphs import Graph
from stereosync_export.half import halve
from stereosync_export.pooled import pool_states
from stereosync_export.quantize import quantizable, quantize
from stereosync_export.rewrite import tidy

IR_VERSION = 10  # what goes with opset 20 to 23, and what engines in use can read
LARGEST_BATCH = 4096


class Traces:
    """A graph's ONNX models by opset, traced when first asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._models: dict[int, Any] = {}

    def at(self, opset: int) -> Any:
        """A copy of the model in `opset`."""
        if opset not in self._models:
            self._models[opset] = trace(self.graph, opset)
        return copy.deepcopy(self._models[opset])

    def fuses(self, opset: int) -> bool:
        """Whether `opset` has a fused operator for this graph."""
        return any(node.op_type == FUSED for node in self.at(opset).graph.node)

    def quantizes(self, opset: int) -> bool:
        """Whether int8 would change anything."""
        return quantizable(self.at(opset))

    def form(self, form: Form) -> Any:
        """The model in that form, its weights still inside."""
        model = self.at(form.opset)
        if form.precision == "int8":
            quantize(model)
        if form.pooled:
            pool_states(model, self.graph.states)
        if form.precision == "fp16":
            model = halve(model)
        return model


def trace(graph: Graph, opset: int) -> Any:
    """The graph in ONNX with a free batch dimension, tidy."""
    examples = tuple(graph.inputs.values())
    batch: Any = None
    if graph.batched:
        # Sizes of one would be taken for constants
        examples = tuple(torch.cat([value, value]) for value in examples)
        batch = tuple({0: torch.export.Dim(BATCH, max=LARGEST_BATCH)} for _ in examples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            graph.module.eval(),
            examples,
            dynamo=True,
            opset_version=opset,
            input_names=list(graph.inputs),
            output_names=list(graph.outputs),
            dynamic_shapes=batch,
            optimize=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    model.ir_version = IR_VERSION
    simplified = _slim(model)
    tidy(simplified)
    return simplified


def _slim(model: Any) -> Any:
    """Constants folded, shapes that are known written down."""
    import onnxslim

    return onnxslim.slim(model)
