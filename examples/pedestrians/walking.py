"""Each walker's place over time, seen from the camera: what the sound of a video can be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ground import Ground
from stereosync.scene import Camera
from stereosync.stereo import pan_gains
from stereosync_training.measures.onsets import FloatArray
from tracks import BoxTrack

SLOWEST_M_S = 0.4  # who moves slower stands, and makes no steps
SPEED_OVER_S = 1.0


@dataclass(frozen=True)
class Walkers:
    """Walkers at `times_s` (t,), one column each: azimuth, distance and speed (t, n), NaN where one is not seen."""

    times_s: FloatArray
    azimuth_rad: FloatArray
    distance_m: FloatArray
    speed_m_s: FloatArray

    @property
    def walking(self) -> npt.NDArray[np.bool_]:
        """True (t, n) for walkers that are seen and move."""
        return np.asarray(np.nan_to_num(self.speed_m_s) >= SLOWEST_M_S)

    def nearest(self) -> tuple[FloatArray, FloatArray]:
        """Azimuth and distance (t,) of the nearest one who walks, NaN where nobody does."""
        column = self.nearest_column()
        rows = np.arange(len(column))
        known = column >= 0
        return (
            np.where(known, self.azimuth_rad[rows, column], np.nan),
            np.where(known, self.distance_m[rows, column], np.nan),
        )

    def nearest_column(self) -> npt.NDArray[np.intp]:
        """Column (t,) of the nearest walker that walks, -1 where nobody does."""
        far_m = np.where(self.walking, self.distance_m, np.inf)
        return np.asarray(np.where(np.isfinite(far_m).any(axis=1), far_m.argmin(axis=1), -1))

    def expected_db(self) -> FloatArray:
        """Level difference right minus left (t,) if all who walk are equally loud, power by inverse square; or NaN."""
        power = np.where(self.walking, 1 / np.square(self.distance_m), 0.0)  # (t, n)
        left, right = np.moveaxis(np.square(pan_gains(np.nan_to_num(self.azimuth_rad))), -1, 0)
        heard = power.sum(axis=1) > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(heard, 10 * np.log10((power * right).sum(axis=1) / (power * left).sum(axis=1)), np.nan)


def locate(
    tracks: Sequence[BoxTrack],
    ground: Ground,
    camera: Camera,
    width_px: int,
    times_s: FloatArray,
    pictures_per_s: float,
) -> Walkers:
    """Place tracks by their foot points at `times_s`, which count from the video's first picture."""
    shape = (len(times_s), len(tracks))
    azimuth, distance, speed = (np.full(shape, np.nan) for _ in range(3))
    for column, track in enumerate(tracks):
        place = times_s * pictures_per_s - track.first
        inside = (place >= 0) & (place <= len(track.corners_px) - 1)
        spots_m = ground_spots(track.corners_px, ground, camera, width_px)  # (n, 3)
        pictures = np.arange(len(spots_m))
        x, y, z = (np.interp(place[inside], pictures, axis) for axis in spots_m.T)
        azimuth[inside, column] = np.arctan2(x, z)
        distance[inside, column] = np.sqrt(x**2 + y**2 + z**2)
        speed[inside, column] = np.interp(place[inside], pictures, speeds_m_s(spots_m, pictures_per_s))
    return Walkers(times_s, azimuth, distance, speed)


def ground_spots(corners_px: FloatArray, ground: Ground, camera: Camera, width_px: int) -> FloatArray:
    """Foot points of boxes (n, 4) in camera space (n, 3): x right, y up, z forward, in metres."""
    z = ground.depth_m(corners_px[:, 3])
    x = z * ((corners_px[:, 0] + corners_px[:, 2]) / width_px - 1) * camera.tan_half_horizontal
    y = -z * (corners_px[:, 3] - ground.middle_row_px) / ground.focal_px
    return np.stack([x, y, z], axis=1)


def speeds_m_s(spots_m: FloatArray, pictures_per_s: float) -> FloatArray:
    """Speed (n,) of points (n, 3), over about `SPEED_OVER_S` around each."""
    half = max(round(SPEED_OVER_S * pictures_per_s / 2), 1)
    index = np.arange(len(spots_m))
    before, after = np.maximum(index - half, 0), np.minimum(index + half, len(spots_m) - 1)
    moved_m = np.linalg.norm(spots_m[after] - spots_m[before], axis=1)
    return np.asarray(moved_m * pictures_per_s / np.maximum(after - before, 1))
