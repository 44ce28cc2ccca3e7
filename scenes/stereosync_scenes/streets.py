"""Streets: rows of houses, and what stands or lies before them. Numpy only."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.layout import WATER, setback_m, shore_m
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.shapes import Mesh, cube, flat, lit, merged, quads, rotund, wall
from stereosync_scenes.things import post
from stereosync_scenes.walls import wall_texture


def street_meshes(plan: Plan) -> list[Mesh]:
    """Facades behind the free area, maybe beside it, and all around for a camera that looks everywhere."""
    rng, setting = np.random.default_rng([plan.setting.seed, 2]), plan.setting
    meshes, far = [], setting.reach_m + setback_m(plan)
    edge = setting.half_width_m + 0.5
    if plan.place not in WATER:
        meshes += _row((4.0 * edge, far), (-4.0 * edge, far), plan, rng)
    for side in (-1, 1):
        if setting.around or rng.random() < 0.5:
            ends = ((side * edge, setting.back_m - 4.0), (side * edge, setting.reach_m))
            meshes += _row(*(ends if side > 0 else ends[::-1]), plan, rng)
    if setting.around:
        meshes += _row((-2.0 * edge, setting.back_m - 4.0), (2.0 * edge, setting.back_m - 4.0), plan, rng)
    posts = [
        post(x, setting.reach_m - 0.1, plan.mood) for x in np.arange(-14, 15, rng.uniform(3, 7)) if rng.random() < 0.7
    ]
    own = {"city": _lane, "harbour": _quay, "fountain": _basin}
    posts += own[plan.place](plan, rng) if plan.place in own else []
    return meshes + merged(posts)


def _row(start: tuple[float, float], end: tuple[float, float], plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """House after house from `start` to `end`, with roofs in a village."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    along = np.array([end[0] - start[0], end[1] - start[1]]) / length
    kind = "facade_at_night" if plan.place == "night" else "facade"
    meshes, left = [], 0.0
    while left < length:
        right = min(left + rng.uniform(4, 9), length)
        high, tile_m = plan.setting.height_m * rng.uniform(0.75, 1.3), rng.uniform(4.5, 6.5)
        picture = wall_texture(kind, int(rng.integers(2**31)))
        here, there = (tuple(float(value) for value in np.array(start) + along * at) for at in (left, right))
        meshes.append(wall(here, there, high, tile_m, picture, plan.mood))  # type: ignore[arg-type]
        if plan.place == "village":
            meshes.append(_roof(np.array(here), np.array(there), high, plan, rng))
        left = right
    return meshes


def _roof(here: FloatArray, there: FloatArray, high: float, plan: Plan, rng: np.random.Generator) -> Mesh:
    back = np.array([here[1] - there[1], there[0] - here[0]]) / np.hypot(*(there - here)) * -2.2
    points = np.array([(*here, high), (*there, high), (*(there + back), high + 1.7), (*(here + back), high + 1.7)])
    red = (rng.uniform(0.4, 0.65), 0.24, 0.17)
    return Mesh(points, lit(red, np.tile([0, -0.5, 0.85], (4, 1)), plan.mood), np.zeros((4, 2)), quads(1))


def _lane(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """The road of a city behind the area; `effects.traffic` has the cars."""
    del rng
    near, far = plan.setting.reach_m + 0.6, plan.setting.reach_m + 6.4
    road = flat([(-90, near, 0.01), (90, near, 0.01), (90, far, 0.01), (-90, far, 0.01)], (0.22, 0.22, 0.24), plan.mood)
    middle = 0.5 * (near + far)
    dashes = [
        flat(
            np.array(
                [
                    (x, middle - 0.08, 0.02),
                    (x + 2, middle - 0.08, 0.02),
                    (x + 2, middle + 0.08, 0.02),
                    (x, middle + 0.08, 0.02),
                ]
            ),
            (0.9, 0.9, 0.85),
            plan.mood,
        )
        for x in np.arange(-40, 40, 5.0)
    ]
    return [road, *dashes]


def _quay(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Bollards and piles at the edge of a harbour."""
    near, _ = shore_m(plan)
    bollards = [
        rotund((x, near - 0.25, 0.3), (0.16, 0.16, 0.3), (0.15, 0.15, 0.17), plan.mood, top=0.9)
        for x in np.arange(-20, 21, 4.0)
    ]
    crates = [
        cube((rng.uniform(-8, 8), near - 0.5, 0.35), (0.4, 0.35, 0.35), (0.5, 0.36, 0.2), plan.mood) for _ in range(3)
    ]
    return bollards + crates


def _basin(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """The stone ring of a fountain; `effects.water` has the jets."""
    del rng
    x, y, radius = fountain_spot(plan)
    ring = rotund((x, y, 0.25), (radius, radius, 0.25), (0.62, 0.6, 0.56), plan.mood, top=0.97, sides=14)
    pool = rotund((x, y, 0.45), (0.88 * radius, 0.88 * radius, 0.06), (0.35, 0.6, 0.75), plan.mood, sides=14)
    return [ring, pool, rotund((x, y, 0.6), (0.16, 0.16, 0.6), (0.55, 0.53, 0.5), plan.mood, top=0.7)]


def fountain_spot(plan: Plan) -> tuple[float, float, float]:
    """Middle and radius of a fountain, metres."""
    radius = 1.1 + 1.3 * plan.amount
    x = float(np.random.default_rng([plan.setting.seed, 10]).uniform(-0.5, 0.5) * plan.setting.half_width_m)
    return x, plan.setting.reach_m + 0.4 + radius, radius
