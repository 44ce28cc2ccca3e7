"""Figures: a body's surface as rounded limbs between joints. The drawn vertices are also what the boxes come from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync_scenes.gait import JOINTS, Pose
from stereosync_scenes.plan import Body, FloatArray

SIDES = 8
# Rings of a limb: (place from start to end, reach beyond that end in radii, radius share).
RINGS = ((0.0, -1.0, 0.05), (0.0, -0.6, 0.75), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (1.0, 0.6, 0.75), (1.0, 1.0, 0.05))
LIMB_VERTICES = len(RINGS) * SIDES

# One limb: start joint, end joint, half width and half depth at both ends (shares of body height), colour's name.
Limb = tuple[str, str, float, float, float, float, str]
TRUNK: tuple[Limb, ...] = (
    ("pelvis", "waist", 0.088, 0.062, 0.078, 0.056, "trousers"),
    ("waist", "neck", 0.076, 0.056, 0.1, 0.058, "shirt"),
    ("neck", "head", 0.03, 0.03, 0.034, 0.034, "skin"),
    ("head", "crown", 0.044, 0.05, 0.042, 0.05, "skin"),
    ("back", "crown", 0.045, 0.042, 0.047, 0.05, "hair"),
)
SIDE_LIMBS: tuple[Limb, ...] = (
    ("shoulder", "elbow", 0.031, 0.031, 0.026, 0.026, "shirt"),
    ("elbow", "hand", 0.024, 0.024, 0.017, 0.019, "sleeve"),
    ("hand", "fingers", 0.015, 0.021, 0.012, 0.018, "skin"),
    ("hip", "knee", 0.05, 0.054, 0.034, 0.036, "trousers"),
    ("knee", "ankle", 0.033, 0.036, 0.022, 0.024, "shin"),
    ("sole_heel", "sole_toe", 0.026, 0.021, 0.028, 0.016, "shoes"),
)
SKIRT: tuple[Limb, ...] = (("waist", "hem", 0.08, 0.06, 0.13, 0.12, "trousers"),)
COAT: tuple[Limb, ...] = (("waist", "hem", 0.092, 0.07, 0.13, 0.115, "shirt"),)
HAT: tuple[Limb, ...] = (
    ("brow", "brim", 0.085, 0.09, 0.085, 0.09, "extra"), ("brow", "hat_top", 0.052, 0.056, 0.044, 0.05, "extra"),
)  # fmt: skip
BACKPACK: tuple[Limb, ...] = (("pack_low", "pack_high", 0.075, 0.05, 0.07, 0.045, "extra"),)
CARRIED: dict[str, tuple[Limb, ...]] = {
    "rifle": (("rifle_butt", "rifle_end", 0.012, 0.022, 0.008, 0.01, "extra"),),
    "staff": (("staff_low", "staff_high", 0.009, 0.009, 0.012, 0.012, "extra"),),
    "sword": (("right_hand", "sword_end", 0.008, 0.014, 0.005, 0.008, "extra"),),
    "bag": (("bag_low", "bag_high", 0.04, 0.075, 0.03, 0.06, "extra"),),
    "shield": (("shield_low", "shield_high", 0.03, 0.12, 0.03, 0.13, "extra"),),
    "cape": (("cape_low", "cape_high", 0.14, 0.015, 0.1, 0.02, "extra"),),
}


def limbs(body: Body) -> tuple[Limb, ...]:
    """All limbs of `body`, trunk first; of one with a skin only what it wears and carries."""
    sides = tuple(
        (f"{side}_{start}", f"{side}_{end}", *sizes, colour)
        for side in ("left", "right")
        for start, end, *sizes, colour in SIDE_LIMBS
    )
    below = COAT if body.coat else SKIRT if body.skirt else ()
    worn = below + (HAT if body.hat else ()) + (BACKPACK if body.backpack else ())
    worn += tuple(limb for name in body.carries for limb in CARRIED[name])
    return worn if body.shape else TRUNK + worn + sides  # type: ignore[operator]


@lru_cache(maxsize=256)
def _sizes(body: Body) -> tuple[FloatArray, npt.NDArray[np.float64]]:
    """Limb half sizes (P, 2 ends, 2) in metres, and colours (P, 3)."""
    widths = np.array([limb[2:6] for limb in limbs(body)]).reshape(-1, 2, 2) * body.height_m
    slim = np.array([1.0 if limb[6] in ("skin", "hair", "shoes", "extra") else body.bulk for limb in limbs(body)])
    palette = {
        "skin": body.skin, "hair": body.hair, "shirt": body.shirt, "trousers": body.trousers, "shoes": body.shoes,
        "sleeve": body.shirt if body.sleeves else body.skin, "extra": body.extra,
        "shin": body.skin if body.skirt or body.bare_legs else body.trousers,
    }  # fmt: skip
    return widths * slim[:, None, None], np.array([palette[limb[6]] for limb in limbs(body)])


@lru_cache(maxsize=1)
def _template() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Per vertex (V,): place along, reach, radius share; and the angle around."""
    rings = np.repeat(np.array(RINGS), SIDES, axis=0)
    angle = np.tile(np.arange(SIDES) * 2 * np.pi / SIDES, len(RINGS))
    return rings[:, 0], rings[:, 1], rings[:, 2], angle


