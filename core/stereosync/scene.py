"""Data between a game engine and the model: `SceneFrame` in, `Chunk` out.

Picture origin is top-left, x right, y down, in pixels of the picture; box corners are floats because sub-pixel corners
carry the gait. Camera space is x right, y up, z forward, metres. Azimuth is in radians, positive to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
UInt8Array = npt.NDArray[np.uint8]

MAX_BOXES = 64
SIDES = ("left", "right")


@dataclass(frozen=True)
class Camera:
    """A pinhole camera with its principal point in the middle of the picture."""

    vertical_fov_rad: float
    aspect: float  # width / height of the picture
    near_m: float = 0.1
    far_m: float = 1000.0

    @property
    def tan_half_vertical(self) -> float:
        return math.tan(self.vertical_fov_rad / 2)

    @property
    def tan_half_horizontal(self) -> float:
        return self.aspect * self.tan_half_vertical


@dataclass(frozen=True)
class Foot:
    """A foot as the engine knows it: its sole or ankle at `world_m` (x, y up, z), metres, in any fixed world frame.

    `side` is one of `SIDES`; `grounded` and `surface` (free text) are None where the engine does not say.
    """

    side: str
    world_m: tuple[float, float, float]
    grounded: bool | None = None
    surface: str | None = None


@dataclass(frozen=True)
class ToldContact:
    """A foot that comes down at `time_s`, on the clock of the frame's capture, as the engine knows it.

    `strength` is 0 to 1, 0.5 an ordinary walking step; it and `surface` are None where the engine does not say.
    """

    side: str
    time_s: float
    strength: float | None = None
    surface: str | None = None


@dataclass(frozen=True)
class ToldRoom:
    """A room as the engine knows it: typical width (0: outdoors), and the share of energy that its walls give back."""

    size_m: float
    hardness: float


@dataclass(frozen=True)
class ToldScene:
    """The place, as the engine tells it; None is not told. `place` "" is a quiet place, `amount` 0 to 1.

    Without `ambience` only steps and their room are to be heard, for games that have an ambience of their own.
    """

    place: str | None = None
    amount: float | None = None
    room: ToldRoom | None = None
    ambience: bool = True


@dataclass(frozen=True)
class Box:
    """A character's rectangle in the picture, and what the engine tells of it; that wins over what is seen."""

    id: int
    label: str
    x0: float
    y0: float
    x1: float
    y1: float
    tight: bool = True
    position_m: tuple[float, float, float] | None = None  # in camera space; wins over depth
    feet: tuple[Foot, ...] = ()
    contacts: tuple[ToldContact, ...] = ()
    surface: str | None = None


@dataclass(frozen=True)
class SceneFrame:
    """One rendered picture with what the engine knows of it.

    `picture` is (H, W, 3) uint8 RGB. `depth_m` is (h, w) float32 planar metres (distance along the optical axis), at
    any resolution; values that are not finite or not positive are unknown (sky).
    """

    index: int
    capture_time_s: float
    camera: Camera
    picture: UInt8Array
    depth_m: Float32Array
    boxes: tuple[Box, ...] = ()
    scene: ToldScene | None = None

    @property
    def width_px(self) -> int:
        return int(self.picture.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.picture.shape[0])

    def stamped(self, capture_time_s: float, speed: float = 1.0) -> SceneFrame:
        """This frame as captured at another time: the contacts that it tells move along, nearer at a higher speed."""

        def moved(contact: ToldContact) -> ToldContact:
            return replace(contact, time_s=capture_time_s + (contact.time_s - self.capture_time_s) / speed)

        boxes = tuple(replace(box, contacts=tuple(map(moved, box.contacts))) for box in self.boxes)
        return replace(self, capture_time_s=capture_time_s, boxes=boxes)


@dataclass(frozen=True)
class Chunk:
    """Stereo PCM sent at once: `samples` is (n, 2) float32 in [-1, 1].

    Its first sample is `start_sample`, counted from the start of its epoch.
    `age_s` is the age of the newest frame when the chunk's first sample is heard; `steps` is 0 for a concealed chunk.
    """

    epoch: int
    start_sample: int
    samples: Float32Array
    age_s: float = 0.0
    steps: int = 0
    compute_ms: float = field(default=0.0, compare=False)


def azimuth_rad(camera: Camera, x_px: float, width_px: int) -> float:
    """Azimuth of picture column `x_px`, radians, positive to the right of the optical axis."""
    return math.atan((2 * x_px / width_px - 1) * camera.tan_half_horizontal)
