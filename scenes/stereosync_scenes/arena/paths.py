"""Paths over a yard: straight legs between places, with rounded turns, of any length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync_scenes.arena.voxels import CELL_M, Bools
from stereosync_scenes.arena.yards import Yard
from stereosync_scenes.plan import FloatArray

SPACING_M = 0.05
ROUNDING_M = 0.5
LEAST_LEG_M = 1.8
SHARPEST_RAD = 1.3
DRAWS = 80
Cells = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


@dataclass(frozen=True, eq=False)
class Way:
    """Points (N, 3) on the floor, SPACING_M apart, and the heading (N,) at each in radians from +x."""

    points_m: FloatArray
    heading_rad: FloatArray

    @property
    def length_m(self) -> float:
        return (len(self.points_m) - 1) * SPACING_M

    def at(self, distance_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Points (N, 3) and headings (N,) at distances from the beginning."""
        place = np.clip(distance_m, 0, self.length_m) / SPACING_M
        index = np.arange(len(self.points_m))
        points = np.stack([np.interp(place, index, self.points_m[:, axis]) for axis in range(3)], axis=1)
        return points, np.interp(place, index, self.heading_rad)


def wander(yard: Yard, cells: Cells, length_m: float, rng: np.random.Generator) -> Way | None:
    """A way of at least `length_m` whose turning points are among `cells` (N, 2); None when the yard is too tangled."""
    corners = [_middle(yard, cells[int(rng.integers(len(cells)))])]
    heading, gone, limit = float(rng.uniform(-np.pi, np.pi)), 0.0, 60 + int(length_m)
    while gone < length_m + 2 * ROUNDING_M and len(corners) < limit:
        goal = _next_corner(yard, cells, corners[-1], heading, rng)
        if goal is None:
            return None
        leg = goal - corners[-1]
        gone += float(np.hypot(*leg))
        heading = float(np.arctan2(leg[1], leg[0]))
        corners.append(goal)
    way = rounded(yard, np.array(corners))
    return way if way.length_m >= length_m else None


def straight(yard: Yard, start_m: FloatArray, end_m: FloatArray) -> Way | None:
    """The straight way between two points (2,); None when something is between them."""
    return rounded(yard, np.array([start_m, end_m])) if leg_clear(yard, start_m, end_m[None])[0] else None


def leg_clear(yard: Yard, start_m: FloatArray, ends_m: FloatArray) -> Bools:
    """To which ends (N, 2) one can walk straight from a start (2,)."""
    legs = ends_m - start_m
    count = max(2, int(np.ceil(float(np.linalg.norm(legs, axis=1).max(initial=0)) / (0.7 * CELL_M))))
    return np.asarray(yard.clear(start_m + legs[:, None] * np.linspace(0, 1, count)[None, :, None]).all(axis=1))


def _middle(yard: Yard, cell: Cells) -> FloatArray:
    return np.asarray(yard.corner_m + (cell + 0.5) * CELL_M)


def _next_corner(
    yard: Yard, cells: Cells, here_m: FloatArray, heading_rad: float, rng: np.random.Generator
) -> FloatArray | None:
    """A place to walk to next, without a sharp turn if there is one."""
    goals = yard.corner_m + (cells[rng.integers(len(cells), size=DRAWS)] + rng.uniform(0.2, 0.8, (DRAWS, 2))) * CELL_M
    legs = goals - here_m
    length = np.linalg.norm(legs, axis=1)
    usable = (length > LEAST_LEG_M) & leg_clear(yard, here_m, goals)
    if not usable.any():
        return None
    turn = np.abs((np.arctan2(legs[:, 1], legs[:, 0]) - heading_rad + np.pi) % (2 * np.pi) - np.pi)
    gentle = usable & (turn < SHARPEST_RAD)
    if gentle.any():
        return np.asarray(goals[rng.choice(np.flatnonzero(gentle))])
    return np.asarray(goals[int(np.argmin(np.where(usable, turn, np.inf)))])


def rounded(yard: Yard, corners_m: FloatArray) -> Way:
    """The way along corners (N, 2), its turns blurred, evenly spaced, on the floor."""
    dense = _evenly(corners_m)
    reach = int(3 * ROUNDING_M / SPACING_M)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * SPACING_M / ROUNDING_M) ** 2)
    padded = np.concatenate([np.repeat(dense[:1], reach, 0), dense, np.repeat(dense[-1:], reach, 0)])
    flat = np.stack([np.convolve(padded[:, axis], kernel / kernel.sum(), "valid") for axis in (0, 1)], axis=1)
    flat = _evenly(flat)
    step = np.gradient(flat, axis=0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    height = yard.floor_m(flat)
    return Way(np.concatenate([flat, height[:, None]], axis=1), heading)


def _evenly(points_m: FloatArray) -> FloatArray:
    """Points (N, 2) along a broken line, SPACING_M apart."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points_m, axis=0), axis=1))])
    place = np.arange(0, max(length[-1], SPACING_M), SPACING_M)
    return np.stack([np.interp(place, length, points_m[:, axis]) for axis in (0, 1)], axis=1)
