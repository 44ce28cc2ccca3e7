"""Occlusion: which points a blocker hides from the camera. Rays against upright boxes and cylinders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.plan import Blocker, FloatArray

CROWN_FROM = 0.45  # of a tree's height: below there is only the trunk
CAR_BODY = (0.0, 0.62, 1.0)  # bottom and top as shares of the height, length share
CAR_CABIN = (0.62, 1.0, 0.55)


@dataclass(frozen=True)
class Solid:
    """An upright box (or, if `round`, elliptic cylinder) around (x, y): half sizes, bottom, top, and its turn."""

    x_m: float
    y_m: float
    half_m: tuple[float, float]
    bottom_m: float
    top_m: float
    turn_rad: float
    round: bool


def solids_of(blocker: Blocker) -> list[Solid]:
    """The simple bodies that a blocker is made of, also what is drawn of it."""
    x, y, (length, width), high, turn = blocker.x_m, blocker.y_m, blocker.half_m, blocker.height_m, blocker.turn_rad
    if blocker.look == "tree":
        return [Solid(x, y, (length, width), 0.0, CROWN_FROM * high + 0.3, turn, True)]
    if blocker.look == "car":
        return [
            Solid(x, y, (share * length, width * (0.9 if bottom else 1.0)), bottom * high, top * high, turn, False)
            for bottom, top, share in (CAR_BODY, CAR_CABIN)
        ]
    return [Solid(x, y, (length, width), 0.0, high, turn, blocker.round)]


def hidden_share(blockers: Sequence[Blocker], eye_m: FloatArray, points_m: FloatArray) -> float:
    """Share of world points (N, 3) that any blocker hides from `eye_m` (3,)."""
    hidden = np.zeros(len(points_m), dtype=bool)
    for blocker in blockers:
        for solid in solids_of(blocker):
            hidden |= _hides(solid, eye_m, points_m)
    return float(hidden.mean())


def _hides(solid: Solid, eye_m: FloatArray, points_m: FloatArray) -> npt.NDArray[np.bool_]:
    """The points (N, 3) to which the way from the eye meets the solid, as a mask (N,)."""
    cos, sin = math.cos(solid.turn_rad), math.sin(solid.turn_rad)
    turn = np.array([[cos, -sin], [sin, cos]])  # world to the solid's own axes, for row vectors
    size = np.array(solid.half_m)
    start = (eye_m[:2] - [solid.x_m, solid.y_m]) @ turn / size  # (2,) in half sizes
    way = (points_m[:, :2] - eye_m[:2]) @ turn / size  # (N, 2)
    enter, leave = _disc(start, way) if solid.round else _square(start, way)
    low, high = _slab(float(eye_m[2]), points_m[:, 2] - eye_m[2], solid.bottom_m, solid.top_m)
    first, last = np.maximum(np.maximum(enter, low), 0.0), np.minimum(np.minimum(leave, high), 1.0)
    return np.asarray(first < last)


def _slab(start: float, way: FloatArray, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Shares (N,) of the way at which it enters and leaves the space between two planes."""
    safe = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (low - start) / safe, (high - start) / safe
    return np.minimum(one, other), np.maximum(one, other)


def _square(start: FloatArray, way: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = (_slab(float(start[axis]), way[:, axis], -1.0, 1.0) for axis in (0, 1))
    return np.maximum(x[0], y[0]), np.minimum(x[1], y[1])


def _disc(start: FloatArray, way: FloatArray) -> tuple[FloatArray, FloatArray]:
    a, b, c = np.maximum((way**2).sum(1), 1e-12), way @ start, float(start @ start) - 1.0
    root = b * b - a * c
    half = np.sqrt(np.maximum(root, 0.0)) / a
    missed = np.where(root > 0, 0.0, np.inf)
    return -b / a - half + missed, -b / a + half - missed
