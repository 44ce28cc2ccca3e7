"""The plan of a walk in a level: plain data, the same for the same seed. World space as in `stereosync_scenes.plan`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.scene import Camera
from stereosync_scenes.arena.archives import Game
from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.plan import RATE_HZ, FloatArray, Mood
from stereosync_scenes.walk import Room

LEAD_S = 0.5  # courses start this much before the walk and end this much after it


def course_times(duration_s: float) -> FloatArray:
    """Times (N,) of a course's samples."""
    return np.arange(int(np.ceil((duration_s + 2 * LEAD_S) * RATE_HZ)) + 1) / RATE_HZ - LEAD_S


def blend(samples: FloatArray, time_s: float) -> FloatArray:
    """The value of a course (N, ...) at a time, held at its ends."""
    place = min(max((time_s + LEAD_S) * RATE_HZ, 0.0), len(samples) - 1.001)
    index = int(place)
    return np.asarray(samples[index] + (place - index) * (samples[index + 1] - samples[index]))


@dataclass(frozen=True, eq=False)
class Walker:
    """One person: `feet_m` (N, 3) is where the body is on the floor, `phase` (N,) counts turns of the `gait`."""

    id: int
    person: str
    skin: str
    gait: str
    gaits: tuple[str, ...]  # those of the person that are known to be usable
    scale: float
    feet_m: FloatArray
    heading_rad: FloatArray
    phase: FloatArray


@dataclass(frozen=True, eq=False)
class ArenaShot:
    """The camera over time: `eye_m` (N, 3), `heading_rad` (N,), `down_rad` (N,)."""

    kind: str
    eye_m: FloatArray
    heading_rad: FloatArray
    down_rad: FloatArray
    vertical_fov_rad: float
    near_m: float = 0.1
    far_m: float = 200.0

    def camera(self, aspect: float) -> Camera:
        return Camera(self.vertical_fov_rad, aspect, self.near_m, self.far_m)

    def axes(self, time_s: float) -> FloatArray:
        """The camera's right, up and forward as columns (3, 3) of world space."""
        heading, down = float(blend(self.heading_rad, time_s)), float(blend(self.down_rad, time_s))
        level = np.array([np.cos(heading), np.sin(heading), 0.0])
        right, up = np.array([np.sin(heading), -np.cos(heading), 0.0]), np.array([0.0, 0.0, 1.0])
        forward = np.cos(down) * level - np.sin(down) * up
        return np.stack([right, np.sin(down) * level + np.cos(down) * up, forward], axis=-1)

    def to_camera(self, points_m: npt.ArrayLike, time_s: float) -> FloatArray:
        """World points (..., 3) in the camera space (x right, y up, z forward) of `time_s`."""
        return np.asarray((np.asarray(points_m) - blend(self.eye_m, time_s)) @ self.axes(time_s))


@dataclass(frozen=True)
class Paint:
    """A ground over the floors that the level draws with one of `textures` (indices)."""

    ground: str
    texture_seed: int
    textures: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ArenaPlan:
    """One walk in a level, complete."""

    seed: int
    duration_s: float
    split: Split
    game: Game
    level: str
    place: str  # the ambience's kind; "": none
    amount: float  # of the ambience, 0 to 1
    room: Room
    mood: Mood
    brightness: float  # mean luma that the pictures are exposed for, 0 to 1
    paints: tuple[Paint, ...]
    walkers: tuple[Walker, ...]
    shot: ArenaShot
