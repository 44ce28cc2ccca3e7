"""A performance: what was seen and what was heard, on one time axis, for the table and the picture at the end."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from stereosync.scene import Float32Array, SceneFrame, UInt8Array, azimuth_rad

KEPT_S = 30.0  # of a long run only the end is kept, so that memory does not grow
STILL_EVERY_S = 0.5


@dataclass(frozen=True)
class KnownContact:
    """A foot that really came down at `time_s` of the run, `azimuth_rad` to the right. The service never sees it."""

    time_s: float
    box_id: int
    azimuth_rad: float
    distance_m: float
    ground: str

    @classmethod
    def from_metadata(cls, entry: dict[str, Any]) -> KnownContact:
        """One entry of a tape's `contacts`. A malformed one is a KeyError, TypeError, ValueError or OverflowError."""
        contact = cls(
            time_s=float(entry["time_s"]),
            box_id=int(entry["box_id"]),
            azimuth_rad=float(entry["azimuth_rad"]),
            distance_m=float(entry["distance_m"]),
            ground=str(entry["ground"]),
        )
        if not all(map(math.isfinite, (contact.time_s, contact.azimuth_rad, contact.distance_m))):
            raise ValueError(f"a contact must be finite, got {entry}")
        return contact

    @classmethod
    def from_position(
        cls, time_s: float, box_id: int, ground: str, position_m: tuple[float, float, float]
    ) -> KnownContact:
        """A contact at `position_m` in camera space (x right, y up, z forward)."""
        x, _, z = position_m
        return cls(time_s, box_id, math.atan2(x, z), math.dist(position_m, (0.0, 0.0, 0.0)), ground)


@dataclass(frozen=True)
class Still:
    """A picture (H, W, 3) of the strip, with its boxes' corners (x0, y0, x1, y1) in pixels."""

    time_s: float
    picture: UInt8Array
    corners_px: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class BoxPoint:
    """The middle of a box at one time."""

    time_s: float
    box_id: int
    azimuth_rad: float


@dataclass(frozen=True)
class Performance:
    """`samples` is (n, 2) float32, heard from `start_s` of the run on."""

    sample_rate_hz: int
    start_s: float
    samples: Float32Array
    stills: tuple[Still, ...]
    box_points: tuple[BoxPoint, ...]
    contacts: tuple[KnownContact, ...]

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.samples) / self.sample_rate_hz


class Keeper:
    """Collects the last `kept_s` seconds of a run. One thread calls everything."""

    def __init__(self, sample_rate_hz: int, sound_start_s: float = 0.0, kept_s: float = KEPT_S) -> None:
        self.sample_rate_hz, self.kept_s = sample_rate_hz, kept_s
        self.sound_start_s = sound_start_s
        self._blocks: deque[Float32Array] = deque()
        self._kept_samples = self._dropped_samples = 0
        self._stills: deque[Still] = deque()
        self._points: deque[BoxPoint] = deque()

    def add_frame(self, time_s: float, frame: SceneFrame) -> None:
        for box in frame.boxes:
            azimuth = azimuth_rad(frame.camera, (box.x0 + box.x1) / 2, frame.width_px)
            self._points.append(BoxPoint(time_s, box.id, azimuth))
        if not self._stills or time_s - self._stills[-1].time_s >= STILL_EVERY_S - 1e-3:
            corners = tuple((box.x0, box.y0, box.x1, box.y1) for box in frame.boxes)
            self._stills.append(Still(time_s, frame.picture.copy(), corners))
        for kept in (self._stills, self._points):
            while kept and kept[0].time_s < time_s - self.kept_s:
                kept.popleft()

    def add_sound(self, samples: Float32Array) -> None:
        """`samples` is (n, 2), the next ones that were heard."""
        self._blocks.append(samples)
        self._kept_samples += len(samples)
        while self._kept_samples - len(self._blocks[0]) >= self.kept_s * self.sample_rate_hz:
            self._kept_samples -= len(self._blocks[0])
            self._dropped_samples += len(self._blocks.popleft())

    def performance(self, contacts: tuple[KnownContact, ...]) -> Performance:
        """All that was kept, with those of `contacts` that fall into it."""
        samples = np.concatenate([np.zeros((0, 2), np.float32), *self._blocks])
        start_s = self.sound_start_s + self._dropped_samples / self.sample_rate_hz
        end_s = start_s + len(samples) / self.sample_rate_hz
        return Performance(
            self.sample_rate_hz,
            start_s,
            samples,
            tuple(self._stills),
            tuple(self._points),
            tuple(contact for contact in contacts if start_s <= contact.time_s < end_s),
        )
