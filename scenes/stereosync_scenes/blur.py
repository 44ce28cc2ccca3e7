"""Courses blurred over time, as what is lazy follows them."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import FloatArray


def blurred(values: FloatArray, width_s: float, rate_hz: float) -> FloatArray:
    """A course (N, ...) of `rate_hz` blurred with a Gaussian of that standard deviation, its ends held."""
    reach = max(int(3 * width_s * rate_hz), 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (width_s * rate_hz)) ** 2)
    columns = values.reshape(len(values), -1).T
    each = [np.convolve(np.pad(column, reach, mode="edge"), kernel / kernel.sum(), "valid") for column in columns]
    return np.stack(each, axis=-1).reshape(values.shape)
