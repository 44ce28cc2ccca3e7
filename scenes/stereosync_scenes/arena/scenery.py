"""A level made ready: what of it is drawn with which picture, and its cubes. Kept for the process: it takes a while."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.archives import Archive, Game, open_archive
from stereosync_scenes.arena.bsp import BadFile, Level, read_bsp
from stereosync_scenes.arena.shaders import shaders
from stereosync_scenes.arena.voxels import Voxels, make_voxels
from stereosync_scenes.textures import Picture

SKY, NO_DRAW, HINT, SKIP = 0x4, 0x80, 0x100, 0x200
GROUND_COSINE = 0.7  # floors steeper than this keep the level's own picture
PLAIN: tuple[int, int, int] = (150, 140, 130)  # surfaces whose picture is missing


@dataclass(frozen=True, eq=False)
class Scenery:
    """`level` with its drawn triangles (T,) of which `ground` (T,) are floors; `pictures` by the texture's index."""

    game: Game
    name: str
    level: Level
    drawn: npt.NDArray[np.bool_]
    ground: npt.NDArray[np.bool_]
    pictures: dict[int, Picture]
    voxels: Voxels


@lru_cache(maxsize=2)
def load_scenery(game: Game, name: str) -> Scenery:
    """A level by game and name. Raises LevelsUnavailable with what to install, BadFile for what cannot be used."""
    archive = open_archive(game)
    file = f"maps/{name}.bsp"
    if file not in archive:
        raise BadFile(
            f"{game} has no level {name}: run `python scripts/fetch_levels.py --shift` for all, or choose another level"
        )
    level = read_bsp(archive.read(file))
    kinds = [_kind(archive, level, index) for index in range(len(level.names))]
    visible = np.array([kind.visible for kind in kinds], dtype=bool)
    drawn = visible[level.texture]
    if drawn.sum() < 10:
        raise BadFile(f"the level {name} has nothing to draw: choose another level")
    up = level.normals[level.corners].mean(axis=1)[:, 2] > GROUND_COSINE
    used = np.unique(level.texture[drawn])
    missing = sum(kinds[index].picture is None for index in used)
    if missing:
        warnings.warn(f"level {name}: {missing} of {len(used)} pictures are missing, drawn plain", stacklevel=2)
    plain = np.full((4, 4, 3), PLAIN, dtype=np.uint8)
    pictures = {index: plain if kind.picture is None else kind.picture for index, kind in enumerate(kinds)}
    voxels = make_voxels(level.points_m, level.normals, level.corners[drawn])
    return Scenery(game, name, level, drawn, up & drawn, pictures, voxels)


@dataclass(frozen=True, eq=False)
class _Kind:
    visible: bool
    picture: Picture | None


def _kind(archive: Archive, level: Level, index: int) -> _Kind:
    name, flags = level.names[index], int(level.flags[index])
    shader = shaders(archive).get(name)
    hidden = bool(flags & (SKY | NO_DRAW | HINT | SKIP)) or name.startswith("textures/common/") or name == "noshader"
    if hidden or (shader is not None and (shader.sky or shader.sheer)):
        return _Kind(False, None)
    picture = archive.picture(shader.picture) if shader is not None and shader.picture else None
    return _Kind(True, archive.picture(name) if picture is None else picture)
