"""Gait: feet that stand still on the ground, and a body that follows them. Everything is a function of time.

The step planner puts each foot under the place where the hips will be in the middle of its stance, so no foot ever
slides; knees and elbows come from two-bone inverse kinematics. A contact is the moment the swinging heel stops.
Cadence and stance share over speed follow R. McNeill Alexander, "Walking and Running" (Math. Gazette 80, 1996).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.plan import Character, FloatArray, Plan, Track

FEET = ("left", "right")
RUN_M_S = 2.05
HEEL_ROLL_S = 0.09
HEEL_BACK = 0.045  # of body height, behind the ankle
TOE_AHEAD = 0.095  # of body height, before the ankle
JOINTS = (
    "pelvis", "waist", "neck", "head",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_hand", "right_hand",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_toe", "right_toe",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Footfalls:
    """Every footfall of one character in order: K landings of alternate feet (mostly).

    `time_s` (K,) contact, `lift_s` (K,) when that foot leaves again, `position_m` (K, 2) of the sole's middle,
    `heading_rad` (K,), `foot` (K,) 0 left 1 right, `speed_m_s` (K,) of the body, `force` (K,).
    """

    time_s: FloatArray
    lift_s: FloatArray
    position_m: FloatArray
    heading_rad: FloatArray
    foot: FloatArray
    speed_m_s: FloatArray
    force: FloatArray

    def of_foot(self, side: int) -> list[int]:
        return [int(index) for index in np.flatnonzero(self.foot == side)]


@dataclass(frozen=True, eq=False)
class Pose:
    """Joints of one moment: `points_m` (J, 3) in world space in the order of `JOINTS`; unit `right` and `forward` (3,)."""

    points_m: FloatArray
    right: FloatArray
    forward: FloatArray

    def joint(self, name: str) -> FloatArray:
        point: FloatArray = self.points_m[JOINTS.index(name)]
        return point


def step_period_s(speed_m_s: float, leg_m: float) -> float:
    """Time from one contact to the next, seconds."""
    size = math.sqrt(0.85 / leg_m)
    if speed_m_s > RUN_M_S:
        return 1 / (size * (2.7 + 0.22 * (speed_m_s - 2.8)))
    return 1 / (size * max(1.15, 1.85 * math.sqrt(speed_m_s / 1.4)))


def stance_share(speed_m_s: float) -> float:
    """Part of a stride (two steps) that a foot stays on the ground: above a half when walking, below when running."""
    return float(np.interp(speed_m_s, [0.5, 1.8, 2.3, 3.5], [0.67, 0.59, 0.42, 0.34]))


def _spread_m(character: Character, side: int) -> float:
    return (1 if side == 0 else -1) * 0.047 * character.body.height_m * character.foot_spread


def _aim(character: Character, side: int, time_s: float, speed: float) -> tuple[FloatArray, float]:
    """Where a foot that lands at `time_s` should stand: under the hips in the middle of its stance."""
    track, period = character.track, step_period_s(speed, character.body.leg_m)
    middle_s = time_s + stance_share(speed) * period
    heading = track.heading_at(middle_s)
    spread = _spread_m(character, side) * (0.55 if speed > RUN_M_S else 1.0)
    return track.position_at(middle_s) + spread * np.array([-math.sin(heading), math.cos(heading)]), heading


@lru_cache(maxsize=64)
def footfalls(character: Character) -> Footfalls:
    """All footfalls of `character` over its track, planned once."""
    rng = np.random.default_rng([character.seed, 7])
    track, rows = character.track, []
    standing: dict[int, tuple[FloatArray, float]] = {}
    side = int(rng.integers(2))
    for first, foot in enumerate((1 - side, side)):  # both feet stand at the start
        place, heading = _aim(character, foot, track.start_s, 0.0)
        standing[foot] = (place, heading)
        rows.append([track.start_s - 1 + 0.2 * first, *place, heading, foot, 0.0, 0.0])
    time_s = track.start_s
    while time_s < track.end_s - 0.5:
        side = 1 - int(rows[-1][4])
        speed = track.speed_at(time_s + 0.15)
        step = step_period_s(speed, character.body.leg_m) * (1 + 0.025 * rng.standard_normal())
        time_s = max(time_s, rows[-1][0] + step)
        due = _due(character, standing, side, time_s, track.speed_at(time_s))
        if due is None:
            time_s += 0.03
            continue
        place, heading = _aim(character, due, time_s, track.speed_at(time_s))
        moved = float(np.hypot(*(place - standing[due][0])))
        standing[due] = (place, heading)
        rows.append([time_s, *place, heading, due, track.speed_at(time_s), _force(character, speed, moved, rng)])
    return _finish(np.array(rows), character)


def _due(
    character: Character, standing: dict[int, tuple[FloatArray, float]], side: int, time_s: float, speed: float
) -> int | None:
    """The foot that has to step by now, or None while both stand well."""
    for foot in (side, 1 - side):
        place, heading = _aim(character, foot, time_s, speed)
        away = float(np.hypot(*(place - standing[foot][0])))
        if away > 0.11 or abs(heading - standing[foot][1]) > 0.4:
            return foot
    return None


def _force(character: Character, speed: float, moved_m: float, rng: np.random.Generator) -> float:
    base = 2.0 * (speed / 3.0) ** 0.6 if speed > RUN_M_S else max(0.4, (max(speed, 0.2) / 1.35) ** 0.7)
    weight = (0.75 + 0.25 * character.body.bulk) * (0.6 + 0.4 * min(moved_m / 0.6, 1.0))
    return float(base * weight * rng.uniform(0.85, 1.18))


def _finish(rows: FloatArray, character: Character) -> Footfalls:
    time_s, foot, speed = rows[:, 0], rows[:, 4], rows[:, 5]
    lift_s = np.full(len(rows), np.inf)
    for side in (0, 1):
        order = np.flatnonzero(foot == side)
        for here, after in zip(order[:-1], order[1:], strict=True):
            period = step_period_s(float(speed[after]), character.body.leg_m)
            swing_s = 2 * period * (1 - stance_share(float(speed[after])))
            lift_s[here] = max(time_s[after] - swing_s, time_s[here] + 0.3 * (time_s[after] - time_s[here]))
    return Footfalls(time_s, lift_s, rows[:, 1:3], rows[:, 3], foot, speed, rows[:, 6])


@dataclass(frozen=True, eq=False)
class _Foot:
    """One foot of one moment: ankle, heel, toe (3,) and its heading."""

    ankle: FloatArray
    heel: FloatArray
    toe: FloatArray


def _smooth(part: float) -> float:
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


def _planted(character: Character, place: FloatArray, heading: float, pitch: float) -> _Foot:
    """A foot on the ground: it turns about the heel while the toes are up, about the toes while the heel is up."""
    flat_heel, flat_toe = _foot_shape(character, heading, 0.0)
    heel, toe = _foot_shape(character, heading, pitch)
    flat_ankle = np.array([place[0], place[1], character.body.ankle_m])
    ankle = flat_ankle + (flat_heel - heel if pitch >= 0 else flat_toe - toe)
    return _Foot(ankle, ankle + heel, ankle + toe)


def _standing_pitch(falls: Footfalls, index: int, next_speed: float, time_s: float) -> float:
    land = _heel_strike(float(falls.speed_m_s[index])) * (1 - (time_s - falls.time_s[index]) / HEEL_ROLL_S)
    lift = float(falls.lift_s[index])
    if time_s < falls.time_s[index] + HEEL_ROLL_S:
        return max(float(land), 0.0)
    rise_s = max(min(0.24, 0.45 * (lift - falls.time_s[index])), 0.02)
    return -_push_off(next_speed) * _smooth((time_s - lift + rise_s) / rise_s)


def _foot_at(character: Character, falls: Footfalls, side: int, time_s: float) -> _Foot:
    order, times = _order(character, side)
    at = max(bisect_right(times, time_s) - 1, 0)
    here, after = order[at], order[min(at + 1, len(order) - 1)]
    speed = float(falls.speed_m_s[after])
    if time_s <= falls.lift_s[here]:
        pitch = _standing_pitch(falls, here, speed, time_s)
        return _planted(character, falls.position_m[here], float(falls.heading_rad[here]), pitch)
    part = float((time_s - falls.lift_s[here]) / (falls.time_s[after] - falls.lift_s[here]))
    return _swinging(character, falls, here, after, min(part, 1.0))


def _swinging(character: Character, falls: Footfalls, here: int, after: int, part: float) -> _Foot:
    """Between two stances. The horizontal path ends slow but not at rest, so the stop at contact can be seen."""
    speed = float(falls.speed_m_s[after])
    off, land = -_push_off(speed), _heel_strike(speed)
    start = _planted(character, falls.position_m[here], float(falls.heading_rad[here]), off).ankle
    end = _planted(character, falls.position_m[after], float(falls.heading_rad[after]), land).ankle
    along = _smooth(part) + 0.25 * part * part * (part - 1)
    pitch = off + (land - off) * _smooth(1.15 * part)
    turn = float(falls.heading_rad[after] - falls.heading_rad[here])
    heading = float(falls.heading_rad[here]) + turn * _smooth(part)
    ankle = start + (end - start) * along
    ankle[2] = start[2] + (end[2] - start[2]) * part + _clearance_m(character, speed) * math.sin(math.pi * part**0.85)
    heel, toe = _foot_shape(character, heading, pitch)
    ankle[2] -= min(0.0, ankle[2] + heel[2], ankle[2] + toe[2])
    return _Foot(ankle, ankle + heel, ankle + toe)


def _clearance_m(character: Character, speed: float) -> float:
    return character.body.leg_m * float(np.interp(speed, [0.0, 1.2, 1.9, 2.5, 3.5], [0.05, 0.055, 0.07, 0.17, 0.26]))


@lru_cache(maxsize=128)
def _order(character: Character, side: int) -> tuple[list[int], list[float]]:
    falls = footfalls(character)
    order = falls.of_foot(side)
    return order, [float(falls.time_s[index]) for index in order]


@lru_cache(maxsize=64)
def _all_times(character: Character) -> list[float]:
    return [float(time) for time in footfalls(character).time_s]


def _step_phase(character: Character, time_s: float) -> float:
    """0 at the last contact, 1 at the next one."""
    times = _all_times(character)
    at = min(max(bisect_right(times, time_s), 1), len(times) - 1)
    return min((time_s - times[at - 1]) / (times[at] - times[at - 1]), 1.0)


def _bend(root: FloatArray, tip: FloatArray, upper: float, lower: float, towards: FloatArray) -> FloatArray:
    """The middle joint of two bones between `root` and `tip`, bent `towards`; straight when out of reach."""
    span = tip - root
    length = float(np.sqrt(span @ span))
    axis = span / max(length, 1e-6)
    along = (upper**2 - lower**2 + length**2) / (2 * max(length, 1e-6))
    if length >= upper + lower:
        along = length * upper / (upper + lower)
    side = towards - axis * float(towards @ axis)
    side /= max(float(np.sqrt(side @ side)), 1e-6)
    joint: FloatArray = root + axis * along + side * math.sqrt(max(upper**2 - along**2, 0.0))
    return joint


def pose(plan: Plan, character: Character, time_s: float) -> Pose:
    """The joints of `character` at `time_s`, in world space."""
    del plan  # every ground is level; the plan is part of the call so that slopes can come
    falls = footfalls(character)
    feet = [_foot_at(character, falls, side, time_s) for side in (0, 1)]
    return _body_pose(character, character.track, feet, time_s)


def _hip_height_m(character: Character, feet: list[_Foot], centre: FloatArray, speed: float, phase: float) -> float:
    body = character.body
    running = _smooth((speed - 1.8) / 0.6)
    bounce = 0.012 * min(speed, 1.5) * (1 - running) - 0.035 * running
    height = body.hip_m * (0.985 - 0.035 * running) - bounce * math.cos(2 * math.pi * (phase - 0.1 * running))
    for foot in feet:
        away = float(np.hypot(*(foot.ankle[:2] - centre)))
        height = min(height, float(foot.ankle[2]) + math.sqrt(max((0.998 * body.leg_m) ** 2 - away**2, 0.09)))
    return height


def _body_pose(character: Character, track: Track, feet: list[_Foot], time_s: float) -> Pose:
    body, tall = character.body, character.body.height_m
    heading, speed = track.heading_at(time_s), track.speed_at(time_s)
    forward = np.array([math.cos(heading), math.sin(heading), 0.0])
    right = np.array([math.sin(heading), -math.cos(heading), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    centre = track.position_at(time_s)
    height = _hip_height_m(character, feet, centre, speed, _step_phase(character, time_s))
    # How far the left foot is ahead of the right one: arms and trunk answer to it.
    lead = float((feet[0].ankle - feet[1].ankle) @ forward) / (2 * body.leg_m)
    lift = float(feet[0].ankle[2] - feet[1].ankle[2])
    sway = 0.02 * math.tanh(12 * lift)
    pelvis = np.array([centre[0], centre[1], height]) + sway * right
    lean = 0.02 + 0.045 * speed
    spine = math.cos(lean) * up + math.sin(lean) * forward
    across = right - 0.35 * lead * forward  # hips turn with the legs
    shoulders = right + 0.3 * lead * forward  # and shoulders against them
    hip, shoulder = 0.05 * tall * body.bulk**0.5 * across, 0.105 * tall * body.shoulder * shoulders
    waist, neck = pelvis + 0.09 * tall * spine, pelvis + (0.82 - body.leg_ratio) * tall * spine
    head = neck + 0.115 * tall * (0.6 * up + 0.4 * spine)
    points = [pelvis, waist, neck, head, neck - 0.03 * tall * spine - shoulder, neck - 0.03 * tall * spine + shoulder]
    hands = [_arm(character, points[4 + side], forward, right, lead, speed, side) for side in (0, 1)]
    points += [hands[0][0], hands[1][0], hands[0][1], hands[1][1], pelvis - hip, pelvis + hip]
    half = body.leg_m / 2
    for side in (0, 1):
        ahead = feet[side].toe - feet[side].heel
        knee_way = forward + 0.5 * ahead / max(float(np.hypot(*ahead[:2])), 1e-3)
        points.append(_bend(points[10 + side], feet[side].ankle, half, half, knee_way))
    points += [feet[0].ankle, feet[1].ankle, feet[0].heel, feet[1].heel, feet[0].toe, feet[1].toe]
    return Pose(np.stack(points), right, forward)


def _arm(
    character: Character,
    shoulder: FloatArray,
    forward: FloatArray,
    right: FloatArray,
    lead: float,
    speed: float,
    side: int,
) -> tuple[FloatArray, FloatArray]:
    """Elbow and hand: the arm swings against the leg of its side, and bends more at a run."""
    tall, running = character.body.height_m, _smooth((speed - 1.8) / 0.6)
    outward = -right if side == 0 else right
    swing = (-1 if side == 0 else 1) * 1.25 * lead * character.arm_swing * (1 + 0.3 * running)
    bend = 0.25 + 0.3 * max(swing, 0.0) + 1.15 * running
    down = np.array([0.0, 0.0, -1.0])
    upper = math.cos(swing) * down + math.sin(swing) * forward + 0.12 * outward
    lower = math.cos(swing + bend) * down + math.sin(swing + bend) * forward - 0.1 * running * outward
    elbow = shoulder + 0.17 * tall * upper
    return elbow, elbow + 0.2 * tall * lower
