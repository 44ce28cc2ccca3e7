"""Machines with wheels that turn, rods that stamp and lamps that blink; and the traffic of a city."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.effects.moving import Eye, Moving, cards, quad_cloud
from stereosync_scenes.plan import Colour, FloatArray, Plan
from stereosync_scenes.shapes import Mesh, cube, merged
from stereosync_scenes.things import car

SPOKES = 12
UP = np.array([0.0, 0.0, 1.0])
ROUND_TRIP_M = 90.0


def machines(plan: Plan, rng: np.random.Generator) -> list[Moving]:
    """A row of machines behind the far end of the area, and along the sides: more and faster ones the more there is."""
    spots = _spots(plan, rng)
    size = rng.uniform(0.8, 1.3, len(spots)) * min(1.0 + 0.06 * plan.setting.height_m, 1.7)
    bodies = [part for spot, one in zip(spots, size, strict=True) for part in _body(spot, one, plan, rng)]
    return [
        Moving(merged(bodies)[0], solid=True),
        _wheels(spots, size, plan, rng),
        _rods(spots, size, plan, rng),
        _lamps(spots, size, rng),
    ]


def _spots(plan: Plan, rng: np.random.Generator) -> FloatArray:
    """Middle of each machine's front on the ground and the way it faces (K, 4): x, y, facing x, facing y."""
    setting, count = plan.setting, 2 + round(4 * plan.amount)
    wide = setting.half_width_m
    along = (np.arange(count) + 0.5) / count * 2 - 1
    spots = [(x * 0.85 * wide, setting.reach_m + 0.7, 0.0, -1.0) for x in along]
    for side in (-1, 1):
        ways = np.linspace(setting.back_m + 3, setting.reach_m - 1.5, max(count // 2, 1) + 1)
        spots += [(side * (wide + 0.7), float(y + rng.uniform(-0.5, 0.5)), -side, 0.0) for y in ways]
    return np.array(spots, dtype=np.float64)


def _axes(spots: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Unit vectors (K, 3) that each machine faces and that lead along its front."""
    facing = np.concatenate([spots[:, 2:], np.zeros((len(spots), 1))], axis=1)
    return facing, np.stack([-facing[:, 1], facing[:, 0], facing[:, 2]], -1)


def _body(spot: FloatArray, size: float, plan: Plan, rng: np.random.Generator) -> list[Mesh]:
    hue: Colour = (rng.uniform(0.2, 0.5), rng.uniform(0.3, 0.5), rng.uniform(0.25, 0.55))
    turn = float(np.arctan2(spot[3], spot[2])) + np.pi / 2
    middle = np.array([*(spot[:2] - 0.35 * spot[2:]), 0.75 * size])
    trunk = cube(middle, (0.95 * size, 0.35, 0.75 * size), hue, plan.mood, turn)
    return [
        trunk,
        cube(middle + 0.9 * size * UP, (0.3 * size, 0.25, 0.18 * size), (0.25, 0.25, 0.28), plan.mood, turn),
    ]


def _wheels(spots: FloatArray, size: FloatArray, plan: Plan, rng: np.random.Generator) -> Moving:
    """A disc of alternating bright and dark parts on each front."""
    facing, along = _axes(spots)
    middle = np.concatenate([spots[:, :2], 0.8 * size[:, None]], axis=1) + 0.06 * facing
    rate = (1.5 + 5.0 * plan.amount) * rng.uniform(0.7, 1.3, len(spots)) * rng.choice([-1, 1], len(spots))
    light = np.where(np.arange(SPOKES) % 2 == 0, 0.85, 0.12)
    mesh = quad_cloud(np.tile(light[:, None] * np.array([1.0, 0.85, 0.3]), (len(spots), 1)))
    edge = np.arange(SPOKES + 1) * 2 * np.pi / SPOKES

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        angle = edge[None] + (rate * time_s)[:, None]  # (K, S + 1)
        arm = np.cos(angle)[..., None] * along[:, None] + np.sin(angle)[..., None] * UP
        rim = middle[:, None] + 0.58 * size[:, None, None] * arm
        hub = np.broadcast_to(middle[:, None], rim[:, 1:].shape)
        return np.stack([hub, rim[:, :-1], rim[:, 1:], hub], 2).reshape(-1, 3)

    return Moving(mesh, points_at, solid=True)


def _rods(spots: FloatArray, size: FloatArray, plan: Plan, rng: np.random.Generator) -> Moving:
    """A bright rod beside each wheel that goes up and down."""
    facing, along = _axes(spots)
    foot = np.concatenate([spots[:, :2], size[:, None]], axis=1) + 0.05 * facing + 0.75 * size[:, None] * along
    rate, phase = (2.0 + 5.0 * plan.amount) * rng.uniform(0.8, 1.2, len(spots)), rng.uniform(0, 6, len(spots))
    half = 0.1 * size[:, None] * along

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        lift = (0.45 * size * np.sin(rate * time_s + phase))[:, None] * UP
        return cards(foot + lift, half, 0.5 * size[:, None] * UP)

    return Moving(quad_cloud(np.tile([0.75, 0.76, 0.8], (len(spots), 1))), points_at, solid=True)


def _lamps(spots: FloatArray, size: FloatArray, rng: np.random.Generator) -> Moving:
    facing, along = _axes(spots)
    place = np.concatenate([spots[:, :2], 1.95 * size[:, None]], axis=1) + 0.05 * facing
    beat, phase = rng.uniform(0.4, 1.2, len(spots)), rng.random(len(spots))
    colours = np.array([(1.0, 0.25, 0.1), (0.3, 1.0, 0.3), (1.0, 0.8, 0.2)])[rng.integers(3, size=len(spots))]

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        shown = 0.16 * ((time_s / beat + phase) % 1.0 < 0.5)[:, None]
        return cards(place, shown * along, shown * UP)

    return Moving(quad_cloud(colours), points_at, solid=True)


def traffic(plan: Plan, rng: np.random.Generator) -> Moving:
    """Cars on both lanes of a city's road; more and faster ones the more there is of it."""
    count, meshes, owner = 3 + round(9 * plan.amount), [], []
    lane = np.arange(count) % 2
    for index in range(count):
        y = plan.setting.reach_m + (2.1 if lane[index] == 0 else 4.9)
        colour = tuple(float(value) for value in rng.uniform(0.1, 0.9, 3))
        parts = car(0.0, y, (rng.uniform(1.9, 2.4), 0.9), rng.uniform(1.35, 1.7), 0.0, colour, plan.mood)  # type: ignore[arg-type]
        meshes += parts
        owner.append(np.full(sum(len(part.points_m) for part in parts), index))
    whole, number = merged(meshes)[0], np.concatenate(owner)
    speed = (4.0 + 6.0 * plan.amount) * np.where(
        lane == 0, 1.0, -1.0
    )  # one speed per lane, so that none runs into another
    start = (np.arange(count) // 2 + rng.uniform(0.1, 0.6, count)) / ((count + 1) // 2) * ROUND_TRIP_M

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        del eye
        points = whole.points_m.copy()
        points[:, 0] += ((start + speed * time_s) % ROUND_TRIP_M - 0.5 * ROUND_TRIP_M)[number]
        return points

    return Moving(whole, points_at, solid=True)
