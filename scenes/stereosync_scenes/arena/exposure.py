"""Exposure: many levels are dark, so each walk's pictures are brought to a brightness by one curve."""

from __future__ import annotations

import numpy as np

from stereosync.scene import UInt8Array
from stereosync_scenes.plan import FloatArray

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
STRONGEST = 14.0


def exposure_curve(pictures: UInt8Array, brightness: float) -> UInt8Array:
    """A curve (256,) with which the mean luma of RGB pictures (N, H, W, 3) comes near `brightness`, 0 to 1.

    It is (1 - exp(-k x)) / (1 - exp(-k)), which keeps black and white where they are.
    """
    weak, strong = -2.5, STRONGEST
    histogram = [np.bincount(pictures[..., channel].ravel(), minlength=256) for channel in range(3)]
    weights = np.tensordot(LUMA, np.array(histogram, dtype=np.float64), axes=1)
    weights /= weights.sum()
    for _ in range(20):
        middle = (weak + strong) / 2
        weak, strong = (middle, strong) if weights @ _curve(middle) < brightness else (weak, middle)
    return (_curve((weak + strong) / 2) * 255 + 0.5).astype(np.uint8)


def _curve(strength: float) -> FloatArray:
    shade = np.arange(256) / 255
    if abs(strength) < 1e-6:
        return shade
    return np.asarray((1 - np.exp(-strength * shade)) / (1 - np.exp(-strength)))
