"""The gait that a game's walk has: on which floor its feet stand, how far a turn goes, when each foot comes down.

The rules, in the order in which they are asked. A walk is in the set if one of the floors gives a gait that

* goes ahead with its standing feet, as `arena.strides` measures them, by LEAST_WAY to MOST_WAY of the body's height;
* keeps them in place: they slide by no more than MOST_SLIP of the way;
* is of two feet that lift by LEAST_LIFT of the height and take turns, one half of a turn after the other within UNEVEN;
* has clear contacts: a foot that is down by 5 % of its lift is down by 15 % within UNCLEAR_S.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.arena.strides import Index, Stride, measure_stride
from stereosync_scenes.contact import contact_phase
from stereosync_scenes.plan import FloatArray

# "own" is the game's ground at height 0, into which soles may sink out of sight; "settled" puts the lower foot on the
# floor in every frame; "flight" does so in frames in which it is near the floor.
Floor = Literal["own", "settled", "flight"]
LEGS_SHARE = 0.45  # of the height: what stays below is legs
LEAST_WAY, MOST_WAY = 0.3, 1.5
MOST_SLIP, LEAST_LIFT, UNEVEN, UNCLEAR_S = 0.25, 0.014, 0.15, 0.05
CLEAR_SHARE = 0.15  # the other share of a foot's lift at which it might be called down
# A grown person's steps per second are 1.85 at 1.4 m/s and go with the root of the speed (R. McNeill Alexander, as in
# `steps`), so turns per second are 0.61 times the metres of a turn. A game's steps are longer and shorter than a
# person's; within these turns per second a walk looks like one.
TURNS_PER_S_AND_M, TURNS_PER_S = 0.61, (0.7, 1.15)


@dataclass(frozen=True, eq=False)
class Gait:
    """A turn of a walk: its floor, its `stride`, when the left and the right foot come down, and its `period_s`.

    `soles` are the vertices of the left and the right foot.
    """

    floor: Floor
    stride: Stride
    contact_phase: tuple[float, float]
    period_s: float
    soles: tuple[Index, Index]


def find_gait(points_m: FloatArray, height_m: float) -> Gait:
    """The gait of a body (F, V, 3) that faces +x with the left to +y, on the first floor that the rules allow.

    Raises UserError with the rule that the last floor broke.
    """
    legs = np.flatnonzero(points_m[..., 2].mean(axis=0) < LEGS_SHARE * height_m)
    broken: UserError | BadFile | None = None
    for floor in get_args(Floor):
        try:
            return _gait(points_m, legs, floor, height_m)
        except (UserError, BadFile) as error:
            broken = error
    assert broken is not None
    raise UserError(str(broken)) from broken


def _gait(points_m: FloatArray, legs: Index, floor: Floor, height_m: float) -> Gait:
    """Raises UserError or BadFile with the first rule that is broken."""
    legs_m = points_m[:, legs]
    if floor == "own":
        legs_m = np.concatenate([legs_m[..., :2], np.maximum(legs_m[..., 2:], 0.0)], axis=-1)
    stride = measure_stride(legs_m, floor == "flight")
    period_s = turn_s(stride.length_m)
    if not LEAST_WAY <= stride.length_m / height_m <= MOST_WAY:
        raise UserError(f"a turn goes {stride.length_m:.2f} m, which is no walk")
    if stride.slip > MOST_SLIP:
        raise UserError(f"the standing feet slide by {stride.slip:.2f} of the way")
    if np.ptp(stride.height_m, axis=1).min() < LEAST_LIFT * height_m:
        raise UserError("a foot hardly leaves the floor")
    left, right = (contact_phase(height) for height in stride.height_m)
    if abs((right - left) % 1.0 - 0.5) > UNEVEN:
        raise UserError(f"the right foot comes {(right - left) % 1.0:.2f} of a turn after the left one")
    later = max(_apart(phase, contact_phase(height, CLEAR_SHARE))
                for phase, height in zip((left, right), stride.height_m, strict=True))  # fmt: skip
    if later * period_s > UNCLEAR_S:
        raise UserError(f"a contact is unclear by {1000 * later * period_s:.0f} ms")
    soles = (legs[stride.soles[0]], legs[stride.soles[1]])
    return Gait(floor, stride, (left, right), period_s, soles)


def _apart(one: float, other: float) -> float:
    """How far two phases are apart on a turn."""
    return abs((one - other + 0.5) % 1.0 - 0.5)


def turn_s(length_m: float) -> float:
    """Seconds of a turn that goes so far."""
    return 1 / float(np.clip(TURNS_PER_S_AND_M * length_m, *TURNS_PER_S))
