"""One of the project's own figures as a skeleton that walks: what its GLB and BVH files are made of, and its truth."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.casting import make_plan
from stereosync_scenes.contact import contact_phase
from stereosync_scenes.feet import contact_times_s
from stereosync_scenes.figure import LIMB_VERTICES, limbs, surface
from stereosync_scenes.gait import JOINTS, Pose, footfalls, pose
from stereosync_scenes.plan import Character, FloatArray, Plan, Track
from stereosync_scenes.track import LEAD_S, track_times_s

PACE_M_S, TRACK_S, BEGIN_S = 1.3, 9.0, 2.0
# A bone's joint, its parent, its direction from joint to joint, and what Mixamo calls it.
BONES = {
    "pelvis": ("", ("pelvis", "waist"), "Hips"),
    "waist": ("pelvis", ("waist", "neck"), "Spine"),
    "neck": ("waist", ("neck", "head"), "Neck"),
    "head": ("neck", ("neck", "head"), "Head"),
} | {
    f"{side}_{joint}": (parent.format(side), tuple(f"{side}_{end}" for end in ends), f"{side.title()}{name}")
    for side in ("left", "right")
    for joint, parent, ends, name in (
        ("shoulder", "neck", ("shoulder", "elbow"), "Arm"),
        ("elbow", "{}_shoulder", ("elbow", "hand"), "ForeArm"),
        ("hand", "{}_elbow", ("elbow", "hand"), "Hand"),
        ("hip", "pelvis", ("hip", "knee"), "UpLeg"),
        ("knee", "{}_hip", ("knee", "ankle"), "Leg"),
        ("ankle", "{}_knee", ("heel", "toe"), "Foot"),
        ("toe", "{}_ankle", ("heel", "toe"), "ToeBase"),
    )
}
FROM_WORLD = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])  # ahead, left, up -> left, up, ahead
LIMB_BONES = {"back": "head", "sole_heel": "ankle"}  # of limbs that begin at no joint


@dataclass(frozen=True, eq=False)
class MovingFigure:
    """Bones (F, B) as places (F, B, 3) and turns (F, B, 3, 3), y up, z ahead, x left; the skin of frame 0, its bones.

    `contact_s` is when the left and the right sole come down, by the project's definition, in seconds from frame 0.
    """

    times_s: FloatArray
    places_m: FloatArray
    turns: FloatArray
    skin_m: FloatArray  # (V, 3)
    skin_bones: list[int]  # (V,)
    period_s: float
    contact_s: tuple[float, float]

    @property
    def parents(self) -> list[int]:
        names = list(BONES)
        return [names.index(parent) if parent else -1 for parent, _, _ in BONES.values()]

    @property
    def way_m(self) -> float:
        return PACE_M_S * self.period_s


@lru_cache(maxsize=4)
def moving_figure(turns: float = 1.0, rate_hz: float = 30.0) -> MovingFigure:
    """A figure that walks `turns` turns of its gait, from between two contacts on.

    A whole number of turns is told by its last frame too, which is the first again, farther on.
    """
    plan, character = _walker()
    falls = contact_times_s(character)[footfalls(character).foot == 0]
    first, second = falls[falls > BEGIN_S][:2]
    period_s, begin_s = float(second - first), float(first) - 0.2 * float(second - first)
    times_s = np.linspace(0.0, turns * period_s, round(turns * period_s * rate_hz) + 1)
    poses = [pose(plan, character, begin_s + float(time_s)) for time_s in times_s]
    skin = surface(character.body, poses[0])[0] @ FROM_WORLD.T
    fine = [pose(plan, character, begin_s + share * period_s) for share in np.arange(200) / 200]
    soles_m = [_sole_m(character, skin, fine, poses[0], side) for side in ("left", "right")]
    contacts = [contact_phase(height_m) * period_s for height_m in soles_m]
    bones = [_frame(one) for one in poses]
    turns_of = np.stack([frames @ bones[0][1].transpose(0, 2, 1) for _, frames in bones])
    places = np.stack([place for place, _ in bones])
    return MovingFigure(times_s, places, turns_of, skin, _skin_bones(character), period_s, (contacts[0], contacts[1]))


def _walker() -> tuple[Plan, Character]:
    plan = make_plan(30_003)
    times_s = track_times_s(TRACK_S)
    place = np.stack([PACE_M_S * times_s, np.zeros(len(times_s))], axis=-1)
    track = Track(-LEAD_S, place, np.zeros(len(times_s)), np.full(len(times_s), PACE_M_S))
    body = dataclasses.replace(plan.characters[0].body, coat=False, skirt=False, hat=False, backpack=False)
    return plan, dataclasses.replace(plan.characters[0], track=track, body=body, limp=0.0)


def _frame(one: Pose) -> tuple[FloatArray, FloatArray]:
    """Places (B, 3) and axes (B, 3, 3) of all bones."""
    joints = dict(zip(JOINTS, one.points_m @ FROM_WORLD.T, strict=True))
    right = FROM_WORLD @ one.right
    axes = []
    for _, (start, end), _ in BONES.values():
        along = joints[end] - joints[start]
        along /= np.linalg.norm(along)
        across = right - (right @ along) * along
        across /= np.linalg.norm(across)
        axes.append(np.stack([across, along, np.cross(across, along)], axis=-1))
    return np.stack([joints[name] for name in BONES]), np.stack(axes)


def _limb_bones(character: Character) -> list[str]:
    names = []
    for start, *_ in limbs(character.body):
        side, _, part = start.rpartition("_") if start.startswith(("left", "right")) else ("", "", start)
        if start.endswith("sole_heel"):
            side, part = start.removesuffix("_sole_heel"), "sole_heel"
        bone = LIMB_BONES.get(part, part)
        names.append(f"{side}_{bone}" if side else bone)
    return names


def _skin_bones(character: Character) -> list[int]:
    bones = list(BONES)
    return [bones.index(bone) for bone in _limb_bones(character) for _ in range(LIMB_VERTICES)]


def _sole_m(character: Character, skin_m: FloatArray, poses: list[Pose], first: Pose, side: str) -> FloatArray:
    """Height (F,) over the floor of a sole that its bone carries stiffly: rolling off, the toes sink out of sight."""
    rows = np.repeat([bone == f"{side}_ankle" for bone in _limb_bones(character)], LIMB_VERTICES)
    bone = list(BONES).index(f"{side}_ankle")
    (place, axes), moved = (part[bone] for part in _frame(first)), [_frame(one) for one in poses]
    offsets = (skin_m[rows] - place) @ axes
    lowest = [(places[bone] + offsets @ frames[bone].T)[:, 1].min() for places, frames in moved]
    return np.maximum(lowest, 0.0)
