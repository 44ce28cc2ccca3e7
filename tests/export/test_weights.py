"""Shared weights: stored once, as half where nothing is lost, and nothing that is computed changes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export_makers import ProductMaker, Run

from stereosync_export.weights import FILE, SMALL_TENSOR, WeightStore, rounded, share_weights

ROWS = 64


@pytest.fixture
def store(tmp_path: Path) -> WeightStore:
    return WeightStore(tmp_path / FILE)


def weight(columns: int = 32, exact: bool = True) -> np.ndarray[Any, Any]:
    values = np.random.default_rng(0).standard_normal((ROWS, columns)).astype(np.float32)
    return values.astype(np.float16).astype(np.float32) if exact else values


@pytest.mark.parametrize(
    ("columns", "exact", "stored_bytes"),
    [(32, True, ROWS * 32 * 2), (32, False, ROWS * 32 * 4), (SMALL_TENSOR // ROWS - 1, True, 0)],
)
def test_what_is_computed_stays_exactly(
    product: ProductMaker, run: Run, store: WeightStore, tmp_path: Path, columns: int, exact: bool, stored_bytes: int
) -> None:
    model = product(weight(columns, exact))
    x = np.random.default_rng(1).standard_normal((1, ROWS)).astype(np.float32)
    (before,) = run(model, x=x)
    share_weights(model, store)
    assert store.path.stat().st_size == stored_bytes
    np.testing.assert_array_equal(run(model, tmp_path, x=x)[0], before)


def test_forms_of_a_graph_share_their_weights(product: ProductMaker, store: WeightStore) -> None:
    for _ in range(3):
        share_weights(product(weight()), store)
    once = store.path.stat().st_size
    share_weights(product(2 * weight()), store)
    assert store.path.stat().st_size == 2 * once == 2 * ROWS * 32 * 2


def test_a_rounded_copy_is_made_of_the_whole_one_that_is_stored(
    product: ProductMaker, run: Run, store: WeightStore, tmp_path: Path
) -> None:
    whole = weight(exact=False)
    share_weights(product(whole), store)
    size = store.path.stat().st_size
    model = product(rounded(whole))
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = 10  # float16
    x = np.ones((1, ROWS), np.float16)
    (before,) = run(model, x=x)
    share_weights(model, store)
    assert store.path.stat().st_size == size
    np.testing.assert_array_equal(run(model, tmp_path, x=x)[0], before)


def test_a_value_that_half_cannot_hold_is_stored_whole(product: ProductMaker, store: WeightStore) -> None:
    values = np.ones((ROWS, 32), np.float32)
    values[3, 4] = 1e6
    share_weights(product(values), store)
    assert store.path.stat().st_size == ROWS * 32 * 4
