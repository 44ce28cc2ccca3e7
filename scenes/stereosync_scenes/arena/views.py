"""Views: what a still camera sees of a yard, and the choice of optics. Walkers are to be at least PERSON_PX high."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.voxels import CELL_M, Bools, Voxels
from stereosync_scenes.arena.yards import Yard
from stereosync_scenes.plan import FloatArray

ASPECT = 16 / 9
PICTURE_PX = 144  # height of the picture for which PERSON_PX is meant
PERSON_PX = 40
SHORT_PERSON_M = 1.5
LEAST_SEEN_CELLS = 70
HEADINGS = 16
EDGE = 0.92  # of the picture's half width that a place may be off the middle


@dataclass(frozen=True)
class Optics:
    """Half angles of the field of view, the camera's height, and how far walkers may be."""

    half_horizontal_rad: float
    half_vertical_rad: float
    height_m: float

    @property
    def far_m(self) -> float:
        far = SHORT_PERSON_M * PICTURE_PX / (2 * PERSON_PX * math.tan(self.half_vertical_rad))
        return min(far, 12.0)


@dataclass(frozen=True, eq=False)
class View:
    """An eye that looks one way, and the yard's cells (N, 2) on which walkers are seen whole."""

    eye_m: FloatArray
    heading_rad: float
    down_rad: float
    cells: npt.NDArray[np.int32]


def choose_optics(rng: np.random.Generator) -> Optics:
    half_horizontal = math.radians(rng.uniform(48, 95)) / 2
    return Optics(half_horizontal, math.atan(math.tan(half_horizontal) / ASPECT), float(rng.uniform(1.2, 2.4)))


def find_view(voxels: Voxels, yard: Yard, optics: Optics, rng: np.random.Generator, tries: int = 12) -> View | None:
    """The widest view from the first of some random places from which enough of the yard is seen."""
    floor = np.argwhere(yard.clearance_m > CELL_M)
    for _ in range(tries):
        eye = yard.points(floor[rng.integers(len(floor), size=1)])[0] + (0, 0, optics.height_m)
        if not voxels.taken(eye):
            view = _best_view(voxels, yard, eye, optics, rng)
            if view is not None:
                return view
    return None


def _best_view(voxels: Voxels, yard: Yard, eye_m: FloatArray, optics: Optics, rng: np.random.Generator) -> View | None:
    points = yard.points(yard.cells)
    away = np.linalg.norm(points[:, :2] - eye_m[:2], axis=1)
    near = np.flatnonzero((away > 1.8) & (away < optics.far_m))
    if len(near) < LEAST_SEEN_CELLS:
        return None
    near = near[seen_whole(voxels, eye_m, points[near])]
    headings = rng.uniform(0, 2 * math.pi) + np.arange(HEADINGS) * 2 * math.pi / HEADINGS
    views = [_view(yard, eye_m, float(heading), optics, near, points) for heading in headings]
    best = max(views, key=lambda view: len(view.cells))
    return best if len(best.cells) >= LEAST_SEEN_CELLS else None


def seen_whole(voxels: Voxels, eye_m: FloatArray, feet_m: FloatArray) -> Bools:
    """True (N,) for people with feet at (N, 3) whose shins and chest nothing hides."""
    shins, chests = feet_m + np.array([0, 0, 0.4]), feet_m + np.array([0, 0, 1.3])
    return voxels.open_between(eye_m, shins) & voxels.open_between(eye_m, chests)


def _view(
    yard: Yard, eye_m: FloatArray, heading_rad: float, optics: Optics, chosen: npt.NDArray[np.int64], points: FloatArray
) -> View:
    offset = points[chosen] - eye_m
    ahead = offset[:, 0] * math.cos(heading_rad) + offset[:, 1] * math.sin(heading_rad)
    right = offset[:, 0] * math.sin(heading_rad) - offset[:, 1] * math.cos(heading_rad)
    inside = (ahead > 1.2) & (np.abs(right) < EDGE * math.tan(optics.half_horizontal_rad) * ahead)
    if not inside.any():
        return View(eye_m, heading_rad, 0.0, np.zeros((0, 2), dtype=np.int32))
    drop = -offset[inside, 2]
    down = math.atan2(float(np.median(drop)) - 0.8, float(np.median(ahead[inside])))
    feet_down = np.arctan2(drop, ahead[inside])
    whole = np.flatnonzero(inside)[feet_down < down + 0.95 * optics.half_vertical_rad]
    return View(eye_m, heading_rad, down, yard.cells[chosen[whole]])
