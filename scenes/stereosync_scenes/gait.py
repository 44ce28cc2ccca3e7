"""Gait: the body above the feet, as a pure function of time.

Hips stay within both legs' reach, knees come from two-bone inverse kinematics, arms and trunk answer to the legs.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.feet import Foot, smooth, unkeyed_foot
from stereosync_scenes.key_poses import between_keys
from stereosync_scenes.plan import Character, FloatArray, Plan
from stereosync_scenes.steps import FEET, Footfalls, footfalls, stance_share

__all__ = ["FEET", "JOINTS", "Footfalls", "Pose", "footfalls", "pose"]

LOWEST = 0.8  # share of their height to which hips of who is alert go down; then the legs stretch
CROUCH = 0.16  # of a leg, by which the hips go down before and after a jump
UP = np.array([0.0, 0.0, 1.0])
JOINTS = (
    "pelvis", "waist", "neck", "head",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_hand", "right_hand",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_toe", "right_toe",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pose:
    """Joints of one moment: `points_m` (J, 3) in world space, ordered as `JOINTS`; unit `right`, `forward` (3,)."""

    points_m: FloatArray
    right: FloatArray
    forward: FloatArray

    def joint(self, name: str) -> FloatArray:
        point: FloatArray = self.points_m[JOINTS.index(name)]
        return point


@dataclass(frozen=True, eq=False)
class _Stride:
    """The stride that the upper body answers to: direction, speed, and the lead of the left foot over the right."""

    forward: FloatArray
    right: FloatArray
    speed_m_s: float
    lead: float  # in leg lengths, halved
    arm_lead: float  # the lead that the arms answer to
    running: float  # 0 walking, 1 running
    idle: float  # 1 standing, 0 under way
    favour: float  # of whoever limps: 1 while the bad foot bears the body, else about 0


@lru_cache(maxsize=64)
def _all_times(character: Character) -> list[float]:
    return [float(time) for time in footfalls(character).rest_s]


def _step_phase(character: Character, time_s: float) -> float:
    """0 when the last foot came to rest, 1 when the next one does."""
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
    points, stride = _points(character, time_s)
    if character.style.keys:
        points = between_keys(character, time_s, lambda key_s: _points(character, key_s)[0])
    return Pose(points, stride.right, stride.forward)


def _points(character: Character, time_s: float) -> tuple[FloatArray, _Stride]:
    """The joints (J, 3) of someone who moves without key poses."""
    body = character.body
    feet = [unkeyed_foot(character, side, time_s) for side in (0, 1)]
    stride = _stride(character, feet, time_s)
    pelvis = _pelvis(character, feet, stride, time_s)
    # Hips turn with the legs.
    across = stride.right - 0.35 * character.style.twist * stride.lead * stride.forward
    hip = 0.05 * body.height_m * body.bulk**0.5 * across
    hips = [pelvis - hip, pelvis + hip]
    knees = [_knee(character, hips[side], feet[side], stride) for side in (0, 1)]
    soles = [feet[0].ankle, feet[1].ankle, feet[0].heel, feet[1].heel, feet[0].toe, feet[1].toe]
    points = [*_upper_body(character, pelvis, stride, time_s), *hips, *knees, *soles]
    return np.stack(points), stride


def _stride(character: Character, feet: list[Foot], time_s: float) -> _Stride:
    heading, speed = character.track.heading_at(time_s), character.track.speed_at(time_s)
    forward = np.array([math.cos(heading), math.sin(heading), 0.0])
    right = np.array([math.sin(heading), -math.cos(heading), 0.0])
    lead = _lead(character, feet, forward)
    arm_lead, late_s = lead, character.style.arms_late_s
    if late_s:
        arm_lead = _lead(character, [unkeyed_foot(character, side, time_s - late_s) for side in (0, 1)], forward)
    higher = math.tanh(12 * float(feet[0].ankle[2] - feet[1].ankle[2]))  # 1: the left foot is up
    favour = 3.0 * max(-character.limp * higher, 0.0)
    return _Stride(forward, right, speed, lead, arm_lead, smooth((speed - 1.8) / 0.6), smooth(1 - speed / 0.4), favour)


def _lead(character: Character, feet: list[Foot], forward: FloatArray) -> float:
    return float((feet[0].ankle - feet[1].ankle) @ forward) / (2 * character.body.leg_m)


def _pelvis(character: Character, feet: list[Foot], stride: _Stride, time_s: float) -> FloatArray:
    """Over the track, swaying towards the foot that stands."""
    centre = character.track.position_at(time_s)
    height = _hip_height_m(
        character, feet, centre, stride, _step_phase(character, time_s), _jumping_m(character, time_s)
    )
    sway = 0.02 * character.style.sway * math.tanh(12 * float(feet[0].ankle[2] - feet[1].ankle[2]))
    shift = (
        stride.idle * 0.014 * math.sin(1.3 * time_s + character.seed % 7)
    )  # people who stand are never quite at rest
    pelvis: FloatArray = np.array([centre[0], centre[1], height]) + (sway + shift) * stride.right
    return pelvis


def _jumping_m(character: Character, time_s: float) -> float:
    """Metres by which a jump lifts the hips, or bends the knees before and after it."""
    for jump in character.jumps:
        if jump.take_off_s <= time_s < jump.down_s:
            return jump.rise(time_s)
        for edge_s, begin_s, end_s in ((jump.take_off_s, 0.3, 0.0), (jump.down_s, 0.0, 0.35)):
            if edge_s - begin_s <= time_s < edge_s + end_s:
                part = (time_s - edge_s + begin_s) / (begin_s + end_s)
                return -CROUCH * character.body.leg_m * math.sin(math.pi * part) ** 2
    return 0.0


def _hip_height_m(
    character: Character, feet: list[Foot], centre: FloatArray, stride: _Stride, phase: float, jumping_m: float
) -> float:
    """Walking hips are highest in the middle of the stance, running ones lowest (R. McNeill Alexander, as in `steps`).

    The middle of a stance comes `stance_share` of a step after its rest.
    """
    body, running = character.body, stride.running
    bounce = (0.012 * min(stride.speed_m_s, 1.5) * (1 - running) - 0.04 * running) * character.style.bob
    late = character.style.bob_late + stance_share(stride.speed_m_s)
    height = body.hip_m * (0.985 - 0.055 * running - 0.1 * character.sneak * (1 - stride.idle) - 0.04 * stride.favour)
    height += jumping_m + (bounce * math.cos(2 * math.pi * (phase - late)) if jumping_m == 0.0 else 0.0)
    for foot in feet:
        away = float(np.hypot(*(foot.ankle[:2] - centre)))
        height = min(height, float(foot.ankle[2]) + math.sqrt(max((0.998 * body.leg_m) ** 2 - away**2, 0.09)))
    return (
        max(height, LOWEST * body.hip_m) if character.style.alert and not jumping_m and not character.sneak else height
    )


def _knee(character: Character, hip: FloatArray, foot: Foot, stride: _Stride) -> FloatArray:
    """Knees point where the body goes and where the toes point."""
    ahead = foot.toe - foot.heel
    towards = stride.forward + 0.5 * ahead / max(float(np.hypot(*ahead[:2])), 1e-3)
    return _bend(hip, foot.ankle, character.body.leg_m / 2, character.body.leg_m / 2, towards)


def _upper_body(character: Character, pelvis: FloatArray, stride: _Stride, time_s: float) -> list[FloatArray]:
    """The joints from pelvis to hands, in the order of `JOINTS`."""
    body, tall = character.body, character.body.height_m
    lean = 0.02 + character.style.lean_rad + 0.045 * stride.speed_m_s + 0.3 * character.sneak * (1 - stride.idle)
    tilt = (-1 if character.limp > 0 else 1) * 0.16 * stride.favour
    spine = math.cos(lean) * UP + math.sin(lean) * stride.forward + tilt * stride.right
    spine /= math.sqrt(1 + tilt * tilt)
    waist, neck = pelvis + 0.09 * tall * spine, pelvis + (0.82 - body.leg_ratio) * tall * spine
    head = neck + 0.115 * tall * (0.6 * UP + 0.4 * spine)
    # Shoulders turn against the legs.
    across = stride.right + 0.3 * character.style.twist * stride.arm_lead * stride.forward
    shoulder = 0.105 * tall * body.shoulder * across
    shoulders = [neck - 0.03 * tall * spine - shoulder, neck - 0.03 * tall * spine + shoulder]
    left, right = (_arm(character, shoulders[side], stride, side, time_s) for side in (0, 1))
    return [pelvis, waist, neck, head, *shoulders, left[0], right[0], left[1], right[1]]


def _arm(
    character: Character, shoulder: FloatArray, stride: _Stride, side: int, time_s: float
) -> tuple[FloatArray, FloatArray]:
    """Elbow and hand: the arm swings against the leg of its side, and bends more at a run; who stands may gesture."""
    tall, running, forward = character.body.height_m, stride.running, stride.forward
    outward = -stride.right if side == 0 else stride.right
    style, held = character.style, character.style.held[side]
    swing = (-1 if side == 0 else 1) * 1.25 * stride.arm_lead * character.arm_swing * (1 + 0.3 * running)
    swing = swing * style.arms[side] + 0.4 * held
    gesture = stride.idle * _gesture(character, side, time_s)
    swing += 0.35 * gesture
    bend = 0.25 + 0.3 * max(swing, 0.0) + 1.15 * running * (1 - min(held, 1.0)) + 1.1 * gesture + held
    upper = math.cos(swing) * -UP + math.sin(swing) * forward + (0.12 + style.elbows_out) * outward
    lower = math.cos(swing + bend) * -UP + math.sin(swing + bend) * forward - 0.1 * running * outward
    elbow = shoulder + 0.17 * tall * upper
    return elbow, elbow + 0.2 * tall * lower


def _gesture(character: Character, side: int, time_s: float) -> float:
    """0 to 1: how far one who stands lifts a hand, so that motion without a step is seen too. Half of all people do."""
    if character.seed % 4 != side:
        return 0.0
    return max(math.sin(1.1 * time_s + character.seed % 11), 0.0) * (0.75 + 0.25 * math.sin(7.0 * time_s))
