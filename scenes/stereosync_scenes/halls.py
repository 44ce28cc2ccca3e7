"""Halls: walls, ceiling and what stands along them. Numpy only."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.layout import setback_m
from stereosync_scenes.plan import Colour, Plan
from stereosync_scenes.shapes import Mesh, lit, merged, quads, rotund, wall
from stereosync_scenes.walls import wall_texture

BOULDERS = 26
TILE_M = {"curtain": (2.5, 4.0), "panel": (2.0, 3.0), "metal": (3.0, 5.0), "rock": (4.0, 7.0), "tile": (1.6, 2.4)}


def hall_meshes(plan: Plan) -> list[Mesh]:
    """A box with one lining, its ceiling, and the machines' bodies, rocks or furniture of the place."""
    rng, setting, mood = np.random.default_rng([plan.setting.seed, 3]), plan.setting, plan.mood
    ring, high = hall_corners(plan), setting.height_m
    picture = wall_texture(setting.walls, int(rng.integers(2**31)))
    tile_m = rng.uniform(*TILE_M.get(setting.walls, (1.8, 3.5)))
    meshes = [
        wall(start, end, high, tile_m, picture, mood) for start, end in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    if plan.place == "cave":
        return [*meshes, *merged([_ceiling(ring, high, 0.25, plan), *_rocks(plan, rng)])]
    roof = _ceiling(ring, high, rng.uniform(0.6, 0.95), plan)
    return [*meshes, *merged([roof, *_lamps(ring, plan), *_furniture(plan, rng)])]


def hall_corners(plan: Plan) -> list[tuple[float, float]]:
    """Corners of a hall's floor, counter-clockwise as seen from above."""
    setting, extra = plan.setting, setback_m(plan)
    wide, deep = setting.half_width_m + extra, setting.reach_m + extra
    return [(-wide, setting.back_m), (wide, setting.back_m), (wide, deep), (-wide, deep)]


def _ceiling(ring: list[tuple[float, float]], high: float, pale: float, plan: Plan) -> Mesh:
    points = np.array([(x, y, high) for x, y in ring[::-1]])
    colours = lit(np.full((4, 3), pale), np.tile([0.0, 0.0, -1.0], (4, 1)), plan.mood)
    return Mesh(points, colours, np.zeros((4, 2)), quads(1))


def _lamps(ring: list[tuple[float, float]], plan: Plan) -> list[Mesh]:
    """Bright strips under the ceiling: they show how large a hall is."""
    (left, back), (right, _), (_, far), _ = ring
    high, meshes = plan.setting.height_m - 0.02, []
    for y in np.arange(back + 2.0, far, max(3.0, (far - back) / 7)):
        for x in np.arange(left + 1.2, right, max(3.0, (right - left) / 5)):
            points = np.array(
                [
                    (x - 0.6, y - 0.12, high),
                    (x + 0.6, y - 0.12, high),
                    (x + 0.6, y + 0.12, high),
                    (x - 0.6, y + 0.12, high),
                ]
            )
            meshes.append(Mesh(points, np.full((4, 3), 1.0), np.zeros((4, 2)), quads(1)))
    return meshes


def _furniture(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Things along the far wall."""
    setting, meshes = plan.setting, []
    for _ in range(int(rng.integers(0, 6)) if plan.place != "machinery" else 0):
        size = rng.uniform(0.2, 0.7)
        place = (rng.uniform(-0.9, 0.9) * setting.half_width_m, setting.reach_m + setback_m(plan) - 0.3, size)
        colour = tuple(float(value) for value in rng.uniform(0.15, 0.8, 3))
        meshes.append(rotund(place, (size, 0.25, size), colour, plan.mood, top=0.99, sides=4))  # type: ignore[arg-type]
    return meshes


def _rocks(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Boulders along a cave's walls, and teeth of stone from its ceiling."""
    setting, meshes = plan.setting, []
    deep, extra = setting.reach_m - setting.back_m, setback_m(plan)
    for _ in range(BOULDERS):
        side, size, grey = int(rng.integers(3)), rng.uniform(0.4, 1.1), rng.uniform(0.25, 0.5)
        x = (side - 1) * (setting.half_width_m + extra) if side != 1 else rng.uniform(-1, 1) * setting.half_width_m
        y = setting.reach_m + extra if side == 1 else setting.back_m + rng.random() * deep
        half = np.minimum(size * rng.uniform(0.5, 1.0, 3) * [1, 1, 1.6], [0.9, 0.9, 9])
        meshes.append(rotund((x, y, 0.2), half, _stone(grey), plan.mood, sides=6))
    return meshes + [_tooth(plan, rng) for _ in range(round(10 + 40 * plan.amount))]


def _stone(grey: float) -> Colour:
    return grey, 0.92 * grey, 0.8 * grey


def _tooth(plan: Plan, rng: np.random.Generator) -> Mesh:
    """A cone that hangs from the ceiling."""
    setting, deep = plan.setting, plan.setting.reach_m - plan.setting.back_m
    long, grey = rng.uniform(0.2, 0.35) * setting.height_m, rng.uniform(0.25, 0.45)
    x, y = rng.uniform(-1, 1) * setting.half_width_m, setting.back_m + rng.random() * deep
    wide = 0.12 * long + 0.05
    cone = rotund((x, y, 0.0), (wide, wide, 0.5 * long), _stone(grey), plan.mood, top=0.05, sides=6)
    hanging = cone.points_m * [1, 1, -1] + [0, 0, setting.height_m - 0.5 * long]
    return Mesh(hanging, cone.colours, cone.uv, cone.corners)
