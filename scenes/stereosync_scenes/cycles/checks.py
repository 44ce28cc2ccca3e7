"""Refusals of what cannot be a cycle, in sentences: other units or axes, a body that stands still, one that jumps."""

from __future__ import annotations

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.cycles.motion import Feet
from stereosync_scenes.plan import FloatArray

SHORTEST_M, TALLEST_M, FARTHEST_M = 0.1, 20.0, 1e6
SHORTEST_S, LONGEST_S = 0.1, 10.0
LEAST_MOTION = 0.02  # of the height: what moves less stands
LEAST_LIFT = 0.01  # of the height, of a foot
MOST_LYING = 2.0  # times as long ahead as it is tall
LOW_SHARE, HIGH_SHARE = 0.35, 0.65  # of a foot's lift
LEAST_UPRIGHT = 0.6  # of its height
LEAST_APART = 0.25  # of a turn, between the contacts of two feet: whose come down together jumps


class CycleError(UserError):
    """A clip that is no gait, such as one of a body at rest; the message says why."""


def check_body(name: str, points_m: FloatArray) -> None:
    """Refuse points (F, V, 3) that are no body that moves.

    Raises:
        CycleError: it stands still, or lies.
        UserError: it has other units, or numbers that are none; the message says how to mend it.
    """
    if not np.isfinite(points_m).all() or np.abs(points_m).max() > FARTHEST_M:
        raise UserError(f"the gait {name!r} has numbers that are not finite: export it again")
    across_m, tall_m, ahead_m = np.median(np.ptp(points_m, axis=1), axis=0).tolist()
    if max(across_m, tall_m, ahead_m) > TALLEST_M:
        raise UserError(
            f"the body of {name!r} is {tall_m:g} m tall, which looks like centimetres: points are in metres (of "
            "centimetres, multiply by 0.01)"
        )
    if max(across_m, tall_m, ahead_m) < SHORTEST_M:
        raise UserError(f"the body of {name!r} is {tall_m:g} m tall: points are in metres; scale it before you export")
    if max(across_m, ahead_m) > MOST_LYING * tall_m:
        raise CycleError(
            f"the body of {name!r} lies: y is up (of z up, send x, z, y; Blender's glTF exporter has the box '+Y Up')"
        )
    moved_m = float(np.ptp(points_m, axis=0).max())
    if moved_m < LEAST_MOTION * tall_m:
        raise CycleError(f"the body of {name!r} stands still: export an animation that walks, not the rest pose")


def check_pace(name: str, period_s: float, way_m: float, tall_m: float) -> None:
    """Refuse a period and a way that nobody of a height can have.

    Raises:
        UserError: the message says why, and how to mend it.
    """
    if not np.isfinite([period_s, way_m]).all():
        raise UserError(f"the gait {name!r} has numbers that are not finite: export it again")
    if not SHORTEST_S <= period_s <= LONGEST_S:
        raise UserError(
            f"the gait {name!r} takes {period_s:g} s, and a turn takes {SHORTEST_S:g} to {LONGEST_S:g} s: period_s is "
            "the time of one left and one right step, in seconds"
        )
    if abs(way_m) > LONGEST_S * period_s * tall_m:
        raise UserError(f"the gait {name!r} goes {way_m:g} m in a turn: way_m is in metres, of one turn")


def check_steps(name: str, points_m: FloatArray, feet: Feet, contacts: tuple[float, float]) -> None:
    """Refuse a turn (F, V, 3) in which the feet do not step one after the other; `contacts` are phases.

    Raises:
        CycleError: a foot stays on the floor or steps twice, both come down together, or the body goes down.
    """
    heights_m = np.ptp(points_m[..., 1], axis=1)
    tall_m = float(np.median(heights_m))
    if heights_m.min() < LEAST_UPRIGHT * heights_m.max():
        raise CycleError(f"the body of {name!r} does not stay upright: export a walk or run")
    feet_m = [points_m[:, rows] for rows in feet]
    if min(np.ptp(foot_m[..., 1].min(axis=1)) for foot_m in feet_m) < LEAST_LIFT * tall_m:
        raise CycleError(f"a foot of {name!r} never leaves the floor: export an animation that walks")
    if any(_lifts(foot_m[..., 1].mean(axis=1)) != 1 for foot_m in feet_m):
        raise CycleError(f"a foot of {name!r} is lifted more than once in a turn: export a walk or run")
    apart = abs((contacts[0] - contacts[1] + 0.5) % 1.0 - 0.5)
    if apart < LEAST_APART:
        raise CycleError(f"both feet of {name!r} come down together: it jumps, and a gait has a left and a right step")


def _lifts(height_m: FloatArray) -> int:
    """The count of times that a height (F,) goes from low to high in a turn; what is between is neither."""
    share = (height_m - height_m.min()) / np.ptp(height_m)
    high = (share > HIGH_SHARE)[(share > HIGH_SHARE) | (share < LOW_SHARE)]
    return int((high & ~np.roll(high, 1)).sum())
