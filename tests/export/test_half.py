"""fp16: what prepares the inputs stays whole, and so do inputs, outputs and what overflows."""

import numpy as np
import onnx
from export_makers import Run

from stereosync_export.half import before_products, halve

TEXT = """
<ir_version: 10, opset_import: ["": 20]>
graph (float[batch, 2] x) => (float[batch, 1] difference, float[batch, 4] y)
<float[2, 4] weight = {1, 2, 3, 4, 5, 6, 7, 8}, int64[1] zero = {0}, int64[1] one = {1},
 int64[1] two = {2}, float hundred = {100}>
{
  left = Slice (x, zero, one, one)
  right = Slice (x, one, two, one)
  difference = Sub (left, right)
  big = Mul (x, hundred)
  made = MatMul (big, weight)
  squared = Pow (made, hundred2)
  y = Sqrt (squared)
}
"""


def model() -> onnx.ModelProto:
    text = TEXT.replace(
        "squared = Pow (made, hundred2)", "power = Constant <value_float = 2.0> ()\n  squared = Pow (made, power)"
    )
    return onnx.parser.parse_model(text)


def test_a_small_difference_of_large_inputs_is_not_drowned(run: Run) -> None:
    x = np.array([[1000.25, 1000.0]], np.float32)
    difference, _ = run(halve(model()), x=x)
    assert difference[0, 0] == 0.25
    assert np.float16(1000.25) - np.float16(1000) != 0.25


def test_squares_that_no_half_can_hold_stay_finite(run: Run) -> None:
    x = np.array([[1.0, 1.0]], np.float32)
    _, made = run(halve(model()), x=x)
    np.testing.assert_allclose(made, [[600, 800, 1000, 1200]], rtol=2e-3)


def test_only_nodes_before_any_product_prepare() -> None:
    names = before_products(model())
    assert len(names) == 5  # two slices, their difference, the scale, and a constant
    assert len(set(names)) == 5


def test_products_are_in_half_precision() -> None:
    halved = halve(model())
    weight = next(tensor for tensor in halved.graph.initializer if tensor.name == "weight")
    assert weight.data_type == onnx.TensorProto.FLOAT16
    assert all(value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT for value in halved.graph.output)
