"""Bodies of the game with their walks: every one upright, facing +x, with its ground at height 0, TALL_M tall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError
from stereosync.scene import UInt8Array
from stereosync_scenes.arena.people import Cycle
from stereosync_scenes.foreign import game
from stereosync_scenes.foreign.catalogue import walk_file
from stereosync_scenes.foreign.g3d import Mesh, read_g3d
from stereosync_scenes.foreign.gait import Gait, find_gait
from stereosync_scenes.plan import FloatArray

TALL_M = 1.75
TRUNK_SHARE = 0.12  # of the height, about the middle: what is above there is the head, not a spear beside it


@dataclass(frozen=True, eq=False)
class ForeignBody:
    """`uv` (V, 2); each of `pieces` is a picture, if there is one, with its triangles (M, 3) of those vertices."""

    name: str
    uv: FloatArray
    pieces: tuple[tuple[UInt8Array | None, npt.NDArray[np.uint32]], ...]
    cycle: Cycle
    gait: Gait


@lru_cache(maxsize=64)
def load_body(name: str) -> ForeignBody:
    """The body of that name.

    Raises ForeignUnavailable, KeyError when the catalogue has no such body, BadFile when its file is damaged, UserError
    when it does not walk.
    """
    return body_of(name, walk_file(name))


def body_of(name: str, path: str) -> ForeignBody:
    """The body in a walk's file, named from the factions' folder on. Raises as `load_body` does."""
    meshes = [mesh for mesh in read_g3d(game.read(path)) if len(mesh.corners)]
    frames = max(len(mesh.points) for mesh in meshes)
    if any(len(mesh.points) not in (1, frames) for mesh in meshes):
        raise UserError(f"the meshes of {name} have different numbers of frames")
    points, normals = (
        np.concatenate([_ahead_left_up(getattr(mesh, which), frames) for mesh in meshes], axis=1)
        for which in ("points", "normals")
    )
    points_m = points * (TALL_M / body_height(points))
    gait = find_gait(points_m, TALL_M)
    settled_m = points_m - [0, 0, 1] * gait.stride.drop_m[:, None, None]
    folder = PurePosixPath(path).parent
    return ForeignBody(
        name,
        np.concatenate([mesh.uv for mesh in meshes]) * [1, -1] + [0, 1],
        tuple(_pieces(meshes, folder)),
        Cycle(settled_m, normals, gait.stride),
        gait,
    )


def body_height(points: FloatArray) -> float:
    """The height over the ground of the head of a body (F, V, 3) with z up, whatever it carries beside it."""
    x, y, z = np.moveaxis(points, -1, 0)
    beside = np.hypot(x - np.median(x), y - np.median(y))
    trunk = beside < TRUNK_SHARE * np.median(np.ptp(z, axis=1))
    tops = np.where(trunk, z, -np.inf).max(axis=1)
    height = float(np.median(tops))
    if height <= 0 or not np.isfinite(height):
        raise UserError("the body has no head over its feet")
    return height


def _ahead_left_up(values: FloatArray, frames: int) -> FloatArray:
    """Vectors (F, V, 3) of the file (x left, y up, z ahead) as (ahead, left, up), in so many frames."""
    return np.broadcast_to(values[..., [2, 0, 1]], (frames, *values.shape[1:]))


def _pieces(meshes: list[Mesh], folder: PurePosixPath) -> list[tuple[UInt8Array | None, npt.NDArray[np.uint32]]]:
    starts = np.cumsum([0] + [mesh.points.shape[1] for mesh in meshes[:-1]])
    return [
        (game.picture(str(folder / mesh.texture)) if mesh.texture else None, (mesh.corners + start).astype(np.uint32))
        for mesh, start in zip(meshes, starts, strict=True)
    ]
