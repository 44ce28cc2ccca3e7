"""The feet among a body's points: by the names of bones, or by how low they come, and on which side."""

from __future__ import annotations

import re

import numpy as np

from stereosync_scenes.cycles.checks import CycleError
from stereosync_scenes.cycles.motion import SIDES, Feet
from stereosync_scenes.plan import FloatArray

LOW_SHARE = 0.1  # of a body's height: points that come so low are its feet's
LEAST_SHARE = 0.3  # of the farthest going of a foot: what goes less ahead and back, as a hem, is no foot's
PARTS = ("foot", "feet", "toe", "ankle", "heel", "sole")
ARMS = ("hand", "arm", "fore", "elbow", "shoulder", "collar")
LIMBS = (*PARTS, *ARMS, "leg", "thigh", "calf", "shin", "knee", "hip", "up", "lo")
CONTROLS = {"ik", "pole", "target", "ctrl", "control", "roll"}  # bones that steer others
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _words(bone: str) -> list[str]:
    """The words of a name such as "mixamorig:LeftFoot", "foot_l", "Bip01 R Toe0" or "lToe", in small letters."""
    return [word.lower() for word in WORD.findall(bone)]


def side_of(bone: str) -> str | None:
    """ "left", "right", or None where a bone's name tells no side."""
    words = _words(bone)
    for side in SIDES:
        if any(word.startswith(side) or word.endswith(side) for word in words) or side[0] in words:
            return side
    for word in words:  # one word of small letters, such as "lfoot"
        if word[0] in "lr" and word[1:].startswith(LIMBS):
            return "left" if word[0] == "l" else "right"
    return None


def is_foot(bone: str) -> bool:
    """True for the name of a foot's bone."""
    words = _words(bone)
    named = any(part in word for word in words for part in PARTS) or "ball" in words
    return named and not CONTROLS & set(words)


def named_feet(bones: tuple[str, ...]) -> Feet | None:
    """Rows of the feet by the bones (V,) that carry the points; None where they do not name both."""
    rows = {side: [row for row, bone in enumerate(bones) if is_foot(bone) and side_of(bone) == side] for side in SIDES}
    left, right = (rows[side] for side in SIDES)
    return (left, right) if left and right else None


def low_rows(points_m: FloatArray) -> list[int]:
    """Rows of the points (F, V, 3) that come near the floor."""
    lowest = points_m[..., 1].min(axis=0)
    tall_m = float(np.median(np.ptp(points_m[..., 1], axis=1)))
    return [int(row) for row in np.flatnonzero(lowest <= lowest.min() + LOW_SHARE * tall_m)]


def feet_by_side(points_m: FloatArray) -> Feet:
    """Low rows of the left and the right foot of a body (F, V, 3) that faces +z: what goes ahead together is one foot.

    Raises:
        CycleError: one side has none.
    """
    low = np.array(low_rows(points_m))
    ahead = points_m[:, low, 2] - points_m[:, low, 2].mean(axis=0)
    apart = np.linalg.svd(ahead - ahead.mean(axis=1, keepdims=True), full_matrices=False)[2][0]
    if not apart.min() < 0 < apart.max():
        raise CycleError("it has no two feet: name their bones, such as LeftFoot and RightFoot")
    one, other = low[apart <= LEAST_SHARE * apart.min()], low[apart >= LEAST_SHARE * apart.max()]
    across = points_m[..., 0].mean(axis=0)
    left, right = sorted((one, other), key=lambda rows: float(across[rows].mean()))
    return left.tolist(), right.tolist()
