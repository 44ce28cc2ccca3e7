"""A skin in a pose: linear blend skinning by bones that the pose's joints define.

Each bone is turned from where it lies at rest to where it lies in the pose, and stretched along itself, so that every
joint of the skin is exactly where the pose says; soles, which lie between heel and toe, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync_scenes.gait import JOINTS, Pose
from stereosync_scenes.plan import Body, FloatArray
from stereosync_scenes.skins.file import BONES, PARTS, REGIONS, read_skins

LIMBS = tuple(
    (JOINTS.index(f"{side}_{start}"), JOINTS.index(f"{side}_{end}"))
    for start, end in (("shoulder", "elbow"), ("elbow", "hand"), ("hip", "knee"), ("knee", "ankle"))
    for side in ("left", "right")
)
STARTS, ENDS = (np.array(joints) for joints in zip(*LIMBS, strict=True))
AT = {name: JOINTS.index(name) for name in JOINTS}


@dataclass(frozen=True, eq=False)
class Dressed:
    """One body at rest in its own size.

    `points_m` and `normals` (V, 4 B) hold, bone by bone, what it carries of a vertex: its share of x, y, z and 1, of
    a normal of 0. `joints_m` (J, 3), `corners` (M, 3), `colours` (V, 3). `feet`: the vertices of the left and the
    right foot, and the share of each that the foot carries.
    """

    points_m: FloatArray
    normals: FloatArray
    joints_m: FloatArray
    corners: npt.NDArray[np.uint32]
    colours: FloatArray
    feet: tuple[tuple[npt.NDArray[np.int64], FloatArray], ...]


@lru_cache(maxsize=64)
def dressed(body: Body) -> Dressed:
    """The skin of a body that has a `shape`."""
    skins = read_skins()
    share = np.array(body.shape)
    points, joints = (np.tensordot(share, one, axes=1) * body.height_m for one in (skins.points, skins.joints))
    worn = np.isin(skins.part, [0] + [PARTS.index(name) for name in body.parts])
    number = np.cumsum(worn) - 1
    corners = number[skins.corners[worn[skins.corners].all(1)]].astype(np.uint32)
    colours = np.array([_palette(body)[name] for name in REGIONS])[skins.region]
    weights, normals = skins.weights[worn], _normals(points[worn], corners)
    carried = _carried(weights, points[worn], 1.0), _carried(weights, normals, 0.0)
    feet = weights[:, [BONES.index("left_foot"), BONES.index("right_foot")]]
    soles = tuple((which := np.flatnonzero(foot > 0.0), foot[which]) for foot in feet.T)
    return Dressed(carried[0], carried[1], joints, corners, colours[worn], soles)


def _carried(weights: FloatArray, vectors: FloatArray, last: float) -> FloatArray:
    """Each bone's share (V, 4 B) of vectors (V, 3) that end in `last`."""
    return np.asarray((weights[..., None] * np.insert(vectors, 3, last, axis=1)[:, None]).reshape(len(vectors), -1))


def _palette(body: Body) -> dict[str, tuple[float, float, float]]:
    return {
        "skin": body.skin, "hair": body.hair, "shirt": body.shirt, "trousers": body.trousers, "shoes": body.shoes,
        "sleeve": body.shirt if body.sleeves else body.skin, "shin": body.skin if body.bare_legs else body.trousers,
    }  # fmt: skip


def _normals(points: FloatArray, corners: npt.NDArray[np.uint32]) -> FloatArray:
    """Outward unit normals (V, 3), the mean of the triangles around each vertex."""
    a, b, c = (points[corners[:, corner]] for corner in range(3))
    faces = np.cross(b - a, c - a)
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, corners[:, corner], faces)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))


def skin_surface(body: Body, pose: Pose) -> tuple[FloatArray, FloatArray]:
    """World vertices and outward unit normals, both (V, 3), of a body in a pose."""
    rest = dressed(body)
    turns, rest_m, now_m = _bones(rest.joints_m, pose)
    moves = now_m - np.einsum("bij,bj->bi", turns, rest_m)
    affine = np.concatenate([turns.transpose(0, 2, 1), moves[:, None]], axis=1).reshape(-1, 3)
    points, normals = rest.points_m @ affine, rest.normals @ affine
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    for side, (which, share) in zip(("left", "right"), rest.feet, strict=True):
        # Shoes are round at both ends, soles of poses are not.
        lowest_m = min(pose.points_m[AT[f"{side}_{end}"], 2] for end in ("heel", "toe"))
        points[which, 2] += share * (lowest_m - points[which, 2].min())
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    return points, normals


