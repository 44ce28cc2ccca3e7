"""Pooled graphs: each row of the batch goes on from its own row of the pool, and no other row changes."""

from typing import Any

import numpy as np
import onnx
import pytest
from export_makers import Run

from stereosync_export.pooled import pool_states

TEXT = """
<ir_version: 10, opset_import: ["": 20]>
graph (float[batch, 3] x, float[batch, 3] memory) => (float[batch, 3] y, float[batch, 3] next_memory)
{
  next_memory = Add (x, memory)
  y = Neg (next_memory)
}
"""


@pytest.fixture
def pooled() -> onnx.ModelProto:
    model = onnx.parser.parse_model(TEXT)
    pool_states(model, (("memory", "next_memory"),))
    onnx.checker.check_model(model, full_check=True)
    return model


def test_inputs_and_outputs_are_those_of_the_bundle_contract(pooled: onnx.ModelProto) -> None:
    def shape(value: Any) -> list[Any]:
        return [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]

    assert {value.name: shape(value) for value in pooled.graph.input} == {
        "x": ["batch", 3],
        "pool_memory": ["pool", 3],
        "slots": ["batch"],
        "fresh": ["batch"],
    }
    assert {value.name: shape(value) for value in pooled.graph.output} == {
        "y": ["batch", 3],
        "next_pool_memory": ["pool", 3],
    }


def test_rows_go_on_from_their_slots_and_fresh_ones_from_zero(pooled: onnx.ModelProto, run: Run) -> None:
    pool = np.arange(15, dtype=np.float32).reshape(5, 3)
    pool[4] = np.nan  # what a fresh row finds there must not matter
    x = np.full((2, 3), 100, np.float32)
    y, following = run(pooled, x=x, pool_memory=pool, slots=np.array([3, 4]), fresh=np.array([False, True]))
    np.testing.assert_array_equal(-y, [[109, 110, 111], [100, 100, 100]])
    np.testing.assert_array_equal(following[3:], -y)
    np.testing.assert_array_equal(following[:3], pool[:3])
