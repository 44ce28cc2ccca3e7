"""Area resampling of pictures, and the uint8 form in which cue pictures are kept."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array, UInt8Array


def area_weights(start: float, stop: float, count: int, size: int) -> Float32Array:
    """Weights (count, size) that average `size` pixels over `count` equal cells of [start, stop).

    Cells outside the picture get no weight, so what lies beyond the edge is black.
    """
    edges = start + (stop - start) / count * np.arange(count + 1, dtype=np.float64)
    pixels = np.arange(size, dtype=np.float64)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights: Float32Array = (np.maximum(overlap, 0.0) / (edges[1] - edges[0])).astype(np.float32)
    return weights


@lru_cache(maxsize=32)
def whole_weights(count: int, size: int) -> Float32Array:
    """Weights (count, size) that average all `size` pixels over `count` cells. Shared between calls: read only."""
    weights = area_weights(0.0, size, count, size)
    weights.setflags(write=False)
    return weights


def resample(image: npt.NDArray[np.generic], rows: Float32Array, columns: Float32Array) -> Float32Array:
    """Average an (H, W, C) image with row weights (h, H) and column weights (w, W) to planes (C, h, w)."""
    height, width, channels = image.shape
    tall = rows @ image.reshape(height, -1).astype(np.float32, copy=False)  # (h, W*C)
    planes = tall.reshape(len(rows), width, channels).transpose(2, 0, 1).reshape(-1, width)  # (C*h, W)
    out: Float32Array = (planes @ columns.T).reshape(channels, len(rows), len(columns))
    return out


def to_uint8(unit: npt.NDArray[np.floating]) -> UInt8Array:
    """Values in [0, 1] to 0..255, rounded."""
    levels: UInt8Array = (np.minimum(np.maximum(unit, 0.0), 1.0) * 255 + 0.5).astype(np.uint8)
    return levels


def signed_to_uint8(signed: npt.NDArray[np.floating]) -> UInt8Array:
    """Values in [-1, 1] to 0..255, rounded; zero is 128."""
    return to_uint8(signed * 0.5 + 0.5)
