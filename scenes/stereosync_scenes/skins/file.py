"""The file of bodies: what it holds, and how it is read. `scripts/make_bodies.py` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stereosync_scenes.track import FloatArray

BODIES = Path(__file__).parent / "bodies.npz"
# Sex, age, muscle and weight of each shape, in the words of the package they are from.
SHAPES = tuple(
    (sex, age, muscle, weight)
    for sex in ("female", "male")
    for age, muscle, weight in (
        ("child", "average", "min"), ("child", "average", "average"), ("child", "average", "max"),
        ("young", "average", "min"), ("young", "average", "average"), ("young", "average", "max"),
        ("young", "max", "average"), ("young", "max", "max"),
        ("old", "average", "min"), ("old", "average", "average"), ("old", "average", "max"),
    )
)  # fmt: skip
BONES = (
    "pelvis", "chest", "head", "left_upper_arm", "right_upper_arm", "left_lower_arm", "right_lower_arm",
    "left_thigh", "right_thigh", "left_shin", "right_shin", "left_foot", "right_foot",
)  # fmt: skip
REGIONS = ("skin", "hair", "shirt", "sleeve", "trousers", "shin", "shoes")
PARTS = ("body", "skirt", "long_hair")  # of which the first is always drawn
SCALE, OFFSET = 1.75 / 65535, -0.6  # coordinates of bodies that are 1 high, as 16 bits


@dataclass(frozen=True, eq=False)
class Skins:
    """All bodies: S shapes of the same V vertices, 1 high, at rest, facing +y with the soles at 0.

    `points` (S, V, 3), `joints` (S, J, 3) ordered as `gait.JOINTS`, `corners` (M, 3), `weights` (V, bones) that sum
    to 1, `region` (V,) of `REGIONS` and `part` (V,) of `PARTS`.
    """

    points: FloatArray
    joints: FloatArray
    corners: npt.NDArray[np.uint32]
    weights: FloatArray
    region: npt.NDArray[np.uint8]
    part: npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def read_skins() -> Skins:
    """The bodies that ship."""
    with np.load(BODIES) as file:
        weights = file["weights"].astype(np.float64)
        return Skins(
            file["points"] * SCALE + OFFSET,
            file["joints"].astype(np.float64),
            file["corners"].astype(np.uint32),
            weights / weights.sum(1, keepdims=True),
            file["region"],
            file["part"],
        )


def write_skins(path: Path, skins: Skins) -> None:
    """Write bodies so that `read_skins` finds them."""
    np.savez_compressed(
        path,
        points=np.round((skins.points - OFFSET) / SCALE).astype(np.uint16),
        joints=skins.joints.astype(np.float32),
        corners=skins.corners.astype(np.uint16),
        weights=np.round(skins.weights * 255).astype(np.uint8),
        region=skins.region,
        part=skins.part,
    )
