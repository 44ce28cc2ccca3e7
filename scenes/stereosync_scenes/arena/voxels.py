"""A level as cubes that are empty or not: where one can stand, what can be seen from where, and how wide a place is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.plan import FloatArray

CELL_M = 0.25
HEAD_CELLS = 8  # above the floor's own cube that must be empty
SPACING_M = 0.17
LEVEL_COSINE = 0.94  # of a floor's normal with the vertical
Bools = npt.NDArray[np.bool_]
Cells = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Voxels:
    """`solid` (X, Y, Z) cubes from `origin_m` on; `floor` (N, 3) cubes that one can stand on, `floor_m` (N,) high."""

    origin_m: FloatArray
    solid: Bools
    floor: Cells
    floor_m: FloatArray

    def cell(self, points_m: FloatArray) -> Cells:
        """Cubes (..., 3) of points, which may be outside the grid."""
        return np.floor((points_m - self.origin_m) / CELL_M).astype(np.int32)

    def taken(self, points_m: FloatArray) -> Bools:
        """True (...) for points (..., 3) in a cube that is not empty; never outside the grid."""
        cell = self.cell(points_m)
        inside = np.asarray(((cell >= 0) & (cell < self.solid.shape)).all(axis=-1))
        cell = np.where(inside[..., None], cell, 0)
        return np.asarray(self.solid[cell[..., 0], cell[..., 1], cell[..., 2]] & inside)

    def open_between(self, eye_m: FloatArray, points_m: FloatArray, margin_m: float = 0.3) -> Bools:
        """True (N,) for points (N, 3) that eyes (3,) or (N, 3) can see; the ends' own surroundings do not hide."""
        way = points_m - eye_m
        length = np.linalg.norm(way, axis=-1, keepdims=True)
        count = max(2, int(np.ceil(float(length.max(initial=0.1)) / (0.6 * CELL_M))))
        along = margin_m + (length - 2 * margin_m) * np.linspace(0, 1, count)  # (N, count)
        places = np.broadcast_to(eye_m, points_m.shape)[:, None] + (way / length)[:, None] * along[..., None]
        return np.asarray(~(self.taken(places) & (along > 0)[..., None].any(axis=-1)).any(axis=1))

    def free_path_m(self, eye_m: FloatArray, directions: FloatArray, longest_m: float) -> FloatArray:
        """Metres (N,) from an eye to the first cube that is not empty, infinite beyond `longest_m`."""
        far = np.arange(2 * CELL_M, longest_m, 0.6 * CELL_M)
        hits = self.taken(eye_m + directions[:, None] * far[None, :, None])
        return np.where(hits.any(axis=1), far[hits.argmax(axis=1)], np.inf)


def make_voxels(points_m: FloatArray, normals: FloatArray, corners: npt.NDArray[np.uint32]) -> Voxels:
    """The cubes that triangles (T, 3) of vertices (V, 3) touch. Floors are where the vertices' normals point up."""
    triangles, level = points_m[corners], normals[corners].mean(axis=1)[:, 2] > LEVEL_COSINE
    origin = triangles.min(axis=(0, 1)) - 2 * CELL_M
    size_m = triangles.max(axis=(0, 1)) - origin
    shape = np.ceil(size_m / CELL_M).astype(int) + np.array([2, 2, HEAD_CELLS + 3])
    solid = np.zeros(shape, dtype=bool)
    keys, heights = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for samples, is_floor in _samples(triangles, level):
        cell = np.floor((samples - origin) / CELL_M).astype(np.int32)
        solid[cell[..., 0], cell[..., 1], cell[..., 2]] = True
        keys.append(np.ravel_multi_index(tuple(cell[is_floor].reshape(-1, 3).T), tuple(shape)))
        heights.append(samples[is_floor][..., 2].ravel())
    return Voxels(origin, solid, *_floors(solid, np.concatenate(keys), np.concatenate(heights)))


def _samples(triangles: FloatArray, level: Bools) -> Iterator[tuple[FloatArray, Bools]]:
    """Points (n, S, 3) on triangles of about one size, and which of them are level (n,)."""
    sides = np.linalg.norm(triangles - np.roll(triangles, 1, axis=1), axis=-1).max(axis=1)
    steps = np.ceil(1.2 ** np.ceil(np.log(np.maximum(sides / SPACING_M, 1)) / np.log(1.2))).astype(int)
    for count in np.unique(steps):
        row, column = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
        below = row + column <= count
        weights = np.stack([row[below], column[below], (count - row - column)[below]], axis=1) / count  # (S, 3)
        chosen = np.flatnonzero(steps == count)
        for part in np.array_split(chosen, 1 + len(chosen) * len(weights) // 1_000_000):
            yield np.einsum("sk,nkd->nsd", weights, triangles[part]), level[part]


def _floors(solid: Bools, keys: npt.NDArray[np.int64], heights_m: FloatArray) -> tuple[Cells, FloatArray]:
    """Floor cubes (N, 3) with empty ones above, and the middle height of the floor in each (N,)."""
    found, inverse = np.unique(keys, return_inverse=True)
    total = np.bincount(inverse, heights_m, len(found)) / np.maximum(np.bincount(inverse, minlength=len(found)), 1)
    x, y, z = np.unravel_index(found, solid.shape)
    free = np.ones(len(found), dtype=bool)
    for above in range(1, HEAD_CELLS + 1):
        free &= ~solid[x, y, np.minimum(z + above, solid.shape[2] - 1)]
    return np.stack([x, y, z], axis=1)[free].astype(np.int32), total[free]
