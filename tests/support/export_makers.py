"""What the fixtures of the export's tests are: the trace that remembers, small graphs, and what computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import onnx

from stereosync_export.graphs import Graph

Array = npt.NDArray[Any]


class Trace(Protocol):
    """The fixture `traced`: `to_onnx.trace`, which remembers."""

    def __call__(self, graph: Graph, opset: int, trimmed: bool = False) -> onnx.ModelProto: ...


class ProductMaker(Protocol):
    """The fixture `product`: x @ weight as a model; `transposed`: as a Gemm that reads the weight the other way round,
    and adds one."""

    def __call__(self, weight: npt.NDArray[np.float32], transposed: bool = False) -> onnx.ModelProto: ...


class Run(Protocol):
    """The fixture `run`: outputs of a model; with `folder` it is saved there first, beside its weights."""

    def __call__(self, model: onnx.ModelProto, folder: Path | None = None, **inputs: Array) -> list[Array]: ...
