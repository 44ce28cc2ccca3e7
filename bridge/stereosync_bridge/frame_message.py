"""FRAME: a rendered picture, its depth buffer and its boxes, in the engine's own conventions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias

from stereosync.scene import MAX_BOXES
from stereosync_bridge.errors import BAD_LENGTH, BAD_VALUE, MISSING_FIELD, WireError
from stereosync_bridge.messages import COUNT, SESSION, TIME_S, Playback
from stereosync_bridge.rules import LEFT_OUT, Choice, Flag, Group, Integer, Many, Maybe, Number, Text
from stereosync_bridge.told_message import CONTACTS, FEET, POINT_M, SCENE, WORD, ContactSpec, FootSpec, SceneSpec

MAX_SIDE_PX = 2048
MAX_PAYLOAD_BYTES = MAX_SIDE_PX * MAX_SIDE_PX * 4
PICTURE_CHANNELS = {"rgb8": 3, "rgba8": 4, "bgra8": 4}  # bytes per pixel of the raw formats
DEPTH_BYTES = {"float16": 2, "float32": 4, "uint16": 2, "rgb8": 3, "bgra8": 4}
DEPTH_ENCODINGS = (
    "linear",
    "linear01",
    "linear01_near",
    "orthographic",
    "orthographic_reversed",
    "standard",
    "opengl_ndc",
    "reversed",
    "reversed_infinite",
    "inverse_projection",
    "carla24",
)
Payload: TypeAlias = bytes | memoryview
COORDINATE_PX = Number(-1e6, 1e6)
SIDE_PX = Integer(1, MAX_SIDE_PX)
ROW_ORIGIN = Choice(("top", "bottom"))


@dataclass(frozen=True)
class CameraSpec:
    """A pinhole camera. `near` and `far` are in engine units; `aspect` nil means the picture's width / height."""

    fov_deg: Annotated[float, Number(above=1, below=179)]
    near: Annotated[float, Number(above=0, high=1e9)]
    far: Annotated[float, Number(above=0, high=1e9)]
    fov_axis: Annotated[str, Choice(("vertical", "horizontal"))] = "vertical"
    metres_per_unit: Annotated[float, Number(above=0, high=1e6)] = 1.0
    aspect: Annotated[float | None, Maybe(Number(0.01, 100))] = None

    def __post_init__(self) -> None:
        if self.near >= self.far:
            raise WireError(BAD_VALUE, "near", f"must be below far, got near {self.near:g} and far {self.far:g}")


@dataclass(frozen=True)
class PictureSpec:
    """The format of the picture's bytes."""

    format: Annotated[str, Choice(("rgb8", "rgba8", "bgra8", "jpeg"))]
    width_px: Annotated[int, SIDE_PX]
    height_px: Annotated[int, SIDE_PX]
    n_bytes: Annotated[int, Integer(1, MAX_PAYLOAD_BYTES)]
    row_origin: Annotated[str, ROW_ORIGIN] = "top"

    def __post_init__(self) -> None:
        channels = PICTURE_CHANNELS.get(self.format)
        if channels is not None:
            _expect_bytes(self.n_bytes, self.width_px * self.height_px * channels, f"{self.format} picture")


@dataclass(frozen=True)
class DepthSpec:
    """The format of the depth buffer's bytes; a stored number times `scale` is the encoding's value.

    `inverse_projection` is row-major and takes (x, y, value, 1), x right and y up in [-1, 1], to view space that looks
    along -z. `radial` says that the decoded number is the distance from the camera's centre, not along its axis.
    """

    encoding: Annotated[str, Choice(DEPTH_ENCODINGS)]
    dtype: Annotated[str, Choice(tuple(DEPTH_BYTES))]
    width_px: Annotated[int, SIDE_PX]
    height_px: Annotated[int, SIDE_PX]
    n_bytes: Annotated[int, Integer(1, MAX_PAYLOAD_BYTES)]
    row_origin: Annotated[str, ROW_ORIGIN] = "top"
    scale: Annotated[float, Number(above=0, high=1e9)] = 1.0
    radial: Annotated[bool, Flag()] = False
    inverse_projection: Annotated[tuple[float, ...] | None, Maybe(Many(Number(-1e12, 1e12), 16, 16))] = None

    def __post_init__(self) -> None:
        _expect_bytes(self.n_bytes, self.width_px * self.height_px * DEPTH_BYTES[self.dtype], f"{self.dtype} depth")
        if (self.encoding == "carla24") != (self.dtype in PICTURE_CHANNELS):
            raise WireError(BAD_VALUE, "dtype", "rgb8 and bgra8 belong to the encoding carla24, and to no other")
        if self.encoding == "inverse_projection" and self.inverse_projection is None:
            raise WireError(MISSING_FIELD, "inverse_projection", "is required by the encoding inverse_projection")


