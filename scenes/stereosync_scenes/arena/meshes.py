"""The part of a level that a walk can see, as meshes: floors painted with the walk's grounds, light in the vertices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.plan import ArenaPlan, ArenaShot
from stereosync_scenes.arena.scenery import Scenery
from stereosync_scenes.arena.views import ASPECT
from stereosync_scenes.plan import FloatArray
from stereosync_scenes.shapes import Mesh
from stereosync_scenes.textures import Picture, ground_texture

FARTHEST_M = 60.0
LOOKS = 24  # moments at which it is asked what the camera sees
LIGHT_KEPT = 0.45  # of the light's colour; the rest is grey, so that grounds keep their look
LIGHT_POWER = 0.7
DARKEST = 0.12
Bools = npt.NDArray[np.bool_]


def level_meshes(plan: ArenaPlan, scenery: Scenery) -> list[Mesh]:
    """Meshes of what the camera may see during the walk, one for each picture."""
    level = scenery.level
    shown = visible_triangles(plan.shot, scenery)
    light = _light(level.light, np.unique(level.corners[shown]))
    painted = np.zeros(len(shown), dtype=bool)
    meshes = []
    for paint in plan.paints:
        floor = shown & scenery.ground & np.isin(level.texture, paint.textures)
        picture, span_m = ground_texture(paint.ground, paint.texture_seed)
        meshes += _mesh(scenery, floor, light, level.points_m[:, :2] / span_m, picture)
        painted |= floor
    for texture in np.unique(level.texture[shown & ~painted]):
        chosen = shown & ~painted & (level.texture == texture)
        meshes += _mesh(scenery, chosen, light, level.uv, scenery.pictures[int(texture)])
    return meshes


def visible_triangles(shot: ArenaShot, scenery: Scenery) -> Bools:
    """True (T,) for triangles that are in any picture of the walk, or may be."""
    level = scenery.level
    looks = np.linspace(0, len(shot.eye_m) - 1, LOOKS).astype(int)
    seen = level.tree.faces_seen(shot.eye_m[looks])
    shown = scenery.drawn & seen[level.face]
    chosen = np.flatnonzero(shown)
    corners = level.points_m[level.corners[chosen]]
    middle = corners.mean(axis=1)
    radius = np.linalg.norm(corners - middle[:, None], axis=-1).max(axis=1)
    in_view = np.zeros(len(chosen), dtype=bool)
    for look in looks:
        in_view |= _in_view(shot, look, middle, radius)
    shown[chosen] = in_view
    return shown


def _in_view(shot: ArenaShot, look: int, middle_m: FloatArray, radius_m: FloatArray) -> Bools:
    """True for balls that reach into the camera's pyramid at one sample of its course."""
    heading, down = shot.heading_rad[look], shot.down_rad[look]
    offset = middle_m - shot.eye_m[look]
    level = offset[:, 0] * np.cos(heading) + offset[:, 1] * np.sin(heading)
    right = offset[:, 0] * np.sin(heading) - offset[:, 1] * np.cos(heading)
    ahead = level * np.cos(down) - offset[:, 2] * np.sin(down)
    above = level * np.sin(down) + offset[:, 2] * np.cos(down)
    tall = np.tan(shot.vertical_fov_rad / 2)
    wide = tall * ASPECT
    inside = (ahead > -radius_m) & (ahead - radius_m < FARTHEST_M)
    inside &= np.abs(right) - wide * ahead < radius_m * np.hypot(1, wide)
    return np.asarray(inside & (np.abs(above) - tall * ahead < radius_m * np.hypot(1, tall)))


def _light(light: FloatArray, used: npt.NDArray[np.integer]) -> FloatArray:
    """Light (V, 3) made even: less coloured, less steep, and bright enough where `used` vertices are."""
    grey = light.mean(axis=1, keepdims=True)
    mild = LIGHT_KEPT * light + (1 - LIGHT_KEPT) * grey
    bright = float(np.percentile(grey[used], 85)) if len(used) else 1.0
    return np.asarray(np.clip(np.clip(mild / max(bright, 0.02), 0, 1) ** LIGHT_POWER * 0.95, DARKEST, 1.0))


def _mesh(scenery: Scenery, chosen: Bools, light: FloatArray, uv: FloatArray, picture: Picture) -> list[Mesh]:
    if not chosen.any():
        return []
    level = scenery.level
    used, corners = np.unique(level.corners[chosen], return_inverse=True)
    triangles = np.asarray(corners.reshape(-1, 3), dtype=np.uint32)
    return [Mesh(level.points_m[used], light[used], uv[used], triangles, picture)]
