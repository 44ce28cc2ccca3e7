"""FRAME messages to `SceneFrame` and back: every engine's convention in, the project's own out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stereosync.scene import Box, Camera, Float32Array, SceneFrame
from stereosync_bridge.depth import decode_depth, half_tangents
from stereosync_bridge.errors import BAD_VALUE, WireError
from stereosync_bridge.frame_message import BoxSpec, CameraSpec, FrameMessage
from stereosync_bridge.jpeg import encode_jpeg
from stereosync_bridge.messages import Playback
from stereosync_bridge.picture import decode_picture
from stereosync_bridge.rules import plain, read_record
from stereosync_bridge.told_codec import (
    Told,
    from_contacts,
    from_feet,
    from_scene,
    to_contacts,
    to_feet,
    to_scene,
    word,
)

FLOAT16_MAX = float(np.finfo(np.float16).max)
NEAREST_POSITION_M = 0.05  # along the axis


@dataclass(frozen=True)
class PictureOptions:
    """The format in which a client sends pictures: raw over loopback, JPEG over a network."""

    format: str = "rgb8"
    jpeg_quality: int = 80


@dataclass(frozen=True)
class FrameStamp:
    """The fields of a FRAME beside the scene."""

    session: str
    sent: int
    clock_offset_s: float
    playback: Playback | None


def to_scene_frame(message: FrameMessage) -> SceneFrame:
    """The scene of a FRAME, its capture and its contacts in the server's clock, picture and depth thinned.

    Raises:
        WireError: the picture or the depth buffer cannot be decoded, or the camera's two angles leave (1, 179) degrees.
    """
    aspect = message.camera.aspect or message.picture.width_px / message.picture.height_px
    picture = decode_picture(message.picture, message.picture_bytes)
    return SceneFrame(
        index=message.index,
        capture_time_s=message.capture_client_s + message.clock_offset_s,
        camera=to_camera(message.camera, aspect),
        picture=picture,
        depth_m=decode_depth(message.depth, message.camera, message.depth_bytes, aspect),
        boxes=tuple(_to_box(box, message, picture.shape) for box in message.boxes),
        scene=to_scene(message.scene),
    )


def to_camera(spec: CameraSpec, aspect: float) -> Camera:
    """The camera of a spec; `aspect` is width / height.

    Raises:
        WireError: one of the two angles leaves (1, 179) degrees.
    """
    tan_half_vertical, tan_half_horizontal = half_tangents(spec, aspect)
    vertical_rad, horizontal_rad = 2 * math.atan(tan_half_vertical), 2 * math.atan(tan_half_horizontal)
    if not all(1 < math.degrees(angle_rad) < 179 for angle_rad in (vertical_rad, horizontal_rad)):
        rule = "both fields of view must be above 1 and below 179 degrees; check fov_axis and aspect"
        raise WireError(BAD_VALUE, "camera.fov_deg", rule)
    near_m, far_m = spec.near * spec.metres_per_unit, spec.far * spec.metres_per_unit
    return Camera(vertical_rad, aspect, near_m, far_m)


def _to_box(box: BoxSpec, message: FrameMessage, shape: tuple[int, ...]) -> Box:
    """The box in pixels of the picture as it was decoded, of `shape` (height, width, channels)."""
    y0, y1 = box.y0, box.y1
    if message.box_origin == "bottom":
        y0, y1 = message.picture.height_px - box.y1, message.picture.height_px - box.y0
    x_scale, y_scale = shape[1] / message.picture.width_px, shape[0] / message.picture.height_px
    return Box(
        box.id,
        box.label,
        box.x0 * x_scale,
        y0 * y_scale,
        box.x1 * x_scale,
        y1 * y_scale,
        box.tight,
        _position_m(box),
        feet=to_feet(box.feet),
        contacts=to_contacts(box.contacts, message.clock_offset_s),
        surface=word(box.surface),
    )


def _position_m(box: BoxSpec) -> tuple[float, float, float] | None:
    """The told position; one beside or behind the camera has no angle and no distance, and counts as not told."""
    told = box.position_m
    return None if told is None or told[2] < NEAREST_POSITION_M else told


def from_scene_frame(frame: SceneFrame, stamp: FrameStamp, picture: PictureOptions) -> FrameMessage:
    """The FRAME that a client sends: depth as float16 linear metres, +inf where it is unknown.

    Raises:
        WireError: the scene breaks a rule of the wire, for example a picture of 4K or a foot at NaN.
    """
    _check_shapes(frame)
    picture_bytes = _picture_bytes(frame, picture)
    depth_bytes = _linear_float16(frame.depth_m).tobytes()
    height, width = frame.depth_m.shape
    fields = {
        "session": stamp.session,
        "index": frame.index,
        "sent": stamp.sent,
        "capture_client_s": frame.capture_time_s,
        "clock_offset_s": stamp.clock_offset_s,
        "camera": _from_camera(frame.camera),
        "picture": {
            "format": picture.format,
            "width_px": frame.width_px,
            "height_px": frame.height_px,
            "n_bytes": len(picture_bytes),
        },
        "depth": {
            "encoding": "linear",
            "dtype": "float16",
            "width_px": width,
            "height_px": height,
            "n_bytes": len(depth_bytes),
        },
        "boxes": [_from_box(box) for box in frame.boxes],
        "playback": stamp.playback,
        "scene": from_scene(frame.scene),
    }
    return read_record(FrameMessage, plain(fields), picture_bytes=picture_bytes, depth_bytes=depth_bytes)


def _check_shapes(frame: SceneFrame) -> None:
    picture = frame.picture
    if picture.ndim != 3 or picture.shape[2] != 3 or not picture.size or picture.dtype != np.uint8:
        rule = f"must be (height, width, 3) of uint8, got {picture.shape} of {picture.dtype}"
        raise WireError(BAD_VALUE, "picture", rule)
    if frame.depth_m.ndim != 2:
        raise WireError(BAD_VALUE, "depth", f"must be of shape (height, width), got {frame.depth_m.shape}")


def _picture_bytes(frame: SceneFrame, options: PictureOptions) -> bytes:
    if options.format == "jpeg":
        return encode_jpeg(frame.picture, options.jpeg_quality)
    if options.format == "rgb8":
        return frame.picture.tobytes()
    raise ValueError(f"picture format must be rgb8 or jpeg, got {options.format!r}")


def _from_camera(camera: Camera) -> Told:
    fov_deg = math.degrees(camera.vertical_fov_rad)
    return {"fov_deg": fov_deg, "near": camera.near_m, "far": camera.far_m, "aspect": camera.aspect}


def _from_box(box: Box) -> Told:
    return {
        "id": box.id,
        "label": box.label,
        "x0": box.x0,
        "y0": box.y0,
        "x1": box.x1,
        "y1": box.y1,
        "tight": box.tight,
        "position_m": box.position_m,
        "feet": from_feet(box.feet),
        "contacts": from_contacts(box.contacts),
        "surface": word(box.surface),
    }


def _linear_float16(depth_m: Float32Array) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    known = np.isfinite(depth_m) & (depth_m > 0) & (depth_m <= FLOAT16_MAX)
    return np.where(known, depth_m, np.inf).astype("<f2")
