import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stereosync.planes import signed_to_unit, to_uint8
from stereosync.resample import area_weights, resample, whole_weights

SIZES = st.integers(1, 60)


@settings(deadline=None, max_examples=60)
@given(height=SIZES, width=SIZES, rows=SIZES, columns=SIZES, seed=st.integers(0, 99))
def test_the_mean_of_a_picture_is_kept(height: int, width: int, rows: int, columns: int, seed: int) -> None:
    image = np.random.default_rng(seed).random((height, width, 2), dtype=np.float32)
    out = resample(image, whole_weights(rows, height), whole_weights(columns, width))
    assert out.shape == (2, rows, columns)
    np.testing.assert_allclose(out.mean(axis=(1, 2)), image.mean(axis=(0, 1)), atol=1e-5)


def test_whole_number_ratios_are_block_means() -> None:
    image = np.random.default_rng(1).random((6, 8, 3), dtype=np.float32)
    out = resample(image, whole_weights(3, 6), whole_weights(2, 8))
    blocks = image.reshape(3, 2, 2, 4, 3).mean(axis=(1, 3)).transpose(2, 0, 1)
    np.testing.assert_allclose(out, blocks, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(height=SIZES, width=SIZES, rows=SIZES, columns=SIZES, seed=st.integers(0, 99))
def test_a_repeated_block_does_what_weights_of_all_pixels_do(
    height: int, width: int, rows: int, columns: int, seed: int
) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    everything = area_weights(0.0, height, rows, height), area_weights(0.0, width, columns, width)
    blocks = whole_weights(rows, height), whole_weights(columns, width)
    np.testing.assert_allclose(resample(image, *blocks), resample(image, *everything), atol=1e-3)  # of 255


def test_the_block_is_as_small_as_the_sizes_allow() -> None:
    assert whole_weights(72, 180).shape == (2, 5)
    assert whole_weights(72, 181).shape == (72, 181)


def test_weights_that_do_not_fit_the_picture_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        resample(np.zeros((7, 8, 3), np.uint8), whole_weights(3, 6), whole_weights(2, 8))


def test_weights_of_several_spans_are_those_of_each() -> None:
    both = area_weights((0.5, -2.0), (3.5, 4.0), 3, 4)
    np.testing.assert_array_equal(both, [area_weights(0.5, 3.5, 3, 4), area_weights(-2.0, 4.0, 3, 4)])


def test_cells_between_pixels_share_them_by_area() -> None:
    np.testing.assert_allclose(area_weights(0.5, 3.5, 2, 4), [[1 / 3, 2 / 3, 0, 0], [0, 0, 2 / 3, 1 / 3]], atol=1e-6)


def test_beyond_the_edge_is_black() -> None:
    weights = area_weights(-2.0, 4.0, 3, 4)  # one cell before the picture, two inside
    np.testing.assert_allclose(weights.sum(axis=1), [0.0, 1.0, 1.0], atol=1e-6)


def test_shared_weights_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        whole_weights(3, 6)[0, 0] = 1.0


def test_levels_leave_their_values_alone() -> None:
    values = np.array([-1.0, 0.5, 2.0], np.float32)
    assert to_uint8(values).tolist() == [0, 128, 255]
    assert values.tolist() == [-1.0, 0.5, 2.0]


def test_uint8_levels_are_rounded_and_bounded() -> None:
    assert to_uint8(np.array([-1.0, 0.0, 0.499 / 255, 0.501 / 255, 1.0, 7.0])).tolist() == [0, 0, 0, 1, 255, 255]
    assert to_uint8(signed_to_unit(np.array([-2.0, -1.0, 0.0, 1.0, 2.0], np.float32))).tolist() == [0, 0, 128, 255, 255]
