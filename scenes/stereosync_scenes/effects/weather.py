"""Weather: rain, snow, and what the wind carries. Particles around the camera."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.effects.moving import Eye, Moving, around, cards, quad_cloud, shades
from stereosync_scenes.plan import FloatArray, Plan

UP = np.array([0.0, 0.0, 1.0])
SPAN_M, HIGH_M = 14.0, 6.5
NEAREST_M = 1.0  # nothing is drawn right before the lens
LEAVES = ((0.55, 0.32, 0.1), (0.7, 0.55, 0.15), (0.35, 0.42, 0.15), (0.8, 0.78, 0.7))


def _apart(middle: FloatArray, eye: Eye) -> FloatArray:
    """Distance from the camera (K, 1), 0 for what is too near to be drawn."""
    away = np.linalg.norm(middle - eye.position_m, axis=1, keepdims=True)
    return np.asarray(np.where(away < NEAREST_M, 0.0, away))


def rain(plan: Plan, rng: np.random.Generator) -> Moving:
    """Streaks; more of them the heavier it rains."""
    count = round(90 + 560 * plan.amount)
    start = rng.random((count, 3)) * [SPAN_M, SPAN_M, HIGH_M]
    turn, slant = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 2.0)
    velocity = np.array([slant * np.cos(turn), slant * np.sin(turn), -8.5])
    along = 0.5 * rng.uniform(0.03, 0.055) * velocity

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        drift = np.tile(velocity * time_s, (count, 1))
        middle = around(start, drift, SPAN_M, eye)
        middle[:, 2] %= HIGH_M
        away = _apart(middle, eye)
        return cards(middle, 0.0021 * away * eye.right, (away > 0) * along)

    return Moving(quad_cloud(shades(count, (0.82, 0.86, 0.92), 0.12, rng)), points_at, 0.3 + 0.3 * plan.amount)


def snow(plan: Plan, rng: np.random.Generator) -> Moving:
    """White flakes that drift with the wind and whirl."""
    count = round(160 + 800 * plan.amount)
    start, phase = rng.random((count, 3)) * [SPAN_M, SPAN_M, HIGH_M], rng.uniform(0, 2 * np.pi, count)
    turn, speed = rng.uniform(0, 2 * np.pi), rng.uniform(2.0, 6.0)
    velocity = np.array([speed * np.cos(turn), speed * np.sin(turn), -1.3])

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        whirl = 0.25 * np.stack(
            [np.sin(2.1 * time_s + phase), np.cos(1.7 * time_s + phase), np.sin(2.7 * time_s + phase)], -1
        )
        middle = around(start, velocity * time_s + whirl, SPAN_M, eye)
        middle[:, 2] %= HIGH_M
        away = _apart(middle, eye)
        return cards(middle, 0.0047 * away * eye.right, 0.0047 * away * UP)

    return Moving(quad_cloud(shades(count, (0.97, 0.98, 1.0), 0.03, rng)), points_at, 0.9)


def leaves(plan: Plan, rng: np.random.Generator) -> Moving:
    """Leaves and dust that blow over the ground; more and faster the stronger the wind."""
    count = round(25 + 150 * plan.amount)
    start, phase = rng.random((count, 3)) * [SPAN_M, SPAN_M, 1.0], rng.uniform(0, 2 * np.pi, (count, 1))
    start[:, 2] = 0.1 + 2.6 * start[:, 2] ** 2
    turn, gust = rng.uniform(0, 2 * np.pi), rng.uniform(0.7, 1.2, (count, 1))
    velocity = (2.0 + 5.0 * plan.amount) * np.array([np.cos(turn), np.sin(turn), 0.0])
    colours = np.array(LEAVES)[rng.integers(len(LEAVES), size=count)] * (0.5 + np.mean(plan.mood.ambient))

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        lift = 0.25 * (1 + np.sin(2.3 * time_s + phase)) * UP
        middle = around(start, gust * velocity * time_s + lift, SPAN_M, eye)
        size, flap = 0.0065 * _apart(middle, eye), 5.0 * time_s + 3 * phase
        return cards(middle, size * eye.right, size * (np.cos(flap) * UP + 0.4 * np.sin(flap) * eye.right))

    return Moving(quad_cloud(np.clip(colours, 0, 1)), points_at, 0.95)


def drips(plan: Plan, rng: np.random.Generator) -> Moving:
    """Drops that fall from a cave's ceiling."""
    count, setting = round(4 + 26 * plan.amount), plan.setting
    spot = np.stack(
        [rng.uniform(-1, 1, count) * setting.half_width_m, rng.uniform(setting.back_m, setting.reach_m, count)], -1
    )
    beat, phase = rng.uniform(0.8, 2.5, count), rng.random(count)

    def points_at(time_s: float, eye: Eye) -> FloatArray:
        since = ((time_s / beat + phase) % 1.0) * beat
        height = setting.height_m - 4.9 * since**2
        middle = np.concatenate([spot, height[:, None]], axis=1)
        away = _apart(middle, eye) * (height > 0)[:, None]
        return cards(middle, 0.003 * away * eye.right, (away > 0) * 0.14 * UP)

    return Moving(quad_cloud(shades(count, (0.75, 0.85, 0.95), 0.1, rng)), points_at, 0.85)
