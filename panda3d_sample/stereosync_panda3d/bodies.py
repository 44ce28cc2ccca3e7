"""Bodies: what is drawn of a character, as points in the camera's space. The rendering thread, between two frames."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from stereosync_panda3d.projection import FloatArray, corners_of, cut_at_near

Bounds = Literal["tight", "parts", "loose"]
BOUNDS: tuple[Bounds, ...] = ("tight", "parts", "loose")


def seen_points(body: Any, camera: Any, bounds: Bounds, near: float) -> FloatArray:
    """Points (N, 3) around which the box of `body`, a node path, goes: engine units, x right, y up, z forward.

    "tight": every vertex, animated as it is drawn. "parts": the corners of each part's own box, the fewer points for
    rigid parts with many vertices. "loose": the corners of one box around the whole body. Hidden parts are left out.
    """
    if bounds == "loose":
        around = None if body.isHidden() else body.getTightBounds(body)
        if around is None:
            return _nothing()
        return _cuboid(np.array(around[0]), np.array(around[1]), body, camera, near)
    parts = [path for path in _geometry(body) if not path.isHidden()]
    points = [_part_points(path, geom, camera, bounds, near) for path in parts for geom in path.node().getGeoms()]
    return np.concatenate([_nothing(), *points])


def _geometry(body: Any) -> list[Any]:
    """Every path to geometry from `body` on; a search finds only what lies below."""
    itself = [body] if body.node().isGeomNode() else []
    return [*itself, *body.findAllMatches("**/+GeomNode")]


def _nothing() -> FloatArray:
    return np.zeros((0, 3))


def _part_points(path: Any, geom: Any, camera: Any, bounds: Bounds, near: float) -> FloatArray:
    vertices = vertices_of(geom)
    if len(vertices) == 0:
        return _nothing()
    if bounds == "tight":
        return in_camera(vertices, path, camera)
    return _cuboid(vertices.min(axis=0), vertices.max(axis=0), path, camera, near)


def _cuboid(low: FloatArray, high: FloatArray, space: Any, camera: Any, near: float) -> FloatArray:
    return cut_at_near(in_camera(corners_of(low, high), space, camera), near)


def vertices_of(geom: Any) -> FloatArray:
    """The positions (N, 3) of a Geom in its node's space; those of a skinned mesh as its joints stand now."""
    from panda3d import core

    data = geom.getVertexData().animateVertices(True, core.Thread.getCurrentThread())
    layout = data.getFormat()
    array, column = layout.getArrayWith("vertex"), layout.getColumn("vertex")
    if array < 0:
        return _nothing()
    number = np.dtype("<f8" if column.getNumericType() == core.GeomEnums.NTFloat64 else "<f4")
    raw = np.frombuffer(data.getArray(array).getHandle().getData(), dtype=np.uint8)
    rows = raw.reshape(-1, layout.getArray(array).getStride())
    start = column.getStart()
    points: FloatArray = np.ascontiguousarray(rows[:, start : start + 3 * number.itemsize]).view(number)
    return np.asarray(points, dtype=np.float64)


def in_camera(points: npt.ArrayLike, space: Any, camera: Any) -> FloatArray:
    """Points (N, 3) of a node path's space in the camera's: x right, y up, z forward, engine units."""
    matrix = np.array(space.getMat(camera)).reshape(4, 4)
    moved: FloatArray = np.asarray(points, dtype=np.float64) @ matrix[:3, :3] + matrix[3, :3]
    return moved[:, [0, 2, 1]]
