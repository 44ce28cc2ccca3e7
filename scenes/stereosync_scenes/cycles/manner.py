"""Manners of engines: which bounds their boxes have, how exact they are, how far the body is, how often they tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stereosync.scene import Box
from stereosync_scenes.plan import FloatArray

SLOWEST_HZ, FASTEST_HZ, JITTER = 15.0, 60.0, 0.15  # of a frame
HEIGHTS_PX = (144, 240, 360, 640)  # of pictures, as the service thins them
STATIC_SHARE, PADDED_SHARE, ROUNDED_SHARE, SHAKEN_SHARE = 0.2, 0.15, 0.15, 0.2
ROOT_SHARE, FEET_SHARE = 0.3, 0.4  # of engines that tell the body's position; without it depth tells how far it is
PADDING, SHAKE_PX, DROPPED, DROPPING_SHARE = 0.15, 0.3, 0.08, 0.15


@dataclass(frozen=True)
class Manner:
    """One engine's manner. `position` is "root", "feet" (the middle between them) or "" where none is told."""

    rate_hz: float
    height_px: int
    static: bool = False
    padding: float = 0.0  # of the box's size, on every side
    rounded: bool = False
    shake_px: float = 0.0
    position: str = "feet"
    dropped: float = 0.0  # share of the frames in which the box is missing

    @property
    def tight(self) -> bool:
        return not self.static and self.padding == 0

    def times_s(self, duration_s: float, rng: np.random.Generator) -> FloatArray:
        """Capture times of frames, some of them missing."""
        times_s = np.arange(0.5, duration_s * self.rate_hz - 0.5) / self.rate_hz
        jitter_s = rng.uniform(-JITTER, JITTER, len(times_s)) / self.rate_hz
        return np.asarray((times_s + jitter_s)[rng.random(len(times_s)) >= self.dropped])

    def given(self, box: Box, rng: np.random.Generator) -> Box:
        """The box as this engine gives it."""
        padding = self.padding * np.array([box.x0 - box.x1, box.y0 - box.y1, box.x1 - box.x0, box.y1 - box.y0])
        corners = np.array([box.x0, box.y0, box.x1, box.y1]) + padding + self.shake_px * rng.standard_normal(4)
        x0, y0, x1, y1 = (np.round(corners) if self.rounded else corners).tolist()
        return replace(box, x0=x0, y0=y0, x1=x1, y1=y1, tight=self.tight)


def draw_manner(rng: np.random.Generator) -> Manner:
    """A manner at random."""
    kind, where = rng.random(), rng.random()
    static, padded = kind < STATIC_SHARE, kind < STATIC_SHARE + PADDED_SHARE
    return Manner(
        rate_hz=float(rng.uniform(SLOWEST_HZ, FASTEST_HZ)),
        height_px=int(rng.choice(HEIGHTS_PX)),
        static=static,
        padding=float(rng.uniform(0, PADDING)) if padded else 0.0,
        rounded=bool(rng.random() < ROUNDED_SHARE),
        shake_px=float(rng.uniform(0, SHAKE_PX)) if rng.random() < SHAKEN_SHARE else 0.0,
        position="root" if where < ROOT_SHARE else "feet" if where < ROOT_SHARE + FEET_SHARE else "",
        dropped=DROPPED if rng.random() < DROPPING_SHARE else 0.0,
    )