def _bones(rest: FloatArray, pose: Pose) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of each bone, as `file.BONES` has them: its turn with stretch (B, 3, 3), and its start (B, 3) at rest and now."""
    now = pose.points_m
    body_turn = np.stack([pose.right, pose.forward, [0.0, 0.0, 1.0]], axis=-1)  # from rest to the way it goes
    trunk = [
        _frame(now, "pelvis", "waist", "hip") @ _frame(rest, "pelvis", "waist", "hip").T,
        _chest(now) @ np.linalg.inv(_chest(rest)),
        _between(rest[AT["head"]] - rest[AT["neck"]], now[AT["head"]] - now[AT["neck"]], body_turn),
    ]
    limbs = _limbs(rest, now, body_turn)
    feet = [_foot(now, side) @ np.linalg.inv(_foot(rest, side)) for side in ("left", "right")]
    begin = [AT["pelvis"], AT["waist"], AT["neck"], *STARTS, AT["left_heel"], AT["right_heel"]]
    return np.concatenate([np.stack(trunk), limbs, np.stack(feet)]), rest[begin], now[begin]


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / np.maximum(np.sqrt((vector * vector).sum(-1, keepdims=True)), 1e-9))


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """The cross product of two (3,); numpy's takes ten times as long."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _frame(joints: FloatArray, start: str, end: str, pair: str) -> FloatArray:
    """Right, ahead and along (3, 3, columns) of a part of the trunk, by a pair of joints beside it."""
    along = _unit(joints[AT[end]] - joints[AT[start]])
    across = joints[AT[f"right_{pair}"]] - joints[AT[f"left_{pair}"]]
    across = _unit(across - along * (across @ along))
    return np.stack([across, _cross(along, across), along], axis=-1)


def _chest(joints: FloatArray) -> FloatArray:
    """As `_frame`, as wide as the shoulders and as long as it is."""
    frame = _frame(joints, "waist", "neck", "shoulder")
    wide = np.linalg.norm(joints[AT["right_shoulder"]] - joints[AT["left_shoulder"]])
    long = np.linalg.norm(joints[AT["neck"]] - joints[AT["waist"]])
    return np.asarray(frame * [wide, wide, long])


def _foot(joints: FloatArray, side: str) -> FloatArray:
    """Across, ahead and above (3, 3, columns) of a foot, as long as its sole and as high as its ankle."""
    heel, toe, ankle = (joints[AT[f"{side}_{name}"]] for name in ("heel", "toe", "ankle"))
    long = float(np.linalg.norm(toe - heel))
    ahead = (toe - heel) / max(long, 1e-9)
    across = _cross(ahead, _unit(ankle - heel))
    across[2] = 0.0  # soles do not tilt sideways, wherever the ankle is
    across = _unit(across)
    above = _cross(across, ahead)
    high = max(float((ankle - heel) @ above), 1e-9)
    return np.stack([long * across, long * ahead, high * above], axis=-1)


def _between(rest: FloatArray, now: FloatArray, body_turn: FloatArray) -> FloatArray:
    """The turn (..., 3, 3) of bones from `rest` to `now` (..., 3): with the body, then the shortest way; stretched."""
    before, axis = _unit(rest) @ body_turn.T, _unit(now)
    twist = np.cross(before, axis)
    cos = (before * axis).sum(-1)[..., None, None]
    zero = np.zeros_like(twist[..., 0])
    x, y, z = twist[..., 0], twist[..., 1], twist[..., 2]
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*twist.shape[:-1], 3, 3)
    turn = np.eye(3) + cross + cross @ cross / np.maximum(1 + cos, 1e-3)
    stretch = np.linalg.norm(now, axis=-1) / np.linalg.norm(rest, axis=-1) - 1
    along = axis[..., :, None] * axis[..., None, :] * stretch[..., None, None]
    return np.asarray((np.eye(3) + along) @ turn @ body_turn)


def _limbs(rest: FloatArray, now: FloatArray, body_turn: FloatArray) -> FloatArray:
    return _between(rest[ENDS] - rest[STARTS], now[ENDS] - now[STARTS], body_turn)
