"""Distance from one picture without depth: people of a known height stand on a level ground.

A level camera's horizon and height follow from box heights against foot rows (D. Hoiem, A. Efros and M. Hebert,
"Putting objects in perspective", CVPR 2006); here the tilt is exact, so that a camera may look down on its people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.scene import Camera, Float32Array
from stereosync_training.measures.onsets import FloatArray

PERSON_M = 1.7
FARTHEST_M = 150.0
FEWEST_BOXES = 20
LEAST_SPREAD = 0.05  # of the picture height, between the first and the last foot row
EDGE_PX = 4.0
LOSS_PX = 3.0  # box heights that are off by more count less: people differ, boxes are cut


@dataclass(frozen=True)
class Ground:
    """A level ground; a pinhole camera stands `height_m` above it, over all heads, tilted down by `tilt_rad`."""

    height_m: float
    tilt_rad: float
    focal_px: float
    middle_row_px: float

    @property
    def horizon_px(self) -> float:
        """Row of the horizon; it may lie outside the picture."""
        return self.middle_row_px - self.focal_px * math.tan(self.tilt_rad)

    def depth_m(self, row_px: npt.ArrayLike, above_m: float = 0.0) -> FloatArray:
        """Planar depth of what is seen at `row_px` (...) and stands `above_m` over the ground; inf at the horizon.

        From z (sin t + (v - c) / f cos t) = C - h for tilt t, row v, middle c, focal length f and camera height C.
        """
        slope = (np.asarray(row_px) - self.middle_row_px) / self.focal_px
        down = math.sin(self.tilt_rad) + slope * math.cos(self.tilt_rad)
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(down > 0, (self.height_m - above_m) / np.maximum(down, 0), np.inf))

    def person_px(self, foot_px: FloatArray, person_m: float = PERSON_M) -> FloatArray:
        """Height in the picture of a person whose feet are at rows `foot_px` (...)."""
        z = self.depth_m(foot_px) - person_m * math.sin(self.tilt_rad)  # of the head
        down = (self.height_m - person_m) / z
        row = self.middle_row_px + self.focal_px * (down - math.sin(self.tilt_rad)) / math.cos(self.tilt_rad)
        return np.asarray(foot_px - row)


def fit_ground(corners_px: FloatArray, camera: Camera, height_px: int, person_m: float = PERSON_M) -> Ground:
    """The ground under boxes (n, 4), which show whole people in a picture of `height_px` rows, robustly.

    Box heights tell the camera's height and tilt only for a given field of view: the fit hardly tells one long lens
    from another, and all distances grow with it.

    Raises:
        ValueError: there are too few boxes, or their foot rows are all alike.
    """
    from scipy.optimize import least_squares

    feet_px, heights_px = corners_px[:, 3], corners_px[:, 3] - corners_px[:, 1]
    if len(feet_px) < FEWEST_BOXES or np.ptp(feet_px) < LEAST_SPREAD * height_px:
        raise ValueError("the boxes are too few or too alike to show the ground; take a longer piece or --depth flat")
    focal_px = height_px / 2 / camera.tan_half_vertical

    def ground(values: FloatArray) -> Ground:
        return Ground(person_m + math.exp(values[0]), float(values[1]), focal_px, height_px / 2)

    def errors_px(values: FloatArray) -> FloatArray:
        return ground(values).person_px(feet_px, person_m) - heights_px

    start = (math.log(2.0), 0.5 * camera.vertical_fov_rad)  # the horizon at the picture's upper edge
    steepest_rad = float(np.arctan((feet_px.min() - height_px / 2) / focal_px))  # all feet stay under the horizon
    bounds = ([-3.0, 1e-3 - min(steepest_rad, 0.0)], [5.0, math.pi / 3])
    fitted = least_squares(errors_px, np.clip(start, *bounds), bounds=bounds, loss="soft_l1", f_scale=LOSS_PX)
    return ground(fitted.x)


def whole_people(corners_px: FloatArray, width_px: int, height_px: int) -> npt.NDArray[np.bool_]:
    """True (n,) for boxes (n, 4) that touch no edge: a box that is cut says nothing of a person's height."""
    x0, y0, x1, y1 = corners_px.T
    inside = (x0 > EDGE_PX) & (y0 > EDGE_PX) & (x1 < width_px - EDGE_PX) & (y1 < height_px - EDGE_PX)
    return np.asarray(inside)


def depth_plane(
    ground: Ground, corners_px: FloatArray, size_px: tuple[int, int], plane_px: tuple[int, int]
) -> Float32Array:
    """Planar depth in metres of the ground with a rectangle at its own depth for each box (n, 4).

    Sizes are (width, height): of the picture, in whose pixels the corners are, and of the plane. Unknown above the
    horizon and beyond `FARTHEST_M`: infinite.
    """
    x_scale, y_scale = plane_px[0] / size_px[0], plane_px[1] / size_px[1]
    rows_m = ground.depth_m((np.arange(plane_px[1]) + 0.5) / y_scale)  # (h,)
    plane = np.repeat(np.where(rows_m < FARTHEST_M, rows_m, np.inf)[:, None], plane_px[0], axis=1)
    for corners in sorted(corners_px, key=lambda corners: float(corners[3])):  # the nearest is painted last
        x0, x1 = (round(max(float(x), 0.0) * x_scale) for x in corners[[0, 2]])
        y0, y1 = (round(max(float(y), 0.0) * y_scale) for y in corners[[1, 3]])
        plane[y0:y1, x0:x1] = min(float(ground.depth_m(corners[3])), FARTHEST_M)
    return plane.astype(np.float32)
