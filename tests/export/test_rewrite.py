"""Products in one form, nothing unused: what is computed stays."""

import numpy as np
import onnx
from export_makers import ProductMaker, Run

from stereosync_export.rewrite import add_constant, tidy


def test_a_gemm_becomes_a_product_and_a_sum_with_its_matrix_turned(product: ProductMaker, run: Run) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 8)).astype(np.float32)
    model = product(rng.standard_normal((5, 8)).astype(np.float32), transposed=True)
    (before,) = run(model, x=x)
    tidy(model)
    assert [node.op_type for node in model.graph.node] == ["MatMul", "Add"]
    assert {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer} == {"weight.T": (8, 5), "one": (5,)}
    np.testing.assert_allclose(run(model, x=x)[0], before, rtol=1e-6)


def test_constants_are_added_once_and_dropped_when_nothing_reads_them(product: ProductMaker) -> None:
    model = product(np.ones((8, 5), np.float32))
    assert add_constant(model, "two", np.float32(2)) == add_constant(model, "two", np.float32(2))
    assert len(model.graph.initializer) == 2
    tidy(model)
    assert [tensor.name for tensor in model.graph.initializer] == ["weight"]
    onnx.checker.check_model(model)
