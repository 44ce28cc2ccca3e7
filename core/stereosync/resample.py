"""Area resampling of pictures."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from stereosync.scene import Float32Array


def area_weights(start: ArrayLike, stop: ArrayLike, count: int, size: int) -> Float32Array:
    """Weights (..., count, size) that average `size` pixels over `count` equal cells of each [start, stop), both (...).

    Cells outside the picture get no weight, so what lies beyond the edge is black.
    """
    first, last = np.asarray(start, np.float64)[..., None, None], np.asarray(stop, np.float64)[..., None, None]
    cell = (last - first) / count
    edges = first + cell * np.arange(count + 1)[:, None]  # (..., count + 1, 1)
    before = np.clip(edges - np.arange(size), 0.0, 1.0)  # (..., count + 1, size): share of a pixel before an edge
    weights: Float32Array = ((before[..., 1:, :] - before[..., :-1, :]) / cell).astype(np.float32)
    return weights


@lru_cache(maxsize=32)
def whole_weights(count: int, size: int) -> Float32Array:
    """Weights (count / g, size / g) that average all `size` pixels over `count` cells, where g is their greatest common
    divisor: a block that is the same for each of g equal parts of the pixels. Shared between calls: read only.
    """
    parts = math.gcd(count, size)
    weights = area_weights(0.0, size // parts, count // parts, size // parts)
    weights.setflags(write=False)
    return weights


def resample(image: npt.NDArray[np.generic], rows: Float32Array, columns: Float32Array) -> Float32Array:
    """Average an (H, W, C) image with row and column weights to planes (C, h, w).

    Row weights (q, p) average each p rows of pixels to q, so that h is H / p * q; column weights alike. Those of
    `area_weights` take all pixels at once, those of `whole_weights` a few, which is far less work.

    Raises:
        ValueError: H is no multiple of p, or W none of that of the columns.
    """
    _, width, channels = image.shape
    parts = image.reshape(-1, rows.shape[1], width * channels)  # (H/p, p, W*C)
    tall = (rows @ parts.astype(np.float32, copy=False)).reshape(-1, width, channels)  # (h, W, C)
    planes = tall.transpose(2, 0, 1).reshape(-1, columns.shape[1])  # (C*h * parts of a row, its pixels)
    out: Float32Array = (planes @ columns.T).reshape(channels, len(tall), -1)
    return out