def triangles(limb_count: int) -> npt.NDArray[np.uint32]:
    """Triangle corners (M, 3) of `limb_count` limbs, counter-clockwise from outside."""
    ring, side = np.meshgrid(np.arange(len(RINGS) - 1), np.arange(SIDES), indexing="ij")
    here, across = ring * SIDES + side, ring * SIDES + (side + 1) % SIDES
    one = np.stack([here, across, across + SIDES, here, across + SIDES, here + SIDES], axis=-1).reshape(-1, 3)
    return (one[None] + LIMB_VERTICES * np.arange(limb_count)[:, None, None]).reshape(-1, 3).astype(np.uint32)


def _ends(body: Body, pose: Pose) -> tuple[FloatArray, FloatArray]:
    """Start and end points (P, 3) of every limb, with the helper points that are no joints."""
    points = dict(zip(JOINTS, pose.points_m, strict=True))
    tall = body.height_m
    up = np.array([0.0, 0.0, 1.0])
    points["crown"] = points["head"] + 0.035 * tall * up
    points["back"] = points["head"] - 0.018 * tall * pose.forward + 0.002 * tall * up
    points |= _worn(body, points, pose.forward)
    for side in ("left", "right"):
        elbow, hand = points[f"{side}_elbow"], points[f"{side}_hand"]
        points[f"{side}_fingers"] = hand + (hand - elbow) * 0.3
        heel, toe, ankle = (points[f"{side}_{name}"] for name in ("heel", "toe", "ankle"))
        ahead = (toe - heel) / np.sqrt((toe - heel) @ (toe - heel))
        above = ankle - heel - ahead * ((ankle - heel) @ ahead)
        above /= np.sqrt(above @ above)
        # The limb is round at both ends, so its axis starts a radius inside the sole.
        points[f"{side}_sole_heel"] = heel + 0.021 * tall * above + 0.015 * tall * ahead
        points[f"{side}_sole_toe"] = toe + 0.016 * tall * above
    parts = limbs(body)
    return np.array([points[part[0]] for part in parts]), np.array([points[part[1]] for part in parts])


