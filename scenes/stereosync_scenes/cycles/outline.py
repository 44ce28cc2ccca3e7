"""The outline of a body: those of its points that can touch a box, which are few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.plan import FloatArray

DIRECTIONS = 256  # a box around the points that lie farthest in so many directions is right within a few millimetres
GOLDEN_RAD = np.pi * (3 - 5**0.5)


def outlined(cycle: BodyCycle) -> BodyCycle:
    """The cycle with those points alone that in some frame lie farthest in some direction."""
    farthest = np.unique((cycle.points_m @ _directions().T).argmax(axis=1))
    return replace(cycle, points_m=cycle.points_m[:, farthest])


def _directions() -> FloatArray:
    """Unit vectors (D, 3), evenly spread over the sphere (a Fibonacci lattice)."""
    number = np.arange(DIRECTIONS) + 0.5
    up = 1 - 2 * number / DIRECTIONS
    around, across = number * GOLDEN_RAD, np.sqrt(1 - up**2)
    return np.stack([across * np.cos(around), up, across * np.sin(around)], axis=-1)