@dataclass(frozen=True)
class BoxOutline:
    """A character's rectangle in pixels of the picture, x0 left of x1; y as `box_origin` of the frame says.

    `position_m` is in camera space: x right, y up, z forward, metres.
    """

    id: Annotated[int, Integer(-(2**53), 2**53)]
    label: Annotated[str, Text(64)]
    x0: Annotated[float, COORDINATE_PX]
    y0: Annotated[float, COORDINATE_PX]
    x1: Annotated[float, COORDINATE_PX]
    y1: Annotated[float, COORDINATE_PX]
    tight: Annotated[bool, Flag()] = True
    position_m: Annotated[tuple[float, float, float] | None, Maybe(POINT_M)] = None

    def __post_init__(self) -> None:
        for low, high in (("x0", "x1"), ("y0", "y1")):
            size = getattr(self, high) - getattr(self, low)
            if not (math.isfinite(size) and size >= 0):
                raise WireError(BAD_VALUE, high, f"must be finite and not below {low}: the box has a size of {size:g}")


@dataclass(frozen=True)
class BoxSpec(BoxOutline):
    """A character, with what the engine tells of it.

    `feet` may have two of one side: a foot is known by its side and its order within that side. `surface` is what the
    character walks on, unless a foot or a contact says otherwise.
    """

    feet: Annotated[tuple[FootSpec, ...], FEET, LEFT_OUT] = ()
    contacts: Annotated[tuple[ContactSpec, ...], CONTACTS, LEFT_OUT] = ()
    surface: Annotated[str | None, WORD, LEFT_OUT] = None


@dataclass(frozen=True)
class FrameMessage:
    """Client to server on the frame lane.

    `sent` counts the frames of the session up to and with this one. `clock_offset_s` is the client's estimate of
    server clock minus client clock. Without `playback` the client plays what it gets from the first chunk on.
    """

    TYPE: ClassVar[str] = "FRAME"
    PAYLOADS: ClassVar[tuple[str, ...]] = ("picture_bytes", "depth_bytes")
    session: Annotated[str, SESSION]
    index: Annotated[int, COUNT]
    sent: Annotated[int, COUNT]
    capture_client_s: Annotated[float, TIME_S]
    clock_offset_s: Annotated[float, TIME_S]
    camera: Annotated[CameraSpec, Group(CameraSpec)]
    picture: Annotated[PictureSpec, Group(PictureSpec)]
    depth: Annotated[DepthSpec, Group(DepthSpec)]
    boxes: Annotated[tuple[BoxSpec, ...], Many(Group(BoxSpec), 0, MAX_BOXES)] = ()
    box_origin: Annotated[str, ROW_ORIGIN] = "top"
    playback: Annotated[Playback | None, Maybe(Group(Playback)), LEFT_OUT] = None
    scene: Annotated[SceneSpec | None, SCENE, LEFT_OUT] = None
    picture_bytes: Payload = b""
    depth_bytes: Payload = b""

    def __post_init__(self) -> None:
        _expect_payload(self.picture_bytes, self.picture.n_bytes, "picture")
        _expect_payload(self.depth_bytes, self.depth.n_bytes, "depth")
        if len({box.id for box in self.boxes}) != len(self.boxes):
            raise WireError(BAD_VALUE, "boxes", "ids must be unique in a frame")


def _expect_bytes(declared: int, expected: int, what: str) -> None:
    if declared != expected:
        raise WireError(BAD_LENGTH, "n_bytes", f"a {what} of this size takes {expected} bytes, declared {declared}")


def _expect_payload(payload: Payload, declared: int, field: str) -> None:
    if len(payload) != declared:
        raise WireError(BAD_LENGTH, field, f"declared {declared} bytes, the payload holds {len(payload)}")
