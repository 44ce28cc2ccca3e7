"""Curved faces of levels: grids of quadratic Bezier patches, drawn as a few triangles each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PATCH_STEPS = 3  # pieces along each side of a patch


def _weights() -> npt.NDArray[np.float64]:
    """Bernstein's weights (PATCH_STEPS + 1, 3) of degree two."""
    t = np.linspace(0, 1, PATCH_STEPS + 1)
    return np.stack([(1 - t) ** 2, 2 * t * (1 - t), t**2], axis=1)


def _along(control: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Points (S, ...) of the curve through patches that share their ends, for control points (2 n + 1, ...)."""
    pieces = [np.tensordot(_weights(), control[start : start + 3], axes=1) for start in range(0, len(control) - 2, 2)]
    return np.concatenate([piece[:-1] for piece in pieces] + [pieces[-1][-1:]])


def patch_vertices(control: npt.NDArray[np.void], width: int, height: int) -> npt.NDArray[np.void]:
    """Vertices of a grid of patches whose control points are `control` (height * width,), row by row."""
    control = control.reshape(height, width)[: height - 1 + height % 2, : width - 1 + width % 2]
    shape: tuple[int, int] | None = None
    fields = {}
    for name in control.dtype.names or ():
        values = control[name].astype(np.float64).reshape(*control.shape, -1)
        curved = _along(_along(values).transpose(1, 0, 2)).transpose(1, 0, 2)
        shape, fields[name] = curved.shape[:2], curved
    assert shape is not None
    made = np.zeros(shape[0] * shape[1], dtype=control.dtype)
    for name, values in fields.items():
        made[name] = np.round(values.reshape(len(made), -1), 6).astype(made[name].dtype)
    return made


def patch_corners(columns: int, rows: int) -> npt.NDArray[np.int64]:
    """Triangles (2 (columns - 1) (rows - 1), 3) of a grid of vertices, row by row."""
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns - 1), indexing="ij")
    here = (row * columns + column).ravel()
    pairs = np.stack([here, here + 1, here + columns, here + 1, here + columns + 1, here + columns], axis=1)
    return pairs.reshape(-1, 3).astype(np.int64)
