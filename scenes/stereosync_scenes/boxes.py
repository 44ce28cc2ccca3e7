"""Boxes and depth of what was drawn: pure geometry, the same for every engine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync.scene import Box, Camera, Float32Array
from stereosync_scenes.plan import FloatArray

STATIC_HALF_WIDTH = 0.45  # of body height: arms stretched out, as in the pose a figure is modelled in
STATIC_TOP = 1.05


def box_around(
    number: int,
    seen_m: FloatArray,
    position_m: tuple[float, float, float],
    camera: Camera,
    size_px: tuple[int, int],
    tight: bool = True,
) -> Box | None:
    """The rectangle around camera-space points (N, 3), cut at the edges of a picture of `size_px` (width, height).

    None when nothing is inside. `position_m` is the midpoint of the feet in camera space.
    """
    before = seen_m[seen_m[:, 2] > camera.near_m]
    if len(before) == 0:
        return None
    width, height = size_px
    x = (before[:, 0] / before[:, 2] / camera.tan_half_horizontal + 1) / 2 * width
    y = (1 - before[:, 1] / before[:, 2] / camera.tan_half_vertical) / 2 * height
    x0, x1 = np.clip([x.min(), x.max()], 0, width)
    y0, y1 = np.clip([y.min(), y.max()], 0, height)
    if x1 <= x0 or y1 <= y0:
        return None
    return Box(number, "person", float(x0), float(y0), float(x1), float(y1), tight, position_m)


def linear_depth_m(window_depth: npt.NDArray[np.float32], camera: Camera) -> Float32Array:
    """Planar depth (H, W) in metres of a window depth in 0..1; infinite where nothing was drawn."""
    near, far = camera.near_m, camera.far_m
    metres = np.float32(near * far) / (np.float32(far) - window_depth * np.float32(far - near))
    return np.where(window_depth >= 1.0, np.float32(np.inf), metres).astype(np.float32)


def upright_cuboid(position_m: FloatArray, height_m: float) -> FloatArray:
    """The 8 corners (8, 3) of a fixed upright box around a person who stands at `position_m` (2,), as engines give for
    skinned meshes: it goes along with the person but follows no limb."""
    wide = STATIC_HALF_WIDTH * height_m
    corners = np.array([(x, y, z) for x in (-wide, wide) for y in (-wide, wide) for z in (0.0, STATIC_TOP * height_m)])
    return np.asarray(corners + np.array([position_m[0], position_m[1], 0.0]))
