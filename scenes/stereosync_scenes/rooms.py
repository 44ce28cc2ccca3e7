"""Rooms: how large the free area is, what its walls are made of, and what the ear makes of both."""

from __future__ import annotations

import math

import numpy as np

from stereosync_scenes.cameras import MOVING, Optics
from stereosync_scenes.plan import Setting
from stereosync_scenes.walk import Room

# Width, length and height in metres (low, high) of halls; those that a walking camera needs are long.
HALLS = {
    "corridor": ((2.8, 4.2), (14.0, 22.0), (2.4, 3.2)), "room": ((5.0, 9.0), (6.0, 11.0), (2.6, 3.6)),
    "hall": ((10.0, 18.0), (13.0, 24.0), (4.0, 7.0)), "hangar": ((22.0, 40.0), (26.0, 40.0), (8.0, 13.0)),
}  # fmt: skip
# Share of the sound that a surface takes, middle frequencies; H. Kuttruff, "Room Acoustics", with some for what stands
# about.
WALL_ABSORPTION = {
    "curtain": 0.55, "panel": 0.25, "plaster": 0.18, "brick": 0.14, "tile": 0.1, "metal": 0.14, "rock": 0.12,
}  # fmt: skip
GROUND_ABSORPTION = {"carpet": 0.35, "dirt": 0.25, "wood": 0.15}
HARD_GROUND, CEILING_ABSORPTION = 0.1, 0.22
WALLS_OF = {"machinery": ("metal", "brick", "tile", "metal"), "cave": ("rock",)}
SOFT_ODDS = 0.3


def draw_setting(kind: str, place: str, ground: str, optics: Optics, rng: np.random.Generator) -> Setting:
    """The free area: as large as the camera's view in the open, of a hall's own size inside."""
    seed, around = int(rng.integers(2**31)), optics.style in MOVING
    least_wide, least_deep = _least(optics)
    if kind == "hall":
        wide, deep, high = _hall_size(place, around, rng)
        half, deep = max(0.5 * wide, least_wide), max(deep, least_deep + 0.6)
        back = -rng.uniform(0.6, min(2.5, 0.3 * deep))
        return Setting(kind, seed, deep + back, half, high, back, _hall_walls(place, ground, rng), around)
    high = {"field": 0.0, "street": _facade_m(place, rng)}[kind]
    if around:
        half = max(rng.uniform(4.5, 9.0) if kind == "street" else rng.uniform(8.0, 13.0), least_wide)
        deep = max(rng.uniform(18.0, 28.0), least_deep)
        return Setting(kind, seed, deep, half, high, -rng.uniform(1.0, 3.0), "facade", around)
    view = optics.view
    reach = view.far_m + rng.uniform(1.0, 4.0)
    half = view.far_m * math.sin(view.half_angle_rad) + rng.uniform(1.2, 4.0)
    return Setting(kind, seed, reach, half, high, -3.0, "facade", around)


def _least(optics: Optics) -> tuple[float, float]:
    """Half the width, and the depth, that the camera and some of its view need."""
    if optics.style == "orbit":
        return optics.gap_m + 1.0, 2 * optics.gap_m + 2.0
    if optics.style in MOVING:
        return 1.4, 14.0
    return 1.4, optics.view.near_m + 3.5


def _hall_size(place: str, around: bool, rng: np.random.Generator) -> tuple[float, float, float]:
    names = ["corridor", "hall", "hangar"] if around else list(HALLS)
    if place == "machinery":
        names = names[-2:]
    (wide, deep, high) = HALLS[str(rng.choice(names))]
    return float(rng.uniform(*wide)), float(rng.uniform(*deep)), float(rng.uniform(*high))


def _hall_walls(place: str, ground: str, rng: np.random.Generator) -> str:
    if place in WALLS_OF:
        return str(rng.choice(WALLS_OF[place]))
    soft = rng.random() < SOFT_ODDS or (ground == "carpet" and rng.random() < 0.5)
    return "curtain" if soft else str(rng.choice(["panel", "plaster", "brick", "tile"]))


def _facade_m(place: str, rng: np.random.Generator) -> float:
    low, high = {"village": (3.2, 4.6), "city": (15.0, 28.0)}.get(place, (5.0, 11.0))
    return float(rng.uniform(low, high))


def room_of(setting: Setting, place: str, ground: str, rng: np.random.Generator) -> Room:
    """The room's reverberation, by the size and surfaces that are seen; a tenth is left to chance.

    Inside by W. C. Sabine's formula, T = 0.161 V / A; between houses a short slap; in the open nothing.
    """
    wide, deep, high = 2 * setting.half_width_m, setting.reach_m - setting.back_m, setting.height_m
    chance = rng.uniform(0.9, 1.1)
    if setting.kind == "field" or (setting.kind == "street" and place == "harbour"):
        return Room(0.0, 0.0)
    if setting.kind == "street":
        size_m = min(wide, deep, 25.0)
        return Room(size_m, (0.12 + 0.014 * size_m) * chance)
    floor_m2, walls_m2 = wide * deep, 2 * (wide + deep) * high
    absorbed_m2 = floor_m2 * (GROUND_ABSORPTION.get(ground, HARD_GROUND) + CEILING_ABSORPTION)
    absorbed_m2 += walls_m2 * WALL_ABSORPTION[setting.walls]
    rt60_s = 0.161 * floor_m2 * high / absorbed_m2
    return Room(math.sqrt(floor_m2), float(np.clip(rt60_s * chance, 0.15, 2.5)))
