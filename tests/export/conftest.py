"""Bundles of the tiny model in the other precisions; small graphs by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from export_makers import Array, ProductMaker, Run, Trace

from stereosync.bundle import Bundle, read_bundle
from stereosync_export import to_onnx
from stereosync_export.adapter import CheckpointAdapter
from stereosync_export.build import ExportOptions, build_bundle
from stereosync_model.model import Model

STREAM_S = 0.5


@pytest.fixture(scope="session")
def bundles(
    tiny_model: Model, tiny_bundle: Path, traced: Trace, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Bundle]:
    """`bundles(precision)`: the tiny model's bundle with that precision, made when first asked for."""
    made = {"fp32": read_bundle(tiny_bundle)}

    def bundle(precision: str) -> Bundle:
        if precision not in made:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(to_onnx, "trace", traced)
                folder = tmp_path_factory.mktemp(precision) / precision
                options = ExportOptions((precision,), stream_s=STREAM_S, only_if_faster=False)
                made[precision] = build_bundle(CheckpointAdapter(tiny_model), folder, options, say=lambda _: None)
        return made[precision]

    return bundle


def _product(weight: npt.NDArray[np.float32], transposed: bool = False) -> onnx.ModelProto:
    """x @ weight as an ONNX model; `transposed`: as a Gemm that reads the weight the other way round, and adds one."""
    columns = weight.shape[0] if transposed else weight.shape[1]
    rows = weight.shape[1] if transposed else weight.shape[0]
    one = onnx.numpy_helper.from_array(np.ones(columns, np.float32), "one")
    node = (
        onnx.helper.make_node("Gemm", ["x", "weight", "one"], ["y"], transB=1, name="gemm")
        if transposed
        else onnx.helper.make_node("MatMul", ["x", "weight"], ["y"], name="product")
    )
    graph = onnx.helper.make_graph(
        [node],
        "product",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["batch", rows])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["batch", columns])],
        [onnx.numpy_helper.from_array(weight, "weight"), *([one] if transposed else [])],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=10)


def _run(model: onnx.ModelProto, folder: Path | None = None, **inputs: Array) -> list[Array]:
    """Outputs of a model; with `folder` it is saved there first, beside its weights."""
    import onnxruntime

    source: Any = model.SerializeToString()
    if folder is not None:
        onnx.save(model, folder / "model.onnx")
        source = folder / "model.onnx"
    session = onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])
    made: list[Array] = session.run(None, inputs)
    return made


@pytest.fixture(scope="session")
def product() -> ProductMaker:
    """`product(weight, transposed=False)`: a model of one product."""
    return _product


@pytest.fixture(scope="session")
def run() -> Run:
    """`run(model, folder=None, x=...)`: what it computes."""
    return _run
