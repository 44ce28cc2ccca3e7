"""The gait that a model's legs have: how far each part of a turn carries the body, and when each foot comes down.

A foot that stands must not move over the ground. So the body's way is taken from the standing foot (root motion). A
contact is what it is in every world (`stereosync_scenes.contact`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.contact import HIGHER_SHARE, Definition, contact_phase
from stereosync_scenes.plan import FloatArray

FEET = ("left", "right")
FINE = 16  # sub-steps per frame
SOLE_SHARE = 0.14  # of the legs' height, counted as foot
STAND_SHARE, STAND_M = 0.15, 0.012  # of a foot's lift, and at least: the height below which it stands
REST_SHARE = 0.5  # of the body's speed: slower over the ground is rest
FLIGHT_SHARE = 0.25  # of the larger lift: with both feet above it nobody carries the body
TOUCH_M = 0.025
UNEVEN = (0.5, 1.7)  # the least and the most that one frame may carry, as a share of the middle one

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stride:
    """One turn of a gait: `way_m` (F + 1,) is how far the body is at each frame, from 0 to the turn's length.

    `drop_m` (F,) is how far each frame goes down to put the feet on height 0; `contact_phase` when the left and the
    right foot come down, `rest_phase` when they are low and have come to rest, 0 to 1. `height_m` and `ahead_m`
    (2, F * FINE) are each foot's lowest point and its place over the ground. `slip` is how much standing feet still
    move, as a share of the way.
    """

    way_m: FloatArray
    drop_m: FloatArray
    contact_phase: tuple[float, float]
    rest_phase: tuple[float, float]
    height_m: FloatArray
    ahead_m: FloatArray
    slip: float
    soles: tuple[Index, Index]  # vertices of the left and the right foot

    @property
    def length_m(self) -> float:
        return float(self.way_m[-1])

    def phase(self, side: int, definition: Definition = "contact") -> float:
        """The phase, 0 to 1, at which the left (0) or the right (1) foot comes down by one of the definitions."""
        if definition == "higher":
            return contact_phase(self.height_m[side], HIGHER_SHARE)
        if definition == "ahead":
            before_body_m = self.ahead_m[side] - _fine_way(self.way_m)
            return float(before_body_m.argmax() / len(before_body_m))
        return (self.contact_phase if definition == "contact" else self.rest_phase)[side]

    def distance_m(self, phase: FloatArray) -> FloatArray:
        """Metres of the body's way at phases that count turns."""
        turns = np.floor(phase)
        frames = len(self.way_m) - 1
        return np.asarray(turns * self.length_m + np.interp(phase - turns, np.arange(frames + 1) / frames, self.way_m))


def measure_stride(points_m: FloatArray, flies: bool) -> Stride:
    """The stride of legs (F, V, 3) that face +x with the left to +y; `flies` allows moments without a standing foot.

    Raises BadFile when they do not walk.
    """
    feet = foot_vertices(points_m)
    lowest = np.stack([points_m[:, foot, 2].min(axis=1) for foot in feet])  # (2, F)
    drop = _drops(lowest, flies)
    settled = [points_m[:, foot] - [0, 0, 1] * drop[:, None, None] for foot in feet]
    way = _way(settled, lowest - drop)
    heights, ahead = zip(*(_fine_course(foot, way) for foot in settled), strict=True)
    speed = way[-1] / (len(way) - 1)
    stands = [_stands(height, place, speed) for height, place in zip(heights, ahead, strict=True)]
    contacts, rests = (contact_phase(height) for height in heights), (_rest_phase(stand) for stand in stands)
    moved = [np.abs(_steps(place, way[-1]))[stand] for place, stand in zip(ahead, stands, strict=True)]
    slip = float(np.concatenate(moved).mean() * FINE / speed)
    return Stride(way, drop, _pair(contacts), _pair(rests), np.stack(heights), np.stack(ahead), slip, feet)


def _pair(sides: Iterable[float]) -> tuple[float, float]:
    left, right = sides
    return left, right


