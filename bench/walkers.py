"""Made-up frames: noise with characters who walk in it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from stereosync.scene import Box, Camera, SceneFrame

WIDTH_PX, HEIGHT_PX = 256, 144
CHARACTERS = 2
PICTURE = f"{WIDTH_PX}x{HEIGHT_PX} noise, depth {WIDTH_PX // 2}x{HEIGHT_PX // 2}"


def walkers(index: int, time_s: float, noise: np.random.Generator) -> SceneFrame:
    """A frame of noise with `CHARACTERS` who walk."""
    picture = noise.integers(0, 256, (HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    depth_m = noise.uniform(2.0, 20.0, (HEIGHT_PX // 2, WIDTH_PX // 2)).astype(np.float32)
    return SceneFrame(index, time_s, Camera(math.radians(60), WIDTH_PX / HEIGHT_PX), picture, depth_m, boxes(index))


def boxes(index: int) -> tuple[Box, ...]:
    """The boxes of the characters in frame `index`."""
    return tuple(_box(number, index) for number in range(1, CHARACTERS + 1))


def _box(number: int, index: int) -> Box:
    x0 = 60.0 * number + 20 * math.sin(index / 20)
    return Box(number, "walker", x0, 40.0, x0 + 24 + 6 * math.sin(index / 4), 120.0)


class Reel:
    """A few frames made in advance and shown in turn, so that whoever sends them has next to nothing to compute."""

    def __init__(self, count: int = 15, seed: int = 0) -> None:
        noise = np.random.default_rng(seed)
        self._frames = [walkers(index, 0.0, noise) for index in range(count)]

    def frame(self, index: int, time_s: float) -> SceneFrame:
        """Frame `index`, captured at `time_s`."""
        shown = self._frames[index % len(self._frames)]
        return replace(shown, index=index, capture_time_s=time_s, boxes=boxes(index))
