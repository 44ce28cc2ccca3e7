"""Boxes and depth of what was drawn: pure geometry, the same for every engine. Any thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync.scene import Box, Camera, Float32Array

FloatArray = npt.NDArray[np.float64]

# Corner i of `corners_of` differs from corner i ^ bit along one axis only: the 12 edges of a cuboid.
EDGES = np.array([(i, i | bit) for bit in (1, 2, 4) for i in range(8) if not i & bit])


def box_around(
    number: int,
    seen_m: FloatArray,
    position_m: tuple[float, float, float] | None,
    camera: Camera,
    size_px: tuple[int, int],
    tight: bool = True,
    label: str = "person",
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
    return Box(number, label, float(x0), float(y0), float(x1), float(y1), tight, position_m)


def linear_depth_m(window_depth: npt.NDArray[np.float32], camera: Camera) -> Float32Array:
    """Planar depth (H, W) in metres of a window depth in 0..1; infinite where nothing was drawn."""
    near, far = camera.near_m, camera.far_m
    metres = np.float32(near * far) / (np.float32(far) - window_depth * np.float32(far - near))
    return np.where(window_depth >= 1.0, np.float32(np.inf), metres).astype(np.float32)


def corners_of(low: FloatArray, high: FloatArray) -> FloatArray:
    """The 8 corners (8, 3) of a cuboid from its lowest to its highest corner, in the order that `EDGES` needs."""
    return np.array([[(high if i & bit else low)[axis] for axis, bit in enumerate((1, 2, 4))] for i in range(8)])


def cut_at_near(corners: FloatArray, near_m: float) -> FloatArray:
    """The corners (8, 3) of a cuboid in camera space, and where its edges meet the plane just before `near_m`.

    A corner behind the camera would be projected to the other side; its edge's cut stands for it.
    """
    plane = near_m * 1.001
    start, end = corners[EDGES[:, 0]], corners[EDGES[:, 1]]
    crossing = (start[:, 2] > plane) != (end[:, 2] > plane)
    start, end = start[crossing], end[crossing]
    along = (plane - start[:, 2]) / (end[:, 2] - start[:, 2])
    return np.concatenate([corners, start + along[:, None] * (end - start)])
