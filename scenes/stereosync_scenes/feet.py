"""Feet: where ankle, heel and toe of a foot are at any time, standing or swinging. A foot that stands never slides."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.contact import DOWN_SHARE, HIGHER_SHARE, Definition, swing_contact_s
from stereosync_scenes.key_poses import between_keys
from stereosync_scenes.plan import Character, FloatArray
from stereosync_scenes.steps import RUN_M_S, Footfalls, footfalls

HEEL_ROLL_S = 0.09
HEEL_BACK = 0.045  # of body height, behind the ankle
TOE_AHEAD = 0.095  # of body height, before the ankle
TUCK = 0.12  # of a leg, by which a jump draws the feet up besides
WAY_S = 0.08  # before and after a footfall, between which its way is read
SWING_MOMENTS = 33  # at which a swing is asked for its height


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot of one moment: ankle, heel and toe (3,) in world space."""

    ankle: FloatArray
    heel: FloatArray
    toe: FloatArray

    @property
    def points_m(self) -> FloatArray:
        """Ankle, heel and toe (3, 3)."""
        return np.stack([self.ankle, self.heel, self.toe])

    @property
    def sole_m(self) -> float:
        """Height of the sole's lowest point: it is straight from heel to toe."""
        return float(min(self.heel[2], self.toe[2]))


def smooth(part: float) -> float:
    """A way from 0 to 1 without a jolt at either end, as `part` goes from 0 to 1."""
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def _push_off(character: Character, falls: Footfalls, index: int) -> float:
    """Radians by which the heel is up when a foot leaves for the footfall `index`."""
    return 0.75 * min(float(falls.speed_m_s[index]) / 1.3, 1.2) * _forwards(character, falls, index)


def _heel_strike(character: Character, falls: Footfalls, index: int) -> float:
    """Radians by which the toes are up when a foot lands; below 0 it lands on them."""
    speed = float(falls.speed_m_s[index])
    strike = (0.12 if speed > RUN_M_S else 0.32) * min(speed / 1.2, 1.0) * character.style.strike
    return strike * _forwards(character, falls, index) if character.jump_that_ends(falls.rest_s[index]) is None else 0.0


def _forwards(character: Character, falls: Footfalls, index: int) -> float:
    """1 for a foot that goes where it points, 0 sideways, -1 backwards."""
    if not character.sideways:
        return 1.0
    time_s, heading = float(falls.rest_s[index]), float(falls.heading_rad[index])
    way = character.track.position_at(time_s + WAY_S) - character.track.position_at(time_s - WAY_S)
    gone = float(np.hypot(*way))
    return float(way @ [math.cos(heading), math.sin(heading)]) / gone if gone > 0.01 else 1.0


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


def _standing_pitch(character: Character, falls: Footfalls, index: int, after: int, time_s: float) -> float:
    land = _heel_strike(character, falls, index) * (1 - (time_s - falls.rest_s[index]) / HEEL_ROLL_S)
    lift = float(falls.lift_s[index])
    if time_s < falls.rest_s[index] + HEEL_ROLL_S:
        return float(land)
    rise_s = max(min(0.24, 0.45 * (lift - falls.rest_s[index])), 0.02)
    return -_push_off(character, falls, after) * smooth((time_s - lift + rise_s) / rise_s)


def foot_at(character: Character, side: int, time_s: float) -> Foot:
    """The foot of `side` (0 left, 1 right) at `time_s`."""
    if not character.style.keys:
        return unkeyed_foot(character, side, time_s)
    return Foot(*between_keys(character, time_s, lambda key_s: unkeyed_foot(character, side, key_s).points_m))


def unkeyed_foot(character: Character, side: int, time_s: float) -> Foot:
    """As `foot_at`, of someone who moves without key poses."""
    falls = footfalls(character)
    order, times = _order(character, side)
    at = max(bisect_right(times, time_s) - 1, 0)
    here, after = order[at], order[min(at + 1, len(order) - 1)]
    if time_s <= falls.lift_s[here]:
        pitch = _standing_pitch(character, falls, here, after, time_s)
        return _planted(character, falls.position_m[here], float(falls.heading_rad[here]), pitch)
    part = float(time_s - falls.lift_s[here]) / _swing_s(falls, here, after)
    return _swinging(character, falls, here, after, min(part, 1.0))


def _swinging(character: Character, falls: Footfalls, here: int, after: int, part: float) -> Foot:
    """Between two stances. The path ends slow but not at rest, so that its stop can be seen."""
    speed = float(falls.speed_m_s[after])
    style = character.style
    off, land = -_push_off(character, falls, after), _heel_strike(character, falls, after)
    start = _planted(character, falls.position_m[here], float(falls.heading_rad[here]), off).ankle
    end = _planted(character, falls.position_m[after], float(falls.heading_rad[after]), land).ankle
    take_off = speed * _swing_s(falls, here, after) / max(float(np.hypot(*(end - start)[:2])), 0.1)
    along = _along(min(part / (1 - style.early), 1.0), take_off) + style.retract * _beyond(part)
    pitch = off + (land - off) * smooth(1.15 * part)
    turn = float(falls.heading_rad[after] - falls.heading_rad[here])
    heading = float(falls.heading_rad[here]) + turn * smooth(part)
    ankle = start + (end - start) * along
    ankle[2] = start[2] + (end[2] - start[2]) * part + _rise_m(character, falls, here, after, part)
    heel, toe = _foot_shape(character, heading, pitch)
    ankle[2] -= min(0.0, ankle[2] + heel[2], ankle[2] + toe[2])
    return Foot(ankle, ankle + heel, ankle + toe)


def _rise_m(character: Character, falls: Footfalls, here: int, after: int, part: float) -> float:
    """Metres by which a swing lifts the ankle, or a jump."""
    arch = math.sin(math.pi * part**0.85)
    if jump := character.jump_that_ends(float(falls.rest_s[after])):
        time_s = float(falls.lift_s[here]) + part * _swing_s(falls, here, after)
        return jump.rise(time_s) + TUCK * character.body.leg_m * arch
    style, clearance = character.style, _clearance_m(character, int(falls.foot[after]), float(falls.speed_m_s[after]))
    return clearance * style.lift * (max(arch, 0.0) ** style.skim if style.skim != 1.0 else arch)


def _beyond(part: float) -> float:
    """0 to 1: how much of its retraction a foot has gone too far."""
    return math.sin(math.pi * max(part - 0.5, 0.0) / 0.5) ** 2


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
    if character.style.keys:
        feet = [foot_at(character, int(falls.foot[after]), float(time_s)) for time_s in times_s]
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
