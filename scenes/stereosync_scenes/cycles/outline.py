"""The outline of a body: those of its points that can touch a box, which are few, and some of its legs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.plan import FloatArray

DIRECTIONS = 256  # a box around the points that lie farthest in so many directions is right within a few millimetres
LEGS_SHARE, LEG_POINTS = 0.45, 220  # what comes so low, of the height, is legs; so many points show where they are
GOLDEN_RAD = np.pi * (3 - 5**0.5)


def outlined(cycle: BodyCycle) -> BodyCycle:
    """The cycle with those points alone that in some frame lie farthest in some direction, or show the legs."""
    farthest = (cycle.points_m @ _directions().T).argmax(axis=1).ravel()
    legs = np.flatnonzero(cycle.points_m[..., 1].min(axis=0) < LEGS_SHARE * cycle.height_m)
    some = legs[np.linspace(0, len(legs) - 1, min(len(legs), LEG_POINTS)).astype(int)]
    return replace(cycle, points_m=cycle.points_m[:, np.union1d(farthest, some)])


def _directions() -> FloatArray:
    """Unit vectors (D, 3), evenly spread over the sphere (a Fibonacci lattice)."""
    number = np.arange(DIRECTIONS) + 0.5
    up = 1 - 2 * number / DIRECTIONS
    around, across = number * GOLDEN_RAD, np.sqrt(1 - up**2)
    return np.stack([across * np.cos(around), up, across * np.sin(around)], axis=-1)
