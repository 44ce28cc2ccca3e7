"""Shapes: coloured triangles with the light already in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.plan import Colour, FloatArray, Mood
from stereosync_scenes.textures import Picture

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Mesh:
    """`points_m` (N, 3), `colours` (N, 3) 0 to 1 with light applied, `uv` (N, 2), `corners` (M, 3); maybe a texture."""

    points_m: FloatArray
    colours: FloatArray
    uv: FloatArray
    corners: npt.NDArray[np.uint32]
    texture: Picture | None = None


def lit(colours: npt.ArrayLike, normals: FloatArray, mood: Mood) -> FloatArray:
    """Colours (..., 3) under the mood's sun and sky, Lambert's law with some wrap so that backs are not black."""
    facing = np.clip(normals @ np.array(mood.towards_sun) * 0.85 + 0.15, 0.0, 1.0)
    light = np.array(mood.ambient) * (0.8 + 0.2 * normals[..., 2:]) + np.array(mood.sun) * facing[..., None]
    return np.asarray(np.clip(np.asarray(colours) * light, 0.0, 1.0))


def wall(start: Point, end: Point, height_m: float, tile_m: float, picture: Picture, mood: Mood) -> Mesh:
    """An upright textured rectangle that faces the left of the way from `start` to `end`."""
    points = np.array([(*start, 0.0), (*end, 0.0), (*end, height_m), (*start, height_m)])
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    uv = np.array([(0, 0), (length, 0), (length, height_m), (0, height_m)]) / tile_m
    normal = np.array([start[1] - end[1], end[0] - start[0], 0.0]) / length
    colours = lit(np.ones((4, 3)), np.tile(normal, (4, 1)), mood)
    return Mesh(points, colours, uv, np.array([(0, 1, 2), (0, 2, 3)], dtype=np.uint32), picture)


def rotund(
    centre: npt.ArrayLike, size: npt.ArrayLike, colour: Colour, mood: Mood, top: float = 1.0, sides: int = 8
) -> Mesh:
    """An ellipsoid, or with `top` < 1 and flat ends something between a cylinder and a cone (used for trunks)."""
    height = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 6))
    radius = np.sqrt(1 - height**2) if top == 1.0 else np.interp(height, [-1, 1], [1, top])
    turn = np.arange(sides) * 2 * np.pi / sides
    unit = np.stack(
        np.broadcast_arrays(radius[:, None] * np.cos(turn), radius[:, None] * np.sin(turn), height[:, None]), -1
    )
    normals = unit * (np.array([1, 1, 1.0]) if top == 1.0 else np.array([1, 1, 0.0])) + 1e-6
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    points = (np.asarray(centre) + unit * np.asarray(size)).reshape(-1, 3)
    ring, side = np.meshgrid(np.arange(5), np.arange(sides), indexing="ij")
    here, across = ring * sides + side, ring * sides + (side + 1) % sides
    corners = np.stack([here, across, across + sides, here, across + sides, here + sides], -1).reshape(-1, 3)
    colours = lit(colour, normals.reshape(-1, 3), mood)
    return Mesh(points, colours, np.zeros((len(points), 2)), corners.astype(np.uint32))


def merged(meshes: list[Mesh]) -> list[Mesh]:
    """Untextured meshes as one, since each mesh costs a draw call."""
    if not meshes:
        return []
    starts = np.cumsum([0] + [len(mesh.points_m) for mesh in meshes[:-1]])
    corners = np.concatenate([mesh.corners + start for mesh, start in zip(meshes, starts, strict=True)])
    points, shades, uv = (
        np.concatenate([getattr(mesh, name) for mesh in meshes]) for name in ("points_m", "colours", "uv")
    )
    return [Mesh(points, shades, uv, corners.astype(np.uint32))]


FACES = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], dtype=np.float64)


def cube(centre: npt.ArrayLike, half: npt.ArrayLike, colour: Colour, mood: Mood, turn_rad: float = 0.0) -> Mesh:
    """A box with half sizes `half` (3,), turned about its upright axis."""
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=np.float64)
    corners = np.zeros((6, 4, 3))
    for index, face in enumerate(FACES):
        axis = int(np.argmax(np.abs(face)))
        corners[index, :, axis] = face[axis]
        corners[index, :, [(axis + 1) % 3, (axis + 2) % 3]] = signs.T
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])  # for row vectors
    points = (corners.reshape(-1, 3) * np.asarray(half)) @ turn + np.asarray(centre)
    colours = lit(colour, np.repeat(FACES @ turn, 4, axis=0), mood)
    return Mesh(points, colours, np.zeros((24, 2)), quads(6))


def quads(count: int) -> npt.NDArray[np.uint32]:
    """Triangle corners (2 count, 3) of `count` rectangles whose four points follow each other."""
    one = np.array([(0, 1, 2), (0, 2, 3)])
    return (one[None] + 4 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.uint32)


def flat(points_m: npt.ArrayLike, colour: Colour, mood: Mood) -> Mesh:
    """A rectangle of four world points in one colour, lit as if it lay on the ground."""
    points = np.asarray(points_m, dtype=np.float64)
    return Mesh(
        points, lit(np.tile(colour, (4, 1)), np.tile([0.0, 0.0, 1.0], (4, 1)), mood), np.zeros((4, 2)), quads(1)
    )
