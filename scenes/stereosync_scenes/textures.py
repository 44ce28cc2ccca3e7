"""Textures made of noise and patterns: every one tiles, and every seed is another one of its kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from stereosync_scenes.patterns import Plane, cells, grid, hue, joints, noise, paint, relief

Picture = npt.NDArray[np.uint8]  # (S, S, 3)


def _snow(rng: np.random.Generator) -> Plane:
    light = relief(noise(rng, 1, 40, 1.4), 0.2) * (1 + 0.015 * noise(rng, 40, 120, 0))
    sparkle = (noise(rng, 60, 128, 0) > 2.9) * 0.2
    return paint(hue(rng, 0.59, 0.02, (0.02, 0.08), (0.8, 0.92)), light) + sparkle[..., None]


def _stone(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count, along = int(rng.integers(4, 7)), int(rng.integers(3, 5))
    row = np.floor(rows * count).astype(int)
    shift = rng.random(count)[row] + 0.012 * noise(rng, 2, 8)
    cell = np.floor((columns + shift) * along).astype(int) % along + row * along
    joint = np.maximum(joints(columns + shift, along, 0.03), joints(rows + 0.008 * noise(rng, 2, 8), count, 0.045))
    shade = rng.uniform(0.75, 1.2, count * along)[cell]
    light = shade * relief(noise(rng, 4, 90, 0.8), 0.2) * (1 - 0.6 * joint)
    return paint(hue(rng, 0.09, 0.04, (0.03, 0.2), (0.42, 0.6)), light, 0.04 * noise(rng, 2, 20))


def _grass(rng: np.random.Generator) -> Plane:
    blades = noise(rng, 8, 128, 0.2, stretch=0.28) + 0.6 * noise(rng, 20, 128, 0.1, stretch=0.5)
    light = 0.85 + 0.26 * blades + 0.12 * noise(rng, 1, 8)
    green = paint(hue(rng, 0.27, 0.05, (0.5, 0.8), (0.38, 0.58)), light, 0.12 * noise(rng, 1, 12))
    flowers = (noise(rng, 20, 50, 0) > 3.1)[..., None] * rng.random()
    return np.asarray(green * (1 - flowers) + flowers * np.array([0.95, 0.9, rng.random()]))


def _gravel(rng: np.random.Generator) -> Plane:
    nearest, gap, shade = cells(rng, int(rng.integers(20, 34)))
    light = (0.45 + 0.75 * np.clip(2.5 * gap, 0, 1)) * (1.1 - 0.5 * nearest) * (0.55 + 0.8 * shade)
    return paint(hue(rng, 0.08, 0.05, (0.02, 0.18), (0.55, 0.75)), light, 0.12 * (shade - 0.5))


def _sand(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    waves = int(rng.integers(5, 11))
    ripple = np.sin(2 * np.pi * (waves * rows + 0.35 * noise(rng, 1, 5, 1.5) + int(rng.integers(-2, 3)) * columns))
    light = 0.95 + rng.uniform(0.03, 0.1) * ripple + 0.045 * noise(rng, 50, 128, 0) + 0.03 * noise(rng, 1, 10)
    return paint(hue(rng, 0.11, 0.02, (0.28, 0.45), (0.78, 0.92)), light)


def _water(rng: np.random.Generator) -> Plane:
    wave = noise(rng, 3, 14, 0.6, stretch=1.6)
    caustic = np.exp(-3.5 * np.abs(wave)) + 0.6 * np.exp(-4 * np.abs(noise(rng, 5, 18, 0.5)))
    light = 0.7 + 0.5 * caustic + 0.1 * noise(rng, 1, 6)
    return np.asarray(paint(hue(rng, 0.54, 0.05, (0.55, 0.85), (0.4, 0.62)), light) + 0.16 * (caustic**3)[..., None])


def _wood(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count = int(rng.integers(6, 13))
    plank = np.floor(columns * count).astype(int)
    shade, shift = rng.uniform(0.72, 1.15, count)[plank], rng.random(count)[plank]
    grain = noise(rng, 10, 128, 0.4, stretch=12.0)
    end = joints(rows + shift, 1, 0.007)
    light = shade * (1 + 0.1 * grain) * (1 - 0.65 * np.maximum(joints(columns, count, 0.045), end))
    return paint(hue(rng, 0.075, 0.025, (0.4, 0.7), (0.42, 0.75)), light, 0.03 * noise(rng, 2, 12, stretch=6.0))


def _dirt(rng: np.random.Generator) -> Plane:
    lump = noise(rng, 3, 60, 0.9)
    stones = np.clip(noise(rng, 14, 40, 0.3) - 2.2, 0, 1)
    light = (0.95 + 0.12 * noise(rng, 1, 12, 1.0)) * relief(lump, 0.22) + 0.6 * stones
    return paint(hue(rng, 0.07, 0.02, (0.4, 0.62), (0.3, 0.46)), light, 0.05 * noise(rng, 2, 20))


def _carpet(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    base = hue(rng, rng.random(), 0.1, (0.45, 0.85), (0.35, 0.7))
    other = hue(rng, rng.random(), 0.1, (0.3, 0.8), (0.5, 0.9))
    count = int(rng.integers(2, 5))
    u, v = np.abs((columns * count) % 1 - 0.5), np.abs((rows * count) % 1 - 0.5)
    kind = int(rng.integers(4))
    figure = [u + v < 0.25, np.abs(u + v - 0.4) < 0.05, u > 0.4, np.hypot(u, v) < 0.2][kind].astype(float)[..., None]
    ring = (np.abs(u + v - 0.36) < 0.03).astype(float)[..., None] * (kind == 0)
    cloth = np.array(base) * (1 - figure) + np.array(other) * figure
    cloth = cloth * (1 - ring) + 0.8 * ring
    return np.asarray(cloth * (1 + 0.1 * noise(rng, 60, 128, 0) + 0.04 * noise(rng, 1, 8))[..., None])


def _tile(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count = int(rng.choice([4, 6, 8]))
    cell = (np.floor(rows * count) + np.floor(columns * count)) % 2
    base = np.array(hue(rng, rng.random(), 0.5, (0.02, 0.25), (0.75, 0.95)))
    other = (
        base * rng.choice([1.0, 0.9, 0.25])
        if rng.random() < 0.7
        else np.array(hue(rng, rng.random(), 0.5, (0.4, 0.8), (0.3, 0.7)))
    )
    tiles = base * (1 - cell[..., None]) + other * cell[..., None]
    marble = np.exp(-6 * np.abs(noise(rng, 1, 12, 1.2))) * rng.uniform(0, 0.15)
    joint = np.maximum(joints(rows, count, 0.03), joints(columns, count, 0.03))[..., None]
    grout = rng.choice([0.35, 0.6])
    return np.asarray((tiles * (1.02 - marble)[..., None]) * (1 - joint) + grout * joint)


def _metal(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    steel = hue(rng, 0.6, 0.05, (0.03, 0.15), (0.42, 0.62))
    brushed = 1 + 0.05 * noise(rng, 6, 128, 0.2, stretch=10.0)
    count = 12
    if rng.random() < 0.65:  # tread plate: lozenges of alternating slant
        u, v = (columns * count) % 1 - 0.5, (rows * count) % 1 - 0.5
        turn = np.where((np.floor(columns * count) + np.floor(rows * count)) % 2 == 0, 1.0, -1.0)
        along, across = (u + turn * v), (u - turn * v)
        mark = np.clip(1.4 - (along / 0.42) ** 2 - (across / 0.13) ** 2, 0, 1)
        pattern = 0.45 * mark - 0.3 * np.roll(mark, 2, 0)
    else:  # grating
        pattern = -0.65 * (1 - np.maximum(joints(rows, 16, 0.18), joints(columns, 8, 0.1)))
    seam = np.maximum(joints(rows, 1, 0.006), joints(columns, 1, 0.006))
    return paint(steel, (1.25 * brushed + pattern) * (1 - 0.6 * seam))


def _ice(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    crack = np.zeros_like(rows)
    for _ in range(int(rng.integers(5, 9))):  # long straight cracks; whole numbers of turns let them tile
        turn = int(rng.integers(-2, 3)) * rows + int(rng.choice([-2, -1, 1, 2])) * columns + 0.02 * noise(rng, 1, 6)
        away = np.abs((turn + rng.random()) % 1 - 0.5)
        crack += rng.uniform(0.4, 1.0) * np.exp(-away * rng.uniform(90, 200)) * np.clip(1 + noise(rng, 1, 2), 0, 1)
    body = paint(hue(rng, 0.53, 0.025, (0.15, 0.35), (0.75, 0.92)), 0.95 + 0.06 * noise(rng, 1, 8, 1.2))
    return body + 0.4 * np.clip(crack, 0, 1)[..., None]


def _glass(rng: np.random.Generator) -> Plane:
    rows, columns = grid()
    count = int(rng.integers(2, 4))
    pane = hue(rng, rng.uniform(0.42, 0.6), 0.03, (0.3, 0.6), (0.2, 0.42))
    streak = np.exp(-((((columns * count + rows * count) % 1 - 0.5) / 0.1) ** 2))
    streak += 0.6 * np.exp(-((((columns * count + rows * count) % 1 - 0.78) / 0.03) ** 2))
    frame = np.maximum(joints(rows, count, 0.035), joints(columns, count, 0.035))[..., None]
    glow = paint(pane, 0.9 + 0.1 * noise(rng, 1, 4)) + 0.3 * streak[..., None] * np.array([0.75, 0.95, 1.0])
    return np.asarray(glow * (1 - frame) + frame * rng.choice([0.15, 0.8]))


PAINTERS: dict[str, tuple[Callable[[np.random.Generator], Plane], float]] = {
    "snow": (_snow, 4.0), "stone": (_stone, 2.6), "grass": (_grass, 2.2), "gravel": (_gravel, 1.8),
    "sand": (_sand, 2.6), "water": (_water, 3.2), "wood": (_wood, 1.8), "dirt": (_dirt, 3.0), "carpet": (_carpet, 1.8),
    "tile": (_tile, 2.4), "metal": (_metal, 2.0), "ice": (_ice, 5.0), "glass": (_glass, 2.8),
}  # fmt: skip


def ground_texture(ground: str, seed: int) -> tuple[Picture, float]:
    """A tiling RGB texture (256, 256, 3) of one of the grounds and the metres that one tile covers."""
    painter, span_m = PAINTERS[ground]
    rng = np.random.default_rng([seed, 5])
    picture = np.clip(painter(rng), 0.0, 1.0)
    return (picture * 255 + 0.5).astype(np.uint8), span_m * float(rng.uniform(0.8, 1.3))
