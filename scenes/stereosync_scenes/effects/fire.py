"""Fire: flames that flicker, sparks, and their light on the ground."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.effects.moving import Eye, Moving, cards, quad_cloud, shades
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.shapes import Mesh, merged, rotund

UP = np.array([0.0, 0.0, 1.0])
TONGUES = 26
GLOW_SIDES = 16


def fires(plan: Plan, rng: np.random.Generator) -> list[Moving]:
    """One or two fires beyond the area, larger the more there is of them and the higher the hall."""
    hall_size = (0.4 + 0.4 * plan.amount) * min(0.8 + 0.07 * plan.setting.height_m, 1.6)
    size = hall_size if plan.setting.kind == "hall" else 0.5 + 1.1 * plan.amount
    wide, y = plan.setting.half_width_m, plan.setting.reach_m + 0.3 + size
    spots = [np.array([rng.uniform(-0.5, 0.5) * wide, y, 0.0])]
    if rng.random() < 0.4:
        spots.append(np.array([spots[0][0] + rng.choice([-1, 1]) * rng.uniform(2.5, 4.5), y, 0.0]))
    return [
        part
        for spot in spots
        for part in (
            _glow(spot, size),
            _logs(spot, size, plan, rng),
            _flames(spot, size, rng),
            _sparks(spot, size, rng),
        )
    ]


def _logs(spot: FloatArray, size: float, plan: Plan, rng: np.random.Generator) -> Moving:
    stones = [
        rotund(
            spot + np.array([size * np.cos(turn), size * np.sin(turn), 0.05]),
            size * rng.uniform(0.12, 0.25, 3),
            (0.2, 0.15, 0.12),
            plan.mood,
            sides=5,
        )
        for turn in np.arange(9) * 2 * np.pi / 9
    ]
    return Moving(merged(stones)[0], solid=True)


def _glow(spot: FloatArray, size: float) -> Moving:
    """Orange light on the ground around."""
    turn = np.arange(GLOW_SIDES) * 2 * np.pi / GLOW_SIDES
    rim = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1)
    points = np.concatenate([[0 * spot], rim, 2.4 * rim]) * 1.6 * size + spot + 0.008 * UP
    one = np.arange(GLOW_SIDES)
    inner = np.stack([0 * one, one + 1, (one + 1) % GLOW_SIDES + 1], -1)
    colours = np.array([(1.0, 0.6, 0.2)] * len(points))
    return Moving(Mesh(points, colours, np.zeros((len(points), 2)), inner.astype(np.uint32)), opacity=0.35)


def _flames(spot: FloatArray, size: float, rng: np.random.Generator) -> Moving:
    """Tongues: tall rectangles that end in a tip, yellow below and red above, in three layers."""
    away, turn = np.sqrt(rng.random(TONGUES)) * 0.8 * size, rng.uniform(0, 2 * np.pi, TONGUES)
    base = spot + np.stack([away * np.cos(turn), away * np.sin(turn), 0 * turn], -1)
    high = 2.6 * size * rng.uniform(0.5, 1.0, TONGUES) * (1 - 0.5 * away / size)
    rate, phase = rng.uniform(5, 13, TONGUES), rng.uniform(0, 2 * np.pi, TONGUES)
    mesh = quad_cloud(np.zeros((TONGUES, 3)))
    mesh.colours[0::4] = mesh.colours[1::4] = shades(TONGUES, (1.0, 0.82, 0.3), 0.1, rng)
    mesh.colours[2::4] = mesh.colours[3::4] = shades(TONGUES, (0.95, 0.3, 0.06), 0.15, rng)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        flicker = 0.65 + 0.3 * np.sin(rate * time_s + phase) + 0.15 * np.sin(2.7 * rate * time_s)
        tall = (high * flicker)[:, None] * UP
        lean = (0.18 * size * np.sin(0.6 * rate * time_s + 2 * phase))[:, None] * eye.right
        foot, tip = 0.3 * size * eye.right, 0.05 * size * eye.right
        corners = np.stack([base - foot, base + foot, base + tall + lean + tip, base + tall + lean - tip], 1)
        return np.asarray(corners.reshape(-1, 3))

    return Moving(mesh, points_at, 0.92, solid=True)


def _sparks(spot: FloatArray, size: float, rng: np.random.Generator) -> Moving:
    count = 24
    away, phase, rate = rng.normal(0, 0.3 * size, (count, 2)), rng.random(count), rng.uniform(0.3, 0.7, count)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        part = ((rate * time_s + phase) % 1.0)[:, None]
        middle = spot + np.concatenate([away * (1 + part), 4.0 * size * part], axis=1)
        half = 0.035 * (1 - 0.7 * part)
        return cards(middle, half * eye.right, half * UP)

    return Moving(quad_cloud(shades(count, (1.0, 0.7, 0.25), 0.15, rng)), points_at, 0.95)
