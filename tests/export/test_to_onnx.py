"""Weights stored as half: only where nothing is lost, and nothing that is computed changes."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from stereosync_export.to_onnx import SMALL_TENSOR, store_as_half

ROWS = 64


def product(weight: np.ndarray) -> onnx.ModelProto:
    """x @ weight as an ONNX model."""
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMul", ["x", "weight"], ["y"])],
        "product",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, weight.shape[0]])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1, weight.shape[1]])],
        [numpy_helper.from_array(weight, "weight")],
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 20)], ir_version=10)


def run(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    made: np.ndarray = session.run(None, {"x": x})[0]
    return made


@pytest.mark.parametrize(
    ("columns", "exact", "dtype"),
    [
        (32, True, onnx.TensorProto.FLOAT16),
        (32, False, onnx.TensorProto.FLOAT),
        (SMALL_TENSOR // ROWS - 1, True, onnx.TensorProto.FLOAT),
    ],
)
def test_storing_as_half_is_exact(columns: int, exact: bool, dtype: int) -> None:
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((ROWS, columns)).astype(np.float32)
    if exact:
        weight = weight.astype(np.float16).astype(np.float32)
    x = rng.standard_normal((1, ROWS)).astype(np.float32)
    model = product(weight)
    before = run(model, x)
    store_as_half(model)
    assert [initializer.data_type for initializer in model.graph.initializer] == [dtype]
    np.testing.assert_array_equal(run(model, x), before)


def test_a_value_that_half_cannot_hold_stays_whole() -> None:
    weight = np.ones((ROWS, 32), np.float32)
    weight[3, 4] = 1e6
    model = product(weight)
    store_as_half(model)
    assert model.graph.initializer[0].data_type == onnx.TensorProto.FLOAT
