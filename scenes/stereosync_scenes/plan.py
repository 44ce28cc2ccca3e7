"""A plan: everything about one walk before it is drawn. Plain numpy, no engine, the same for the same seed.

World space is x right, y forward (away from the camera's first place), z up, metres. Headings are radians from +x,
counter-clockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.scene import Camera
from stereosync_scenes.walk import Room

FloatArray = npt.NDArray[np.float64]
Colour = tuple[float, float, float]  # 0 to 1

RATE_HZ = 50  # of the sampled tracks
LEAD_S = 2.0  # tracks start this much before the walk and end this much after it


def rise(track_start_s: float, time_s: float, length: int) -> tuple[int, float]:
    """Index of the sample at or before `time_s` and the fraction on the way to the next one, kept inside the track."""
    place = min(max((time_s - track_start_s) * RATE_HZ, 0.0), length - 1.001)
    index = int(place)
    return index, place - index


@dataclass(frozen=True, eq=False)
class Track:
    """A sampled path on the ground: `position_m` (N, 2), unwrapped `heading_rad` (N,), `speed_m_s` (N,)."""

    start_s: float
    position_m: FloatArray
    heading_rad: FloatArray
    speed_m_s: FloatArray

    def _blend(self, samples: FloatArray, time_s: float) -> FloatArray:
        index, part = rise(self.start_s, time_s, len(samples))
        blended: FloatArray = samples[index] + part * (samples[index + 1] - samples[index])
        return blended

    def position_at(self, time_s: float) -> FloatArray:
        return self._blend(self.position_m, time_s)  # (2,)

    def heading_at(self, time_s: float) -> float:
        return float(self._blend(self.heading_rad, time_s))

    def speed_at(self, time_s: float) -> float:
        return float(self._blend(self.speed_m_s, time_s))

    @property
    def end_s(self) -> float:
        return self.start_s + (len(self.position_m) - 1) / RATE_HZ


@dataclass(frozen=True)
class Body:
    """A person's build. `leg_ratio` is hip height over body height, `bulk` scales every width (1: slim average)."""

    height_m: float
    leg_ratio: float
    bulk: float
    shoulder: float
    skirt: bool
    sleeves: bool
    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour

    @property
    def hip_m(self) -> float:
        return self.height_m * self.leg_ratio

    @property
    def ankle_m(self) -> float:
        return 0.048 * self.height_m

    @property
    def leg_m(self) -> float:
        return self.hip_m - self.ankle_m


@dataclass(frozen=True, eq=False)
class Character:
    """One person who walks: `track` is where the hips go; `seed` decides the small unevenness of the steps."""

    id: int
    seed: int
    body: Body
    track: Track
    arm_swing: float
    foot_spread: float


@dataclass(frozen=True)
class Patch:
    """A ground that covers the half plane where `normal . (x, y) >= offset_m`, over the patches before it."""

    ground: str
    texture_seed: int
    normal: tuple[float, float] = (0.0, 0.0)
    offset_m: float = -1.0

    def covers(self, x: float, y: float) -> bool:
        return self.normal[0] * x + self.normal[1] * y >= self.offset_m


@dataclass(frozen=True)
class Mood:
    """Light and sky. `towards_sun` is a unit vector; colours multiply the colours of things."""

    towards_sun: tuple[float, float, float]
    sun: Colour
    ambient: Colour
    sky_top: Colour
    sky_horizon: Colour
    shadow: float  # opacity of shadows, 0 to 1


@dataclass(frozen=True)
class Setting:
    """Where the walk is: a "field", a "street" or a "hall", whose free area goes `half_width_m` to each side and
    `reach_m` ahead; `height_m` is that of its walls."""

    kind: str
    seed: int
    reach_m: float
    half_width_m: float
    height_m: float


@dataclass(frozen=True, eq=False)
class Shot:
    """The camera over time: its `track` (speed unused), height, downward tilt and vertical field of view."""

    track: Track
    height_m: float
    down_rad: float
    vertical_fov_rad: float
    near_m: float = 0.1
    far_m: float = 300.0

    def camera(self, aspect: float) -> Camera:
        return Camera(self.vertical_fov_rad, aspect, self.near_m, self.far_m)

    def to_camera(self, points_m: npt.ArrayLike, time_s: float) -> FloatArray:
        """World points (..., 3) in the camera space (x right, y up, z forward) of `time_s`."""
        x, y = self.track.position_at(time_s)
        heading = self.track.heading_at(time_s)
        right = np.array([np.sin(heading), -np.cos(heading), 0.0])
        level = np.array([np.cos(heading), np.sin(heading), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        forward = np.cos(self.down_rad) * level - np.sin(self.down_rad) * up
        above = np.sin(self.down_rad) * level + np.cos(self.down_rad) * up
        offset = np.asarray(points_m, dtype=np.float64) - np.array([x, y, self.height_m])
        turned: FloatArray = offset @ np.stack([right, above, forward], axis=-1)
        return turned


@dataclass(frozen=True, eq=False)
class Plan:
    """One walk, complete: the place, the light, the people and the camera."""

    seed: int
    duration_s: float
    place: str  # the ambience's kind
    room: Room
    setting: Setting
    mood: Mood
    patches: tuple[Patch, ...]
    characters: tuple[Character, ...]
    shot: Shot

    def ground_at(self, x: float, y: float) -> str:
        """The ground under a world point: the last patch that covers it."""
        return next(patch.ground for patch in reversed(self.patches) if patch.covers(x, y))


def make_plan(seed: int, duration_s: float = 6.0) -> Plan:
    """The walk of `seed`, lasting `duration_s` (any length: people wander on inside the camera's view)."""
    from stereosync_scenes.casting import cast_plan  # which builds on this file's classes

    return cast_plan(seed, duration_s)
