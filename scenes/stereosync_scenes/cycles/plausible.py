"""Cycles that keep the format and cannot be meant: other units, other axes, a body that stands still."""

from __future__ import annotations

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.plan import FloatArray

SHORTEST_M, TALLEST_M = 0.1, 20.0
SHORTEST_S, LONGEST_S = 0.1, 10.0
LEAST_MOTION = 0.02  # of the height: what moves less stands
MOST_LYING = 2.0  # times as long ahead as it is tall


def check_plausible(name: str, points_m: FloatArray, period_s: float, way_m: float) -> None:
    """Refuse a cycle (F, V, 3) that nobody can walk.

    Raises:
        UserError: the message says why, and how to mend it.
    """
    if not (np.isfinite(points_m).all() and np.isfinite([period_s, way_m]).all()):
        raise UserError(f"the gait {name!r} has numbers that are not finite: export it again")
    if not SHORTEST_S <= period_s <= LONGEST_S:
        raise UserError(
            f"the gait {name!r} takes {period_s:g} s, and a turn takes {SHORTEST_S:g} to {LONGEST_S:g} s: period_s is "
            "the time of one left and one right step, in seconds"
        )
    across_m, tall_m, ahead_m = np.median(np.ptp(points_m, axis=1), axis=0).tolist()
    if max(across_m, tall_m, ahead_m) > TALLEST_M or tall_m < SHORTEST_M:
        raise UserError(
            f"the body of {name!r} is {tall_m:g} m tall: points_m are in metres (of centimetres, multiply by 0.01)"
        )
    moved_m = float(np.ptp(points_m, axis=0).max())
    if moved_m < LEAST_MOTION * tall_m:
        raise UserError(f"the body of {name!r} stands still: export an animation that walks, not the rest pose")
    if max(across_m, ahead_m) > MOST_LYING * tall_m:
        raise UserError(f"the body of {name!r} lies: y is up in points_m (of z up, send x, z, y)")
    if abs(way_m) > LONGEST_S * period_s * tall_m:
        raise UserError(f"the gait {name!r} goes {way_m:g} m in a turn: way_m is in metres, of one turn")
