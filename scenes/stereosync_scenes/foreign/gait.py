"""The gait that a game's walk has: on which floor its feet stand, how far a turn goes, when each foot comes down.

A walk is in the set if one of the floors gives a gait that, in this order,

* goes ahead with its standing feet, as `arena.strides` measures them, by LEAST_WAY to MOST_WAY of the body's height;
* has two feet that lift by LEAST_LIFT of the height and come down half a turn after each other, within UNEVEN;
* has clear contacts: `arena.agreement`'s definitions "higher" and "rest" both agree with the truth's within UNCLEAR_S;
* keeps its standing feet in place: they slide by no more than MOST_SLIP of the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.arena.agreement import OTHERS, UNCLEAR_S, later_s
from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.arena.strides import Index, Stride, measure_stride
from stereosync_scenes.plan import FloatArray

# "own" is the game's ground at height 0, into which soles may sink out of sight; "settled" puts the lower foot on the
# floor in every frame; "flight" does so in frames in which it is near the floor.
Floor = Literal["own", "settled", "flight"]
LEGS_SHARE = 0.45  # of the height: what stays below is legs
LEAST_WAY, MOST_WAY = 0.3, 1.5
LEAST_LIFT, UNEVEN = 0.014, 0.15
MOST_SLIP = 0.25
# A grown person's steps per second are 1.85 at 1.4 m/s and go with the root of the speed (R. McNeill Alexander, as in
# `steps`), so turns per second are 0.61 times the metres of a turn. A game's steps are longer and shorter than a
# person's; within these turns per second a walk looks like one.
TURNS_PER_S_AND_M, TURNS_PER_S = 0.61, (0.7, 1.15)


@dataclass(frozen=True, eq=False)
class Gait:
    """A turn of a walk: its floor, its `stride`, and its `period_s`. `feet` are the vertices of the left and the right
    foot."""

    floor: Floor
    stride: Stride
    period_s: float
    feet: tuple[Index, Index]


def find_gait(points_m: FloatArray, height_m: float) -> Gait:
    """The gait of a body (F, V, 3) that faces +x with the left to +y, on the first floor that the rules allow.

    Raises UserError with the rule that is broken on the game's own floor.
    """
    legs = np.flatnonzero(points_m[..., 2].mean(axis=0) < LEGS_SHARE * height_m)
    broken: list[UserError | BadFile] = []
    for floor in get_args(Floor):
        try:
            return _gait(points_m, legs, floor, height_m)
        except (UserError, BadFile) as error:
            broken.append(error)
    raise UserError(str(broken[0])) from broken[0]


def _gait(points_m: FloatArray, legs: Index, floor: Floor, height_m: float) -> Gait:
    """Raises UserError or BadFile with the first rule that is broken."""
    legs_m = points_m[:, legs]
    if floor == "own":
        legs_m = np.concatenate([legs_m[..., :2], np.maximum(legs_m[..., 2:], 0.0)], axis=-1)
    stride = measure_stride(legs_m, floor == "flight")
    gait = Gait(floor, stride, turn_s(stride.length_m), (legs[stride.soles[0]], legs[stride.soles[1]]))
    _check_steps(gait, height_m)
    _check_contacts(gait)
    return gait


def turn_s(length_m: float) -> float:
    """Seconds of a turn that goes so far."""
    return 1 / float(np.clip(TURNS_PER_S_AND_M * length_m, *TURNS_PER_S))


def _check_steps(gait: Gait, height_m: float) -> None:
    stride, (left, right) = gait.stride, gait.stride.contact_phase
    if not LEAST_WAY <= stride.length_m / height_m <= MOST_WAY:
        raise UserError(f"a turn goes {stride.length_m:.2f} m, which is no walk")
    if np.ptp(stride.height_m, axis=1).min() < LEAST_LIFT * height_m:
        raise UserError("a foot hardly leaves the floor")
    if abs((right - left) % 1.0 - 0.5) > UNEVEN:
        raise UserError(f"the right foot comes {(right - left) % 1.0:.2f} of a turn after the left one")


def _check_contacts(gait: Gait) -> None:
    open_s = float(np.abs(later_s(gait.stride, gait.period_s)[:, : OTHERS.index("ahead")]).max())
    if open_s > UNCLEAR_S:
        raise UserError(f"a contact is unclear by {1000 * open_s:.0f} ms")
    if gait.stride.slip > MOST_SLIP:
        raise UserError(f"the standing feet slide by {gait.stride.slip:.2f} of the way")
