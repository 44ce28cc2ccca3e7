"""The place as the ear has it: how wide it is and whether the sky is above, from rays into all directions."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.arena.voxels import Voxels
from stereosync_scenes.plan import FloatArray
from stereosync_scenes.walk import Room

RAYS = 240
LONGEST_M = 40.0
OPEN_SKY_SHARE = 0.45
INDOOR_PLACES = ("machinery", "cave", "", "", "", "", "", "")
OUTDOOR_PLACES = ("wind", "wind", "")


def surroundings(voxels: Voxels, eye_m: FloatArray, rng: np.random.Generator) -> tuple[str, Room]:
    """The ambience's kind ("" for none) and the room about an eye (3,)."""
    directions = sphere(RAYS)
    free = voxels.free_path_m(eye_m, directions, LONGEST_M)
    sky = float(np.isinf(free[directions[:, 2] > 0.5]).mean())
    if sky > OPEN_SKY_SHARE:
        return str(rng.choice(OUTDOOR_PLACES)), Room(0.0, 0.0)
    level = np.minimum(free[np.abs(directions[:, 2]) < 0.35], LONGEST_M)
    size_m = 2 * float(np.exp(np.log(level).mean()))
    rt60_s = float(np.clip(0.06 * size_m * rng.uniform(0.6, 1.8) * (1 - sky), 0.25, 2.5))
    return str(rng.choice(INDOOR_PLACES)), Room(size_m, rt60_s)


def sphere(count: int) -> FloatArray:
    """Unit vectors (count, 3) spread evenly, on a spiral of the golden angle."""
    height = 1 - (2 * np.arange(count) + 1) / count
    turn = np.arange(count) * np.pi * (3 - 5**0.5)
    radius = np.sqrt(1 - height**2)
    return np.stack([radius * np.cos(turn), radius * np.sin(turn), height], axis=1)
