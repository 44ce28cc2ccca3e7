"""Feet: where ankle, heel and toe of a foot are at any time, standing or swinging. A foot that stands never slides."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.contact import DOWN_SHARE, HIGHER_SHARE, Definition, swing_contact_s
from stereosync_scenes.plan import Character, FloatArray
from stereosync_scenes.steps import RUN_M_S, Footfalls, footfalls

HEEL_ROLL_S = 0.09
HEEL_BACK = 0.045  # of body height, behind the ankle
TOE_AHEAD = 0.095  # of body height, before the ankle
SWING_MOMENTS = 33  # at which a swing is asked for its height


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot of one moment: ankle, heel and toe (3,) in world space."""

    ankle: FloatArray
    heel: FloatArray
    toe: FloatArray

    @property
    def sole_m(self) -> float:
        """Height of the sole's lowest point: it is straight from heel to toe."""
        return float(min(self.heel[2], self.toe[2]))


def smooth(part: float) -> float:
    """A way from 0 to 1 without a jolt at either end, as `part` goes from 0 to 1."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def _push_off(speed: float) -> float:
    return 0.75 * min(speed / 1.3, 1.2)


def _heel_strike(speed: float) -> float:
    return (0.12 if speed > RUN_M_S else 0.32) * min(speed / 1.2, 1.0)


def _foot_shape(character: Character, heading: float, pitch: float) -> tuple[FloatArray, FloatArray]:
    """Heel and toe (3,) relative to the ankle; `pitch` lifts the toes."""
    body = character.body
    level = np.array([math.cos(heading), math.sin(heading), 0.0])
    ahead = math.cos(pitch) * level + np.array([0.0, 0.0, math.sin(pitch)])
    down = math.sin(pitch) * level - np.array([0.0, 0.0, math.cos(pitch)])
    return (
        body.ankle_m * down - HEEL_BACK * body.height_m * ahead,
        body.ankle_m * down + TOE_AHEAD * body.height_m * ahead,
    )


def _planted(character: Character, place: FloatArray, heading: float, pitch: float) -> Foot:
    """A foot on the ground: it turns about the heel while the toes are up, about the toes while the heel is up."""
    flat_heel, flat_toe = _foot_shape(character, heading, 0.0)
    heel, toe = _foot_shape(character, heading, pitch)
    flat_ankle = np.array([place[0], place[1], character.body.ankle_m])
    ankle = flat_ankle + (flat_heel - heel if pitch >= 0 else flat_toe - toe)
    return Foot(ankle, ankle + heel, ankle + toe)


def _standing_pitch(falls: Footfalls, index: int, next_speed: float, time_s: float) -> float:
    land = _heel_strike(float(falls.speed_m_s[index])) * (1 - (time_s - falls.rest_s[index]) / HEEL_ROLL_S)
    lift = float(falls.lift_s[index])
    if time_s < falls.rest_s[index] + HEEL_ROLL_S:
        return max(float(land), 0.0)
    rise_s = max(min(0.24, 0.45 * (lift - falls.rest_s[index])), 0.02)
    return -_push_off(next_speed) * smooth((time_s - lift + rise_s) / rise_s)


def foot_at(character: Character, side: int, time_s: float) -> Foot:
    """The foot of `side` (0 left, 1 right) at `time_s`."""
    falls = footfalls(character)
    order, times = _order(character, side)
    at = max(bisect_right(times, time_s) - 1, 0)
    here, after = order[at], order[min(at + 1, len(order) - 1)]
    speed = float(falls.speed_m_s[after])
    if time_s <= falls.lift_s[here]:
        pitch = _standing_pitch(falls, here, speed, time_s)
        return _planted(character, falls.position_m[here], float(falls.heading_rad[here]), pitch)
    part = float(time_s - falls.lift_s[here]) / _swing_s(falls, here, after)
    return _swinging(character, falls, here, after, min(part, 1.0))


def _swinging(character: Character, falls: Footfalls, here: int, after: int, part: float) -> Foot:
    """Between two stances. The path ends slow but not at rest, so that its stop can be seen."""
    speed = float(falls.speed_m_s[after])
    clearance = _clearance_m(character, int(falls.foot[after]), speed)
    off, land = -_push_off(speed), _heel_strike(speed)
    start = _planted(character, falls.position_m[here], float(falls.heading_rad[here]), off).ankle
    end = _planted(character, falls.position_m[after], float(falls.heading_rad[after]), land).ankle
    along = _along(part, speed * _swing_s(falls, here, after) / max(float(np.hypot(*(end - start)[:2])), 0.1))
    pitch = off + (land - off) * smooth(1.15 * part)
    turn = float(falls.heading_rad[after] - falls.heading_rad[here])
    heading = float(falls.heading_rad[here]) + turn * smooth(part)
    ankle = start + (end - start) * along
    ankle[2] = start[2] + (end[2] - start[2]) * part + clearance * math.sin(math.pi * part**0.85)
    heel, toe = _foot_shape(character, heading, pitch)
    ankle[2] -= min(0.0, ankle[2] + heel[2], ankle[2] + toe[2])
    return Foot(ankle, ankle + heel, ankle + toe)


def _swing_s(falls: Footfalls, here: int, after: int) -> float:
    return float(falls.rest_s[after] - falls.lift_s[here])


def _along(part: float, take_off: float) -> float:
    """Share of the way done: a cubic that leaves with the body's speed, not to hold the hips back, and ends slow."""
    begin = min(take_off, 0.9)
    return begin * part * (1 - part) ** 2 + smooth(part) + 0.25 * part * part * (part - 1)


