"""Clearance of simulated bodies: what the depth of a picture would show of legs that nobody draws."""

from __future__ import annotations

import numpy as np

from stereosync.clearance import HIPS_FROM, BoolArray, channels, profile
from stereosync.scene import Camera
from stereosync_scenes.cycles.before_camera import BeforeCamera
from stereosync_scenes.plan import FloatArray

MISSING_SHARE = 0.12  # of clips, whose engine gives no depth
NEAREST_M, EDGE = 0.1, 0.97  # feet nearer to the picture's lower edge are taken to be outside
POINT_NOISE, CLEARANCE_NOISE = 0.006, 0.03  # in heights of the box; of the clearance itself


def shown_clearance(
    body: BeforeCamera,
    camera: Camera,
    heights_tan: FloatArray,
    depths_m: FloatArray,
    places: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Clearance (N, E) of the body at N moments, as `clearance.clearances` reads it of a picture.

    Args:
        heights_tan: (N,) heights of its boxes, in tangents of viewing angles.
        depths_m: (N,) its depth as it is known.
    """
    if not places or rng.random() < MISSING_SHARE:
        return np.zeros((len(depths_m), channels(places)))
    scale_m = (heights_tan * depths_m)[:, None]
    x, y, z = np.moveaxis(body.points_m, -1, 0)
    high = camera.tan_half_vertical
    inside = (z > NEAREST_M) & (np.abs(y) < z * high) & (np.abs(x) < z * high * camera.aspect)
    heights = body.heights_m / scale_m + POINT_NOISE * rng.standard_normal(body.heights_m.shape)
    across = np.divide(x, z, out=np.zeros_like(x), where=inside) / heights_tan[:, None]
    heights = np.where(inside & ~_behind(heights, z), heights, -1.0)
    made = profile(heights, across, z / scale_m, places)
    noisy = made + CLEARANCE_NOISE * rng.random() * rng.standard_normal(made.shape)
    feet_shown = -body.feet_m[:, 1] < EDGE * high * body.feet_m[:, 2]
    return np.asarray(noisy * (feet_shown & made.any(1))[:, None])


def _behind(heights: FloatArray, depths_m: FloatArray) -> BoolArray:
    """Points of hips and above that the body's own front hides: those behind the middle of them (N, V)."""
    upper = heights > HIPS_FROM
    middle_m = (depths_m * upper).sum(1) / np.maximum(upper.sum(1), 1)
    return np.asarray(upper & (depths_m > middle_m[:, None]))
