"""A plan: everything about one walk before it is drawn. Plain numpy, no engine, the same for the same seed.

World space is x right, y forward (away from the camera's first place), z up, metres. Headings are radians from +x,
counter-clockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.scene import Camera
from stereosync_scenes.body import Body, Character, Colour
from stereosync_scenes.track import LEAD_S, RATE_HZ, FloatArray, Track
from stereosync_scenes.walk import Room

__all__ = [
    "LEAD_S", "RATE_HZ", "Blocker", "Body", "Character", "Colour", "FloatArray", "Mood", "Patch", "Plan", "Setting",
    "Shot", "Track",
]  # fmt: skip


@dataclass(frozen=True)
class Patch:
    """A ground that covers the half plane where `normal . (x, y) >= offset_m`, over the patches before it.

    `photo` names the picture that shows it, "" for one that is painted of `texture_seed`.
    """

    ground: str
    texture_seed: int
    normal: tuple[float, float] = (0.0, 0.0)
    offset_m: float = -1.0
    photo: str = ""

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
    haze: float = 0.0  # share of the view that a metre of air takes
    wet: float = 0.0  # how much darker rain makes the ground


@dataclass(frozen=True)
class Setting:
    """The setting of a walk: a "field", a "street" or a "hall", whose free area goes `half_width_m` to each side and
    from `back_m` to `reach_m` ahead; `height_m` is that of its walls, `walls` what they are made of.

    `around` says that the camera turns its back on nothing: things stand on all sides, not only ahead.
    """

    kind: str
    seed: int
    reach_m: float
    half_width_m: float
    height_m: float
    back_m: float = -3.0
    walls: str = "plaster"
    around: bool = False

    def inside(self, x: float, y: float, margin_m: float) -> tuple[float, float]:
        """The point of the free area, less a margin, that is nearest to (x, y)."""
        wide = self.half_width_m - margin_m
        return min(max(x, -wide), wide), min(max(y, self.back_m + margin_m), self.reach_m - margin_m)


@dataclass(frozen=True)
class Blocker:
    """A thing that hides people: a "column" or "tree" (upright cylinders), a "wall" or "car" (upright boxes).

    `half_m` is half its length (along `turn_rad`) and half its width; of a cylinder both are the radius.
    """

    look: str
    x_m: float
    y_m: float
    half_m: tuple[float, float]
    height_m: float
    turn_rad: float
    seed: int

    @property
    def round(self) -> bool:
        return self.look in ("column", "tree")


@dataclass(frozen=True, eq=False)
class Shot:
    """The camera over time."""

    track: Track
    height_m: float
    down_rad: float  # tilt
    vertical_fov_rad: float
    near_m: float = 0.1
    far_m: float = 300.0
    style: str = "fixed"
    bob_m: float = 0.0  # that each step lifts a camera that is carried, at 1 m/s
    bob_hz: float = 0.0

    def camera(self, aspect: float) -> Camera:
        return Camera(self.vertical_fov_rad, aspect, self.near_m, self.far_m)

    def height_at(self, time_s: float) -> float:
        """Height of the camera above the ground, metres."""
        if self.bob_m == 0.0:
            return self.height_m
        lift = self.bob_m * min(self.track.speed_at(time_s), 1.5)
        return self.height_m + lift * float(np.cos(2 * np.pi * self.bob_hz * time_s))

    def eye_at(self, time_s: float) -> FloatArray:
        """World position (3,) of the camera."""
        return np.array([*self.track.position_at(time_s), self.height_at(time_s)])

    def to_camera(self, points_m: npt.ArrayLike, time_s: float) -> FloatArray:
        """World points (..., 3) in the camera space (x right, y up, z forward) of `time_s`."""
        heading = self.track.heading_at(time_s)
        right = np.array([np.sin(heading), -np.cos(heading), 0.0])
        level = np.array([np.cos(heading), np.sin(heading), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        forward = np.cos(self.down_rad) * level - np.sin(self.down_rad) * up
        above = np.sin(self.down_rad) * level + np.cos(self.down_rad) * up
        offset = np.asarray(points_m, dtype=np.float64) - self.eye_at(time_s)
        turned: FloatArray = offset @ np.stack([right, above, forward], axis=-1)
        return turned


@dataclass(frozen=True, eq=False)
class Plan:
    """One walk, complete: the place, the light, the people and the camera."""

    seed: int
    duration_s: float
    place: str  # the ambience's kind; "": none
    room: Room
    setting: Setting
    mood: Mood
    patches: tuple[Patch, ...]
    characters: tuple[Character, ...]
    shot: Shot
    amount: float = 0.0  # of the place that is seen and heard, 0 to 1
    blockers: tuple[Blocker, ...] = ()

    def ground_at(self, x: float, y: float) -> str:
        """The ground under a world point: the last patch that covers it."""
        return next(patch.ground for patch in reversed(self.patches) if patch.covers(x, y))
