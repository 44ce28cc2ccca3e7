"""Things: what stands about in places, from a few simple shapes each."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.occlusion import CROWN_FROM, solids_of
from stereosync_scenes.plan import Blocker, Colour, Mood
from stereosync_scenes.shapes import Mesh, cube, quads, rotund
from stereosync_scenes.shapes import lit as lit_by

BARK: Colour = (0.32, 0.22, 0.14)


def tree(
    x: float, y: float, rng: np.random.Generator, mood: Mood, tall: tuple[float, float] = (2.5, 7.0)
) -> list[Mesh]:
    """A conifer or a leafy tree."""
    high, green = rng.uniform(*tall), rng.uniform(0.25, 0.5)
    leaf = (green * rng.uniform(0.4, 1.1), green, green * rng.uniform(0.2, 0.5))
    parts = [rotund((x, y, 0.25 * high), (0.035 * high, 0.035 * high, 0.25 * high), BARK, mood, top=0.7, sides=6)]
    if rng.random() < 0.4:  # conifer
        return [*parts, rotund((x, y, 0.62 * high), (0.22 * high, 0.22 * high, 0.4 * high), leaf, mood, top=0.02)]
    return [*parts, rotund((x, y, 0.7 * high), high * rng.uniform(0.2, 0.34, 3), leaf, mood)]


def bush(x: float, y: float, rng: np.random.Generator, mood: Mood) -> Mesh:
    """Broad green, as it grows in a jungle."""
    green, size = rng.uniform(0.2, 0.55), rng.uniform(0.6, 1.7)
    leaf = (green * rng.uniform(0.2, 0.7), green, green * rng.uniform(0.15, 0.45))
    return rotund((x, y, 0.4 * size), size * rng.uniform(0.6, 1.2, 3), leaf, mood, sides=7)


def palm(x: float, y: float, rng: np.random.Generator, mood: Mood) -> list[Mesh]:
    """A trunk and a star of long leaves."""
    high, turn = rng.uniform(3.0, 7.0), rng.uniform(0, 1)
    parts = [rotund((x, y, 0.5 * high), (0.13, 0.13, 0.5 * high), (0.4, 0.32, 0.2), mood, top=0.6, sides=5)]
    for angle in np.arange(6) * np.pi / 3 + turn:
        out = np.array([np.cos(angle), np.sin(angle), -0.25])
        across = 0.28 * np.array([-np.sin(angle), np.cos(angle), 0.0])
        root, tip = np.array([x, y, high]), np.array([x, y, high + 0.1]) + 1.9 * out
        middle = 0.5 * (root + tip) + [0, 0, 0.35]
        points = np.array([root, middle + across, tip, middle - across])
        green = lit_by((0.15, 0.42, 0.12), np.tile([0, 0, 1.0], (4, 1)), mood)
        parts.append(Mesh(points, green, np.zeros((4, 2)), quads(1)))
    return parts


def house(x: float, y: float, rng: np.random.Generator, mood: Mood) -> list[Mesh]:
    """A small house with a gable roof, a door and windows on the side that faces -y."""
    wide, deep, high = rng.uniform(2.0, 3.5), rng.uniform(1.8, 2.6), rng.uniform(1.1, 1.5)
    wall = tuple(rng.uniform(0.55, 0.95) * np.array([1, 0.93, 0.8]))
    roof: Colour = (rng.uniform(0.35, 0.6), 0.22, 0.16)
    parts = [cube((x, y, high), (wide, deep, high), wall, mood)]
    for side in (-1, 1):
        low, top = y + 1.12 * side * deep, 2 * high + rng.uniform(1.0, 1.3)
        ends = [x - 1.08 * wide, x + 1.08 * wide]
        points = np.array(
            [(ends[0], low, 1.9 * high), (ends[1], low, 1.9 * high), (ends[1], y, top), (ends[0], y, top)]
        )
        parts.append(
            Mesh(points, lit_by(roof, np.tile([0, 0.6 * side, 0.8], (4, 1)), mood), np.zeros((4, 2)), quads(1))
        )
    for share, size in ((-0.55, 0.35), (0.55, 0.35), (0.0, 0.45)):
        low = 0.9 if share == 0.0 else 1.2
        parts.append(
            cube(
                (x + share * wide, y - deep, low), (size, 0.04, 0.9 if share == 0.0 else 0.4), (0.16, 0.14, 0.16), mood
            )
        )
    return parts


def car(
    x: float, y: float, half_m: tuple[float, float], high: float, turn: float, colour: Colour, mood: Mood
) -> list[Mesh]:
    """A car of half length and half width `half_m`: body, cabin and wheels."""
    blocker = Blocker("car", x, y, half_m, high, turn, 0)
    cos, sin = np.cos(turn), np.sin(turn)
    parts = []
    for solid, paint in zip(solids_of(blocker), (colour, (0.13, 0.16, 0.2)), strict=True):
        middle, half = 0.5 * (solid.bottom_m + solid.top_m), 0.5 * (solid.top_m - solid.bottom_m)
        lifted = 0.1 if solid.bottom_m == 0.0 else 0.0
        parts.append(cube((x, y, middle + lifted), (*solid.half_m, half - lifted), paint, mood, turn))
    for along in (-0.62, 0.62):
        for across in (-1, 1):
            forward, side = along * half_m[0], across * half_m[1]
            place = (x + forward * cos - side * sin, y + forward * sin + side * cos, 0.3)
            parts.append(rotund(place, (0.3, 0.3, 0.3), (0.07, 0.07, 0.08), mood, sides=6))
    return parts


def boat(x: float, y: float, rng: np.random.Generator, mood: Mood) -> list[Mesh]:
    """A hull with a cabin and a mast."""
    long, wide = rng.uniform(2.0, 4.5), rng.uniform(0.7, 1.2)
    hull = tuple(rng.uniform(0.2, 0.9, 3))
    mast = rng.uniform(2.5, 5.0)
    parts = [
        cube((x, y, 0.35), (long, wide, 0.45), hull, mood),
        cube((x, y, 0.82), (1.04 * long, 1.05 * wide, 0.05), (0.9, 0.9, 0.88), mood),
    ]
    parts.append(cube((x - 0.3 * long, y, 1.2), (0.3 * long, 0.6 * wide, 0.4), (0.85, 0.85, 0.8), mood))
    parts.append(
        rotund(
            (x + 0.2 * long, y, 0.5 * mast + 0.8), (0.06, 0.06, 0.5 * mast), (0.5, 0.36, 0.2), mood, top=0.8, sides=5
        )
    )
    return parts


def post(x: float, y: float, mood: Mood) -> Mesh:
    return rotund((x, y, 1.5), (0.07, 0.07, 1.5), (0.25, 0.26, 0.28), mood, top=0.8, sides=6)


def blocker_meshes(blocker: Blocker, mood: Mood) -> list[Mesh]:
    """The meshes of a blocker: its solids exactly, and a tree's crown above."""
    rng = np.random.default_rng([blocker.seed, 4])
    x, y, (length, width), high = blocker.x_m, blocker.y_m, blocker.half_m, blocker.height_m
    grey = rng.uniform(0.3, 0.85)
    stone: Colour = (grey, grey * rng.uniform(0.85, 1.0), grey * rng.uniform(0.75, 1.0))
    if blocker.look == "car":
        return car(x, y, blocker.half_m, high, blocker.turn_rad, tuple(rng.uniform(0.15, 0.9, 3)), mood)
    if blocker.look == "wall":
        return [cube((x, y, 0.5 * high), (length, width, 0.5 * high), stone, mood, blocker.turn_rad)]
    if blocker.look == "column":
        return [rotund((x, y, 0.5 * high), (length, length, 0.5 * high), stone, mood, top=0.999, sides=12)]
    green, trunk = rng.uniform(0.25, 0.5), 0.5 * CROWN_FROM * high + 0.15
    leaf = (green * rng.uniform(0.4, 1.1), green, green * rng.uniform(0.2, 0.5))
    spread = (0.2 * high, 0.2 * high, 0.5 * (1 - CROWN_FROM) * high)
    crown = rotund((x, y, 0.5 * (1 + CROWN_FROM) * high), spread, leaf, mood)
    return [rotund((x, y, trunk), (length, length, trunk), BARK, mood, top=0.999, sides=10), crown]
