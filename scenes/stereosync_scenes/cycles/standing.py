"""The way of a clip in place, by its standing feet: on the spot they go back as the body would go on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stereosync_scenes.contact import DOWN_SHARE
from stereosync_scenes.plan import FloatArray

LEAST_WAY_M = 0.05


def standing_way_m(feet_m: Sequence[FloatArray]) -> FloatArray:
    """Metres (2,) along x and z that a turn carries the body, by its feet, each (F, V, 3) on the spot.

    It is 0 where no foot stands for two frames.
    """
    steps = np.concatenate([_standing_steps_m(foot_m) for foot_m in feet_m] or [np.zeros((0, 2))])
    return np.asarray(np.median(steps, axis=0) * len(feet_m[0])) if len(steps) else np.zeros(2)


def _standing_steps_m(foot_m: FloatArray) -> FloatArray:
    """Metres (S, 2) that a foot goes back from each frame to the next while it is on the floor."""
    height_m, place_m = foot_m[..., 1].min(axis=1), foot_m[..., [0, 2]].mean(axis=1)
    stands = height_m - height_m.min() <= DOWN_SHARE * np.ptp(height_m)
    back_m = place_m - np.roll(place_m, -1, axis=0)
    return np.asarray(back_m[stands & np.roll(stands, -1)])