def _worn(body: Body, points: dict[str, FloatArray], forward: FloatArray) -> dict[str, FloatArray]:
    """Helper points (3,) of what is worn: the hem of a skirt or coat, a hat, a backpack."""
    tall, up = body.height_m, np.array([0.0, 0.0, 1.0])
    knees, ankles = (0.5 * (points[f"left_{name}"] + points[f"right_{name}"]) for name in ("knee", "ankle"))
    way = body.hem * 2  # pelvis at 0, knees at 1, ankles at 2
    hem = (1 - way) * points["pelvis"] + way * knees if way < 1 else (2 - way) * knees + (way - 1) * ankles
    brow = points["head"] + 0.055 * tall * up
    behind = -(0.06 + 0.045 * body.bulk) * tall * forward
    high = 0.2 * points["waist"] + 0.8 * points["neck"] + behind
    if body.carries:
        points |= _carried(tall, points, forward)
    return {
        "hem": hem, "brow": brow, "brim": brow + 0.002 * tall * up, "hat_top": brow + 0.06 * tall * up,
        "pack_low": points["waist"] + behind, "pack_high": high,
    }  # fmt: skip


def _carried(tall: float, points: dict[str, FloatArray], forward: FloatArray) -> dict[str, FloatArray]:
    """Helper points (3,) of what is in the hands or hangs from the neck, for a body that is `tall` metres."""
    up, left, right = np.array([0.0, 0.0, 1.0]), points["left_hand"], points["right_hand"]
    knees = 0.5 * (points["left_knee"] + points["right_knee"])
    offsets = {
        "rifle_butt": (right, 0.03 * up - 0.12 * forward),
        "rifle_end": (right, 0.07 * up + 0.36 * forward),
        "staff_low": (right, -0.3 * up),
        "staff_high": (right, 0.5 * up + 0.03 * forward),
        "sword_end": (right, 0.36 * forward - 0.2 * up),
        "bag_low": (left, -0.19 * up),
        "bag_high": (left, -0.05 * up),
        "shield_low": (left, -0.12 * up),
        "shield_high": (left, 0.12 * up),
        "cape_high": (points["neck"], -0.06 * forward),
        "cape_low": (knees, -0.13 * forward),
    }
    return {name: start + tall * off for name, (start, off) in offsets.items()}


def surface(body: Body, pose: Pose) -> tuple[FloatArray, FloatArray]:
    """World vertices and outward unit normals, both (P * V, 3), of a body in a pose."""
    start, end = _ends(body, pose)
    sizes, _ = _sizes(body)
    along, reach, share, angle = _template()
    axis = end - start
    axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-6)
    deep = np.cross(pose.right, axis)
    deep /= np.maximum(np.linalg.norm(deep, axis=1, keepdims=True), 1e-6)
    wide = np.cross(axis, deep)
    size = sizes[:, 0, None] * (1 - along)[None, :, None] + sizes[:, 1, None] * along[None, :, None]  # (P, V, 2)
    out = size[..., :1] * np.cos(angle)[None, :, None] * wide[:, None]
    out += size[..., 1:] * np.sin(angle)[None, :, None] * deep[:, None]
    core = start[:, None] + along[None, :, None] * (end - start)[:, None]
    core += (reach[None] * size.mean(axis=-1) * 0.9)[..., None] * axis[:, None]
    points = core + share[None, :, None] * out
    normal = (
        out / np.linalg.norm(out, axis=-1, keepdims=True) * share[None, :, None] + reach[None, :, None] * axis[:, None]
    )
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    _put_soles_down(body, pose, points)
    points[..., 2] = np.maximum(points[..., 2], 0.0)
    return points.reshape(-1, 3), normal.reshape(-1, 3)


def _put_soles_down(body: Body, pose: Pose, points: FloatArray) -> None:
    """Move the soles of the limbs' vertices (P, V, 3) to the height of heel or toe, whichever is lower.

    A round heel would come down tens of milliseconds after the foot whose contact is the truth.
    """
    for limb, (start, *_) in zip(points, limbs(body), strict=True):
        if start.endswith("_sole_heel"):
            side = start.removesuffix("_sole_heel")
            limb[:, 2] += min(pose.joint(f"{side}_{end}")[2] for end in ("heel", "toe")) - limb[:, 2].min()


def colours(body: Body) -> FloatArray:
    """Colour of every vertex (P * V, 3), 0 to 1."""
    _, per_limb = _sizes(body)
    return np.repeat(per_limb, LIMB_VERTICES, axis=0)
