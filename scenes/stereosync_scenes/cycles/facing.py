"""The heading of a body: by its right and its left, where bones name them, else by the way that it goes."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.cycles.feet import side_of
from stereosync_scenes.plan import FloatArray

ALONG_RAD = np.pi / 6  # a body that goes nearly as it faces, or against it, faces along its way


def facing_rad(points_m: FloatArray, way_m: FloatArray, bones: tuple[str, ...], front_known: bool) -> float:
    """The heading from +z towards +x that points (F, V, 3) of a turn on the spot face, whose way is (2,), x and z.

    Where no bone tells a side, a body faces its way; one whose format has its front at +z (`front_known`) goes
    backward where that leads to -z.
    """
    heading = float(np.arctan2(*way_m))
    by_sides = _by_sides_rad(points_m, bones)
    if by_sides is None:
        return heading - np.pi * (front_known and abs(heading) > np.pi * 3 / 4)
    if abs(_between(heading, by_sides)) <= ALONG_RAD:
        return heading
    return heading - np.pi if abs(_between(heading - np.pi, by_sides)) <= ALONG_RAD else by_sides


def _by_sides_rad(points_m: FloatArray, bones: tuple[str, ...]) -> float | None:
    sides = np.array([side_of(bone) or "" for bone in bones])
    if not ((sides == "left").any() and (sides == "right").any()):
        return None
    middles = [points_m[:, sides == side].mean(axis=(0, 1)) for side in ("left", "right")]
    across = middles[1] - middles[0]
    return float(np.arctan2(-across[2], across[0]))


def _between(heading_rad: float, other_rad: float) -> float:
    return float((heading_rad - other_rad + np.pi) % (2 * np.pi) - np.pi)


def turned(points_m: FloatArray, facing: float) -> FloatArray:
    """The points (..., 3) of a body that faces a heading in radians, so that it faces +z."""
    sin, cos = np.sin(facing), np.cos(facing)
    return np.asarray(points_m @ np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]]))
