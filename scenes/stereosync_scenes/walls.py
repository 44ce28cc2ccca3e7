"""Walls: textures of facades, of what halls are lined with, and of falling water. Every one tiles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stereosync_scenes.patterns import Plane, cells, grid, hue, joints, noise, paint, relief
from stereosync_scenes.textures import Picture


def _facade(rng: np.random.Generator, glow: float = 0.0) -> Plane:
    rows, columns = grid()
    wall = _brick(rng) if rng.random() < 0.5 else _plaster(rng)
    u, v = np.abs((columns * 2) % 1 - 0.5), np.abs((rows * 2) % 1 - 0.5)
    frame, pane = ((u < 0.2) & (v < 0.3))[..., None], ((u < 0.16) & (v < 0.26) & (u > 0.012))[..., None]
    lamp = (rng.random((2, 2)) < glow)[(rows * 2).astype(int), (columns * 2).astype(int)][..., None]
    glass = np.where(lamp, np.array([2.4, 1.9, 0.9]), np.array([0.15, 0.2, 0.28]) + 0.25 * rows[..., None])
    return np.asarray(np.where(pane, glass, np.where(frame, 0.85 * rng.random(), wall)))


def _facade_at_night(rng: np.random.Generator) -> Plane:
    return _facade(rng, glow=0.45)


def _plaster(rng: np.random.Generator) -> Plane:
    return paint(hue(rng, 0.08, 0.1, (0.05, 0.4), (0.5, 0.9)), 1 + 0.05 * noise(rng, 4, 100, 0.6))


def _brick(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    shift = 0.5 * (np.floor(rows * 24) % 2) / 10
    joint = np.maximum(joints(rows, 24, 0.08), joints(columns + shift, 10, 0.04))
    light = (1 + 0.07 * noise(rng, 4, 100, 0.6)) * (1 - 0.3 * joint)
    return paint(hue(rng, 0.04, 0.04, (0.3, 0.6), (0.4, 0.7)), light)


def _curtain(rng: np.random.Generator) -> Plane:
    """Heavy cloth in folds."""
    _, columns = grid()
    folds = int(rng.integers(7, 13))
    wave = np.sin(2 * np.pi * (folds * columns + 0.12 * noise(rng, 1, 3)))
    light = 0.72 + 0.3 * wave + 0.03 * noise(rng, 30, 120, 0)
    return paint(hue(rng, rng.choice([0.0, 0.35, 0.6, 0.8, 0.1]), 0.04, (0.5, 0.85), (0.4, 0.7)), light)


def _panel(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count = int(rng.integers(3, 6))
    edge = np.maximum(joints(columns, count, 0.05), joints(rows, 2, 0.03))
    light = (1 + 0.09 * noise(rng, 10, 128, 0.4, stretch=0.08)) * (1 - 0.5 * edge)
    return paint(hue(rng, 0.075, 0.02, (0.5, 0.7), (0.35, 0.6)), light)


def _tile(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count = int(rng.choice([8, 12]))
    joint = np.maximum(joints(rows, count, 0.05), joints(columns, count, 0.05))
    light = (1 + 0.02 * noise(rng, 2, 20)) * (1 - 0.35 * joint)
    return paint(hue(rng, 0.5, 0.12, (0.03, 0.3), (0.8, 0.95)), light)


def _metal(rng: np.random.Generator) -> Plane:
    """Corrugated sheets with seams."""
    rows, columns = grid()
    ribs = 0.72 + 0.2 * np.sin(2 * np.pi * 20 * columns)
    return paint(hue(rng, 0.6, 0.1, (0.03, 0.25), (0.45, 0.7)), ribs * (1 - 0.4 * joints(rows, 2, 0.015)))


def _rock(rng: np.random.Generator) -> Plane:
    _, gap, shade = cells(rng, 5)
    light = relief(noise(rng, 2, 60, 1.0), 0.35) * (0.55 + 0.4 * shade) * (0.6 + 0.4 * np.clip(5 * gap, 0, 1))
    return paint(hue(rng, 0.08, 0.04, (0.1, 0.3), (0.35, 0.5)), light)


def _falls(rng: np.random.Generator) -> Plane:
    """Water that falls: bright streaks along the way down."""
    streaks = noise(rng, 5, 60, 0.5, stretch=0.2)
    return paint((0.85, 0.94, 1.0), np.clip(0.85 + 0.22 * streaks, 0.35, 1.2))


PAINTERS: dict[str, Callable[[np.random.Generator], Plane]] = {
    "facade": _facade, "facade_at_night": _facade_at_night, "plaster": _plaster, "brick": _brick, "curtain": _curtain,
    "panel": _panel, "tile": _tile, "metal": _metal, "rock": _rock, "falls": _falls,
}  # fmt: skip


def wall_texture(kind: str, seed: int) -> Picture:
    """A tiling RGB texture (256, 256, 3) of one of the kinds in `PAINTERS`."""
    wall = PAINTERS[kind](np.random.default_rng([seed, 6]))
    return (np.clip(wall, 0, 1) * 255).astype(np.uint8)