def foot_vertices(points_m: FloatArray) -> tuple[Index, Index]:
    """Indices of the left and the right foot's vertices: those that come lowest, by the side they are on."""
    heights = points_m[..., 2].min(axis=0)
    low = heights <= heights.min() + SOLE_SHARE * np.ptp(points_m[..., 2])
    side = points_m[..., 1].mean(axis=0)
    middle = (np.percentile(side[low], 10) + np.percentile(side[low], 90)) / 2
    left, right = np.flatnonzero(low & (side > middle)), np.flatnonzero(low & (side < middle))
    if len(left) < 3 or len(right) < 3:
        raise BadFile("the model's legs have no two feet: choose another character")
    return left, right


def _drops(lowest_m: FloatArray, flies: bool) -> FloatArray:
    """Height (F,) that touches the ground in each frame: of the lower foot, for gaits that fly where feet stand."""
    lower = lowest_m.min(axis=0)
    if not flies:
        return np.asarray(lower)
    ground = float(np.percentile(lower, 30))
    lift = float((lowest_m - ground).max())
    return np.asarray(np.where(lower - ground < FLIGHT_SHARE * lift, lower, ground))


def _way(feet: list[FloatArray], height_m: FloatArray) -> FloatArray:
    """Metres (F + 1,) of the body's way at each frame, by what standing feet (F, V, 3) do between frames."""
    carried = np.full(height_m.shape[1], np.nan)
    for frame in range(len(carried)):
        after = (frame + 1) % len(carried)
        moves = []
        for foot in feet:
            here, there = foot[frame], foot[after]
            touching = (here[:, 2] < TOUCH_M) & (there[:, 2] < TOUCH_M)
            moves.append(here[touching, 0] - there[touching, 0])
        together = np.concatenate(moves)
        if len(together):
            carried[frame] = np.median(together)
    usual = float(np.nanmedian(carried)) if np.isfinite(carried).any() else 0.0
    if usual < 0.02:
        raise BadFile("the model's feet do not go backward while they stand: choose another character")
    carried = np.asarray(np.clip(np.where(np.isnan(carried), usual, carried), UNEVEN[0] * usual, UNEVEN[1] * usual))
    return np.asarray(np.concatenate([[0.0], np.cumsum(carried)]))


def _fine_course(foot_m: FloatArray, way_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lowest height and place over the ground (F * FINE,) of a foot (F, V, 3), as its frames are blended."""
    after = np.roll(foot_m, -1, axis=0)
    part = (np.arange(FINE) / FINE)[None, :, None, None]
    points = (foot_m[:, None] + part * (after - foot_m)[:, None]).reshape(-1, *foot_m.shape[1:])
    return points[..., 2].min(axis=1), points[..., 0].mean(axis=1) + _fine_way(way_m)


def _fine_way(way_m: FloatArray) -> FloatArray:
    """The body's way (F * FINE,) at each sub-step."""
    return np.interp(np.arange((len(way_m) - 1) * FINE) / FINE, np.arange(len(way_m)), way_m)


def _steps(ahead_m: FloatArray, length_m: float) -> FloatArray:
    """Metres that the foot goes over the ground from each sub-step to the next."""
    return np.diff(np.append(ahead_m, ahead_m[0] + length_m))


def _stands(height_m: FloatArray, ahead_m: FloatArray, speed_m: float) -> npt.NDArray[np.bool_]:
    low = height_m <= max(STAND_SHARE * height_m.max(), STAND_M)
    length = speed_m * len(height_m) / FINE
    stands = low & (np.abs(_steps(ahead_m, length)) * FINE < REST_SHARE * speed_m)
    if stands.all() or not stands.any():
        raise BadFile("a foot of the model never comes down: choose another character")
    return np.asarray(stands)


def _rest_phase(stands: npt.NDArray[np.bool_]) -> float:
    """The phase at which the longest run of True begins on a circle."""
    begins = np.flatnonzero(stands & ~np.roll(stands, 1))
    ends = np.flatnonzero(~stands & np.roll(stands, 1))
    lengths = [(ends[np.searchsorted(ends, begin) % len(ends)] - begin) % len(stands) for begin in begins]
    return float(begins[int(np.argmax(lengths))] / len(stands))