def _clearance_m(character: Character, side: int, speed: float) -> float:
    """Metres that the ankle rises in a swing: more when sneaking, little with a bad foot."""
    share = float(np.interp(speed, [0.0, 1.2, 1.9, 2.5, 3.5], [0.05, 0.055, 0.07, 0.17, 0.26]))
    manner = (1 + 1.6 * character.sneak) * (1 - 2.0 * max(character.limp_of(side), 0.0))
    return character.body.leg_m * share * max(manner, 0.3)


@lru_cache(maxsize=128)
def _order(character: Character, side: int) -> tuple[list[int], list[float]]:
    falls = footfalls(character)
    order = falls.of_foot(side)
    return order, [float(falls.rest_s[index]) for index in order]


@lru_cache(maxsize=128)
def contact_times_s(character: Character, definition: Definition = "contact") -> FloatArray:
    """Times in seconds at which each footfall (K,) of `character` comes down; its rest where it never left the floor.

    Other definitions than the truth's serve to ask how clear a contact is.
    """
    falls = footfalls(character)
    times_s = falls.rest_s.copy()
    if definition != "rest":
        for side in (0, 1):
            for here, after in itertools.pairwise(falls.of_foot(side)):
                times_s[after] = _swing_contact_s(character, falls, here, after, definition)
    return times_s


def _swing_contact_s(character: Character, falls: Footfalls, here: int, after: int, definition: Definition) -> float:
    times_s = np.linspace(falls.lift_s[here], falls.rest_s[after], SWING_MOMENTS)
    feet = [_swinging(character, falls, here, after, part) for part in np.linspace(0.0, 1.0, SWING_MOMENTS)]
    if definition == "ahead":
        return float(times_s[int(np.argmax(_ahead_m(character, feet, times_s)))])
    height_m = np.array([foot.sole_m for foot in feet])
    return swing_contact_s(times_s, height_m, HIGHER_SHARE if definition == "higher" else DOWN_SHARE)


def _ahead_m(character: Character, feet: list[Foot], times_s: FloatArray) -> FloatArray:
    """Metres (N,) that the ankles of some moments are ahead of the hips."""
    track = character.track
    hips = np.array([track.position_at(float(time_s)) for time_s in times_s])
    heading = np.array([track.heading_at(float(time_s)) for time_s in times_s])
    away = np.array([foot.ankle[:2] for foot in feet]) - hips
    return np.asarray(away[:, 0] * np.cos(heading) + away[:, 1] * np.sin(heading))
