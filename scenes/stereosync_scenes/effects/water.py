"""Water: rivers, the sea, harbours, waterfalls and fountains."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.effects.moving import Eye, Moving, cards, quad_cloud, shades
from stereosync_scenes.fields import cliff_height_m
from stereosync_scenes.layout import shore_m
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.shapes import Mesh, lit, merged, quads
from stereosync_scenes.streets import fountain_spot
from stereosync_scenes.textures import ground_texture
from stereosync_scenes.things import boat
from stereosync_scenes.walls import wall_texture

ABOVE_GROUND_M = 0.012
WIDE_M = 70.0
UP = np.array([0.0, 0.0, 1.0])


def surface_of_water(plan: Plan, rng: np.random.Generator) -> Moving:
    """The water itself: a band beyond the area whose texture flows (a river along it, the sea towards the shore)."""
    near, far = shore_m(plan)
    points = np.array([(-120, near, 0), (120, near, 0), (120, far, 0), (-120, far, 0)]) + ABOVE_GROUND_M * UP
    picture, span_m = ground_texture("water", int(rng.integers(2**31)))
    deep = np.array([(0.75, 0.85, 0.9)] * 2 + [(0.45, 0.6, 0.72)] * 2)
    colours = lit(deep, np.tile(UP, (4, 1)), plan.mood)
    mesh = Mesh(points, colours, points[:, :2] / (2.0 * span_m), quads(1), picture)
    flow = (0.12 + 0.3 * plan.amount, 0.0) if plan.place == "river" else (0.02, 0.08 + 0.1 * plan.amount)
    return Moving(mesh, scroll=flow, solid=True)


def crests(plan: Plan, rng: np.random.Generator) -> Moving:
    """White water: crests that come in from the sea, or flecks that a river carries along."""
    near, far = shore_m(plan)
    river, far = plan.place == "river", min(far, near + 40.0)
    count = round(40 + 90 * plan.amount)
    x, start = rng.uniform(-0.5, 0.5, count) * WIDE_M, rng.uniform(0, 1, count)
    depth = rng.uniform(near + 0.3, max(far - 0.3, near + 0.6), count)
    long = rng.uniform(0.3, 1.1, count) if river else rng.uniform(0.8, 4.0, count)
    high = (0.05 + 0.1 * plan.amount) * rng.uniform(0.6, 1.4, count) * (1.0 if river else 1.6)
    speed = (0.8 + 1.6 * plan.amount) * rng.uniform(0.85, 1.15, count)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        if river:
            along = (x + speed * time_s + 0.5 * WIDE_M) % WIDE_M - 0.5 * WIDE_M
            place, swell = np.stack([along, depth, 0 * x], -1), np.ones(count)
        else:
            part = (start - speed * time_s / (far - near)) % 1.0
            place = np.stack([x, near + 0.2 + part * (far - near), 0 * x], -1)
            swell = 0.3 + 0.9 * np.sin(np.pi * np.clip(2.5 * part, 0, 1)) ** 2
        lift = (high * swell)[:, None] * UP
        return cards(place + lift, long[:, None] * np.array([1.0, 0, 0]), lift)

    return Moving(quad_cloud(shades(count, (0.92, 0.96, 1.0), 0.08, rng) * _light(plan)), points_at, 0.85)


def _light(plan: Plan) -> float:
    return min(float(np.mean(plan.mood.ambient)) + float(np.mean(plan.mood.sun)), 1.0)


def boats(plan: Plan, rng: np.random.Generator) -> Moving:
    """Boats that rock at their moorings."""
    near, _ = shore_m(plan)
    count, meshes, owner = 2 + round(4 * plan.amount), [], []
    for index in range(count):
        x = (index + 0.5 - 0.5 * count) * 9.0 + rng.uniform(-2, 2)
        parts = boat(x, near + rng.uniform(1.6, 5.0), rng, plan.mood)
        meshes += parts
        owner += [np.full(sum(len(part.points_m) for part in parts), index)]
    whole, number = merged(meshes)[0], np.concatenate(owner)
    phase, middle = rng.uniform(0, 2 * np.pi, count)[number], whole.points_m[:, 2]
    base = whole.points_m

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        points = base.copy()
        points[:, 2] += 0.12 * np.sin(1.3 * time_s + phase)
        points[:, 0] += 0.05 * middle * np.sin(0.9 * time_s + phase)
        return points

    return Moving(whole, points_at, solid=True)


def waterfall(plan: Plan, rng: np.random.Generator) -> list[Moving]:
    """A sheet of water down a cliff, and the spray where it lands."""
    y, high, half = plan.setting.reach_m + 2.0, cliff_height_m(plan), 0.7 + 2.6 * plan.amount
    x = rng.uniform(-0.5, 0.5) * min(plan.setting.half_width_m, 5.0)
    points = np.array(
        [(x + half, y, 0), (x - half, y, 0), (x - 0.8 * half, y + 0.3, high), (x + 0.8 * half, y + 0.3, high)]
    )
    uv = np.array([(0, 0), (half, 0), (half, high / 4), (0, high / 4)]) * 0.7
    sheet = Mesh(points, np.full((4, 3), _light(plan)), uv, quads(1), wall_texture("falls", int(rng.integers(2**31))))
    count = round(50 + 120 * plan.amount)
    spot, phase, hop = rng.uniform(-1.15, 1.15, count) * half, rng.random(count), rng.uniform(0.2, 0.9, count)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        part = (1.6 * time_s + phase) % 1.0
        height = 4 * hop * (0.5 + plan.amount) * part * (1 - part)
        middle = np.stack([x + spot, y - 0.2 - 1.3 * part * hop, height], -1)
        return cards(middle, 0.11 * eye.right + 0 * middle, 0.11 * UP + 0 * middle)

    spray = Moving(quad_cloud(shades(count, (0.95, 0.98, 1.0), 0.05, rng) * _light(plan)), points_at, 0.75)
    return [Moving(sheet, scroll=(0.0, 1.3), solid=True), spray]


def fountain(plan: Plan, rng: np.random.Generator) -> Moving:
    """Drops on parabolas around the middle of a basin."""
    x, y, radius = fountain_spot(plan)
    count, top_m = round(70 + 150 * plan.amount), 0.9 + 2.2 * plan.amount
    turn = np.floor(rng.random(count) * 8) / 8 * 2 * np.pi + rng.normal(0, 0.06, count)
    reach, phase = rng.uniform(0.3, 0.85, count) * radius, rng.random(count)
    flight_s = 2 * np.sqrt(2 * top_m / 9.81)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        part = (time_s / flight_s + phase) % 1.0
        out = reach * part
        middle = np.stack([x + out * np.cos(turn), y + out * np.sin(turn), 0.5 + 4 * top_m * part * (1 - part)], -1)
        return cards(middle, 0.045 * eye.right + 0 * middle, 0.09 * UP + 0 * middle)

    return Moving(quad_cloud(shades(count, (0.9, 0.95, 1.0), 0.1, rng) * max(_light(plan), 0.6)), points_at, 0.9)
