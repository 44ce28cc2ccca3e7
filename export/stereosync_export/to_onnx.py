"""PyTorch graph to ONNX files: traced once per opset, then rewritten into each form that a device wants."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from stereosync.bundle_spec import BATCH, CHARACTERS
from stereosync_export.adapter import AdapterError
from stereosync_export.forms import FUSED, ExportForm
from stereosync_export.graphs import Graph
from stereosync_export.half import halve
from stereosync_export.pooled import pool_states
from stereosync_export.quantize import quantizable, quantize
from stereosync_export.rewrite import rename_ends, tidy

IR_VERSION = 10  # what goes with opset 20 to 23, and what runtimes in use can read
LARGEST_BATCH = 4096


class Traces:
    """A graph's ONNX models by opset, traced when first asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._models: dict[tuple[int, bool], Any] = {}

    def at(self, opset: int, trimmed: bool = False) -> Any:
        """A copy of the model in `opset`."""
        if (opset, trimmed) not in self._models:
            self._models[opset, trimmed] = trace(self.graph, opset, trimmed)
        return copy.deepcopy(self._models[opset, trimmed])

    def fuses(self, opset: int) -> bool:
        """True if `opset` has a fused operator for this graph."""
        return any(node.op_type == FUSED for node in self.at(opset).graph.node)

    def quantizes(self, opset: int) -> bool:
        """True if int8 would change anything."""
        return quantizable(self.at(opset))

    def form(self, form: ExportForm) -> Any:
        """The model in that form, its weights still inside."""
        model = self.at(form.opset, form.trimmed)
        if form.precision == "int8":
            quantize(model)
        if form.pooled:
            pool_states(model, self.graph.states)
        if form.precision == "fp16":
            model = halve(model)
        return model


def trace(graph: Graph, opset: int, trimmed: bool = False) -> Any:
    """The graph in ONNX with a free batch dimension, and a free one of characters where asked for; tidy.

    Raises:
        AdapterError: torch cannot trace it, or not in that opset.
    """
    examples = tuple(graph.inputs.values())
    free: Any = None
    if graph.batched:
        # Sizes of one would be taken for constants
        examples = tuple(torch.cat([value, value]) for value in examples)
        free = tuple({0: torch.export.Dim(BATCH, max=LARGEST_BATCH)} for _ in examples)
    if trimmed:
        examples, free = _trimmed(graph, examples, free)
    inputs = {f"graph_input_{number}": name for number, name in enumerate(graph.inputs)}
    outputs = {f"graph_output_{number}": name for number, name in enumerate(graph.outputs)}
    with warnings.catch_warnings(), _untraced(graph, opset):
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            graph.module.eval(),
            examples,
            dynamo=True,
            opset_version=opset,
            input_names=list(inputs),  # names of their own: one like an operator's would meet that operator's
            output_names=list(outputs),
            dynamic_shapes=free,
            optimize=True,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    model.ir_version = IR_VERSION
    _check_opset(graph, model, opset)
    simplified = _slim(model)
    rename_ends(simplified, inputs | outputs)
    tidy(simplified)
    return simplified


@contextmanager
def _untraced(graph: Graph, opset: int) -> Iterator[None]:
    """Torch's words for a module that it cannot trace, in one sentence."""
    try:
        yield
    except (torch.onnx.errors.OnnxExporterError, RecursionError) as error:
        cause = error.__cause__ or error
        first = next((line for line in str(cause).splitlines() if line.strip()), type(cause).__name__)
        raise AdapterError(
            f"graph {graph.name} cannot be traced in opset {opset} ({first.strip()}): use operations that "
            "torch.onnx.export takes, without branches that depend on values"
        ) from error


def _check_opset(graph: Graph, model: Any, opset: int) -> None:
    made = next(one.version for one in model.opset_import if one.domain in ("", "ai.onnx"))
    if made != opset:
        raise AdapterError(f"graph {graph.name} cannot be had in opset {opset}, only in {made}: give --opset {made}")


def _trimmed(graph: Graph, examples: tuple[Tensor, ...], free: Any) -> tuple[tuple[Tensor, ...], Any]:
    """Examples with two characters, and their number free."""
    some = 2
    slots = min(graph.inputs[name].shape[1] for name in graph.trimmed)
    characters = torch.export.Dim(CHARACTERS, max=slots - 1)  # with all slots the module takes another way
    shorter = tuple(
        value[:, :some] if name in graph.trimmed else value for name, value in zip(graph.inputs, examples, strict=True)
    )
    dims = tuple(
        {**dim, 1: characters} if name in graph.trimmed else dim for name, dim in zip(graph.inputs, free, strict=True)
    )
    return shorter, dims


def _slim(model: Any) -> Any:
    """Constants folded, shapes that are known written down."""
    import onnxslim

    return onnxslim.slim(model)
