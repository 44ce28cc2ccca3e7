"""Yards: pieces of a level's floor that one can walk over, as a height for each cell of a square window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.voxels import CELL_M, Bools, Cells, Voxels
from stereosync_scenes.plan import FloatArray

WINDOW_CELLS = 88
STEP_M = 0.035  # from cell to cell: ramps are walked, stairs are not
BODY_M = 0.45  # from a walker's middle to what is not floor
AROUND_CELLS = 16
LEAST_CELLS = 250  # of floor that walkers may use


@dataclass(frozen=True, eq=False)
class Yard:
    """`height_m` (W, W) of the floor, NaN where none can be reached, of the window that begins at x, y `corner_m`."""

    corner_m: FloatArray
    height_m: FloatArray
    clearance_m: FloatArray  # (W, W) to the nearest cell that cannot be reached

    @cached_property
    def cells(self) -> Cells:
        """Cells (N, 2) on which walkers keep clear of everything."""
        return np.argwhere(self.clearance_m > BODY_M).astype(np.int32)

    def points(self, cells: npt.NDArray[np.integer]) -> FloatArray:
        """World points (N, 3) on the floor in the middle of cells (N, 2)."""
        flat = self.corner_m + (cells + 0.5) * CELL_M
        return np.concatenate([flat, self.height_m[cells[:, 0], cells[:, 1]][:, None]], axis=1)

    def clear(self, flat_m: FloatArray) -> Bools:
        """True (...) for points (..., 2) that walkers may be on."""
        cell = np.floor((flat_m - self.corner_m) / CELL_M).astype(int)
        inside = ((cell >= 0) & (cell < WINDOW_CELLS)).all(axis=-1)
        cell = np.clip(cell, 0, WINDOW_CELLS - 1)
        return np.asarray(inside & (self.clearance_m[cell[..., 0], cell[..., 1]] > BODY_M))

    def floor_m(self, flat_m: FloatArray) -> FloatArray:
        """Height (N,) of the floor under points (N, 2) of the yard, between cells' middles blended."""
        place = (flat_m - self.corner_m) / CELL_M - 0.5
        low = np.clip(np.floor(place).astype(int), 0, WINDOW_CELLS - 2)
        part = np.clip(place - low, 0, 1)
        heights, weights = [], []
        for x in (0, 1):
            for y in (0, 1):
                weight = np.abs(1 - x - part[:, 0]) * np.abs(1 - y - part[:, 1])
                height = self.height_m[low[:, 0] + x, low[:, 1] + y]
                weights.append(np.where(np.isnan(height), 0, weight))
                heights.append(np.nan_to_num(height))
        total = np.sum(weights, axis=0)
        return np.asarray(np.sum(np.array(weights) * heights, axis=0) / np.maximum(total, 1e-9))


def find_yard(voxels: Voxels, rng: np.random.Generator, tries: int = 12) -> Yard | None:
    """A yard about a random place of the level; None when none with enough room was found."""
    places = roomy(voxels)
    if len(places) == 0:
        return None
    for _ in range(tries):
        yard = _yard_at(voxels, voxels.floor[places[int(rng.integers(len(places)))]])
        if len(yard.cells) >= LEAST_CELLS:
            return yard
    return None


def roomy(voxels: Voxels) -> npt.NDArray[np.int64]:
    """Indices of floor cubes with much floor of about the same height around them."""
    import cv2

    x, y, z = voxels.floor.T
    chosen = []
    for layer in range(int(z.min(initial=0)), int(z.max(initial=-1)) + 1):
        near = np.abs(z - layer) <= 1
        here = np.flatnonzero(z == layer)
        if len(here) == 0 or near.sum() < LEAST_CELLS:
            continue
        flat = np.zeros(voxels.solid.shape[:2], dtype=np.float32)
        flat[x[near], y[near]] = 1
        share = cv2.boxFilter(flat, -1, (AROUND_CELLS, AROUND_CELLS))
        chosen.append(here[share[x[here], y[here]] > 0.7])
    return np.concatenate([np.zeros(0, dtype=np.int64), *chosen])


def _yard_at(voxels: Voxels, start: Cells) -> Yard:
    import cv2

    corner = start[:2] - WINDOW_CELLS // 2
    heights = _flooded(_window(voxels, corner), start[2])
    known = np.pad(~np.isnan(heights), 1).astype(np.uint8)
    clearance = cv2.distanceTransform(known, cv2.DIST_L2, 5)[1:-1, 1:-1] * CELL_M - CELL_M / 2
    return Yard(voxels.origin_m[:2] + corner * CELL_M, heights, clearance.astype(np.float64))


def _window(voxels: Voxels, corner: Cells) -> FloatArray:
    """Floor heights (W, W, Z) around a place, NaN where a cube has no floor."""
    heights = np.full((WINDOW_CELLS, WINDOW_CELLS, voxels.solid.shape[2]), np.nan)
    place = voxels.floor[:, :2] - corner
    inside = ((place >= 0) & (place < WINDOW_CELLS)).all(axis=1)
    heights[place[inside, 0], place[inside, 1], voxels.floor[inside, 2]] = voxels.floor_m[inside]
    return heights


def _flooded(floors_m: FloatArray, start_layer: int) -> FloatArray:
    """Height (W, W) of each cell that small steps lead to from the window's middle, NaN elsewhere."""
    middle, layers = WINDOW_CELLS // 2, floors_m.shape[2]
    reached = np.full((WINDOW_CELLS + 2, WINDOW_CELLS + 2), np.nan)
    reached[middle + 1, middle + 1] = floors_m[middle, middle, start_layer]
    layer = np.full(reached.shape, start_layer)
    rows, columns = np.meshgrid(np.arange(WINDOW_CELLS), np.arange(WINDOW_CELLS), indexing="ij")
    grown = True
    while grown:
        grown = False
        for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
            from_m = np.roll(reached, shift, axis)[1:-1, 1:-1]
            from_layer = np.roll(layer, shift, axis)[1:-1, 1:-1]
            for up in (0, 1, -1):
                open_cells = np.isnan(reached[1:-1, 1:-1]) & ~np.isnan(from_m)
                if not open_cells.any():
                    break
                r, c = rows[open_cells], columns[open_cells]
                to_layer = np.clip(from_layer[open_cells] + up, 0, layers - 1)
                height = floors_m[r, c, to_layer]
                step = np.abs(height - from_m[open_cells]) < STEP_M
                reached[r[step] + 1, c[step] + 1] = height[step]
                layer[r[step] + 1, c[step] + 1] = to_layer[step]
                grown |= bool(step.any())
    return reached[1:-1, 1:-1]
