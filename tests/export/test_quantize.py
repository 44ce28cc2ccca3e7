"""int8 products: close to the whole ones, row by row, from weights that are stored once."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from export_makers import ProductMaker, Run

from stereosync_export.quantize import BLOCK, SMALLEST, quantizable, quantize
from stereosync_export.weights import FILE, WeightStore, share_weights

RNG = np.random.default_rng(0)


def weight(rows: int, columns: int) -> np.ndarray[Any, Any]:
    return (RNG.standard_normal((rows, columns)) / np.sqrt(rows)).astype(np.float16).astype(np.float32)


@pytest.mark.parametrize("rows", [96, 100])  # whole blocks, and a block that is short
def test_an_int8_product_is_close_and_needs_no_weights_of_its_own(
    product: ProductMaker, run: Run, tmp_path: Path, rows: int
) -> None:
    matrix = weight(rows, 64)
    model, store = product(matrix), WeightStore(tmp_path / FILE)
    share_weights(product(matrix), store)
    size = store.path.stat().st_size
    x = RNG.standard_normal((5, rows)).astype(np.float32)
    assert quantizable(model)
    quantize(model)
    share_weights(model, store)
    assert store.path.stat().st_size == size
    (made,) = run(model, tmp_path, x=x)
    true = x @ matrix
    error = np.abs(made - true).max() / np.abs(true).max()
    assert 1e-5 < error < 2e-2


def test_a_row_does_not_depend_on_its_batch(product: ProductMaker, run: Run) -> None:
    model = product(weight(128, 64))
    quantize(model)
    x = RNG.standard_normal((4, 128)).astype(np.float32) * np.array([[0.01], [1], [100], [3]], np.float32)
    (together,) = run(model, x=x)
    for index in range(4):
        (alone,) = run(model, x=x[index : index + 1])
        np.testing.assert_array_equal(together[index : index + 1], alone)


def test_small_products_stay_as_they_are(product: ProductMaker) -> None:
    model = product(weight(BLOCK, SMALLEST // BLOCK - 1))
    before = model.SerializeToString()
    assert not quantizable(model)
    quantize(model)
    assert model.SerializeToString() == before


def test_a_block_of_zeros_is_no_division_by_zero(product: ProductMaker, run: Run) -> None:
    matrix = weight(128, 64)
    matrix[:BLOCK] = 0
    model = product(matrix)
    quantize(model)
    onnx.checker.check_model(model)
    assert np.isfinite(run(model, x=np.ones((1, 128), np.float32))[0]).all()
