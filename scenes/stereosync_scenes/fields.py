"""Fields: open ground, and what its places have standing about. Numpy only."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.layout import outside, shore_m
from stereosync_scenes.plan import Plan
from stereosync_scenes.shapes import Mesh, merged, rotund, wall
from stereosync_scenes.things import bush, house, palm, tree
from stereosync_scenes.walls import wall_texture

SWAYING = ("wind", "snowstorm", "thunder")
STONY = (0.42, 0.4, 0.38)


def tree_meshes(plan: Plan) -> list[Mesh]:
    """Trees and bushes around the free area: many in a forest, none in a desert."""
    rng, mood = np.random.default_rng([plan.setting.seed, 1]), plan.mood
    if plan.setting.kind != "field":
        return []
    few = int(rng.integers(0, 12))
    wanted = {"forest": 25 + 55 * plan.amount, "jungle": 25 + 20 * plan.amount, "desert": 0, "sea": 0.4 * few}
    wanted["wind"] = 4 + few
    meshes: list[Mesh] = []
    for _ in range(round(wanted.get(plan.place, few))):
        spot = outside(rng, plan, 5.0 if plan.place in ("forest", "jungle") else 8.0)
        if spot is None:
            continue
        if plan.place != "jungle":
            meshes += tree(*spot, rng, mood, (4.0, 9.0) if plan.place == "forest" else (2.5, 7.0))
        else:
            meshes += palm(*spot, rng, mood) if rng.random() < 0.5 else tree(*spot, rng, mood, (5.0, 10.0))
    if plan.place == "jungle":
        spots = [outside(rng, plan, 3.0) for _ in range(round(30 + 50 * plan.amount))]
        meshes += [bush(*spot, rng, mood) for spot in spots if spot is not None]
    return meshes


def field_meshes(plan: Plan) -> list[Mesh]:
    rng, mood = np.random.default_rng([plan.setting.seed, 9]), plan.mood
    meshes = [] if plan.place in SWAYING else tree_meshes(plan)
    for _ in range(int(rng.integers(0, 8))):
        grey, size = rng.uniform(0.3, 0.6), rng.uniform(0.2, 1.0)
        spot, half = outside(rng, plan, 4.0), size * rng.uniform(0.5, 1.2, 3)
        if spot is not None:
            meshes.append(rotund((*spot, 0.2 * size), half, (grey, grey * 0.95, grey * 0.88), mood))
    meshes += _horizon(plan, rng)
    own = {"village": _village, "waterfall": _cliff, "river": _far_bank, "thunder": _clouds}
    textured: list[Mesh] = []
    plain = meshes
    for mesh in own[plan.place](plan, rng) if plan.place in own else []:
        (textured if mesh.texture is not None else plain).append(mesh)
    return merged(plain) + textured


def _horizon(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Hills far away, or dunes nearer by in a desert. None over open water."""
    dunes = plan.place == "desert"
    half_turn = plan.place in ("sea", "harbour")
    meshes = []
    for turn in np.linspace(0, 2 * np.pi, 17)[:-1] + rng.uniform(-0.1, 0.1):
        shade, away = rng.uniform(0.25, 0.5), rng.uniform(28, 70) if dunes else 110.0
        high = rng.uniform(2.5, 6.0) * (0.5 + plan.amount) if dunes else rng.uniform(2, 14)
        if half_turn and np.sin(turn) > -0.2:
            continue
        colour = (0.85, 0.72, 0.5) if dunes else (shade * 0.8, shade, shade * 0.9)
        wide = rng.uniform(0.2, 0.4) * away
        meshes.append(
            rotund((away * np.cos(turn), away * np.sin(turn), 0.0), (wide, 0.4 * wide, high), colour, plan.mood)
        )
    return meshes


def _village(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    meshes: list[Mesh] = []
    count = 3 + round(6 * plan.amount)
    for index in range(count):
        x = (index + 0.5 - 0.5 * count) * 8.0 + rng.uniform(-1.2, 1.2)
        meshes += house(x, plan.setting.reach_m + rng.uniform(3.5, 5.0 + 8 * (1 - plan.amount)), rng, plan.mood)
    for side in (-1, 1):
        if plan.setting.around:
            meshes += house(side * (plan.setting.half_width_m + 5.0), rng.uniform(4, 14), rng, plan.mood)
    return meshes


def _cliff(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """The rock that a waterfall comes down; `effects.water` has the water."""
    y, high = plan.setting.reach_m + 2.0, cliff_height_m(plan)
    picture = wall_texture("rock", plan.setting.seed)
    rock = wall((14.0, y + 0.4), (-14.0, y + 0.4), high, 7.0, picture, plan.mood)
    meshes = [rock, wall((22.0, y + 7.0), (14.0, y + 0.4), 0.8 * high, 7.0, picture, plan.mood)]
    meshes.append(wall((-14.0, y + 0.4), (-22.0, y + 7.0), 0.7 * high, 7.0, picture, plan.mood))
    for _ in range(8):
        size, x = rng.uniform(0.4, 1.2), rng.uniform(-9, 9)
        meshes.append(rotund((x, y + rng.uniform(-0.4, 0.4), 0.2), size * rng.uniform(0.5, 1.0, 3), STONY, plan.mood))
    return meshes


def cliff_height_m(plan: Plan) -> float:
    return 4.0 + 5.0 * plan.amount


def _far_bank(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Stones along both edges of a river."""
    meshes = []
    for edge in shore_m(plan):
        for x in np.arange(-30, 30, 2.6):
            size = rng.uniform(0.15, 0.45)
            meshes.append(
                rotund((x + rng.uniform(-1, 1), edge, 0.0), (size, size, 0.6 * size), STONY, plan.mood, sides=6)
            )
    return meshes


def _clouds(plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Dark clouds of a thunderstorm, low in the sky."""
    meshes = []
    for turn in np.linspace(0, 2 * np.pi, 15)[:-1]:
        place = (80 * np.cos(turn), 80 * np.sin(turn), rng.uniform(16, 34))
        shade = rng.uniform(0.1, 0.28)
        meshes.append(rotund(place, rng.uniform(12, 26, 3) * [1, 1, 0.25], (shade, shade, shade * 1.2), plan.mood))
    return meshes
