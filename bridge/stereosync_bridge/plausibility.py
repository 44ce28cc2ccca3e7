"""Frames that keep every rule and still cannot be meant: depth the wrong way round, wrong units, wrong axes.

Pure functions, for the first frames of a session; the frames are used all the same.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from stereosync.scene import Box, SceneFrame
from stereosync.tracks import box_depth_m, depth_in_box_m, depth_known
from stereosync_bridge.depth import looks_reversed
from stereosync_bridge.errors import (
    ANGLE_LOOKS_LIKE_RADIANS,
    BOXES_LOOK_LIKE_SHARES,
    BOXES_MISS_POSITIONS,
    DEPTH_LOOKS_EMPTY,
    DEPTH_LOOKS_REVERSED,
    DEPTH_OUT_OF_SCALE,
)
from stereosync_bridge.frame_message import FrameMessage

SHORTEST_M, TALLEST_M = 0.1, 100.0  # of what walks
LEAST_HEIGHT_PX = 4.0  # of a box that says how tall its character is
LARGEST_ICON_PX = 16  # of a picture in which corners up to 1 may be meant
DEPTHS = (box_depth_m, depth_in_box_m)  # two ways to a character's, which need not agree


def odd(message: FrameMessage, frame: SceneFrame) -> list[str]:
    """Codes of what looks wrong; `errors.ODD_FRAMES` has their sentences. `frame` is the scene of `message`."""
    codes = []
    if message.camera.fov_deg < math.pi:
        codes.append(ANGLE_LOOKS_LIKE_RADIANS)
    if _boxes_look_like_shares(message):
        codes.append(BOXES_LOOK_LIKE_SHARES)
    elif _boxes_miss_positions(frame):
        codes.append(BOXES_MISS_POSITIONS)
    if frame.boxes and frame.depth_m.size > LARGEST_ICON_PX and not depth_known(frame.depth_m).any():
        codes.append(DEPTH_LOOKS_EMPTY)
    if looks_reversed(frame.depth_m, message.depth, message.camera):
        codes.append(DEPTH_LOOKS_REVERSED)
    # The others explain a height that cannot be: one cause is told at a time.
    if not codes and _out_of_scale(frame):
        codes.append(DEPTH_OUT_OF_SCALE)
    return codes


def _boxes_look_like_shares(message: FrameMessage) -> bool:
    picture = message.picture
    seen = [box for box in message.boxes if box.x1 > box.x0 and box.y1 > box.y0]
    corners = (corner for box in message.boxes for corner in (box.x0, box.y0, box.x1, box.y1))
    large = min(picture.width_px, picture.height_px) > LARGEST_ICON_PX
    return large and bool(seen) and all(abs(corner) <= 1 for corner in corners)


def _boxes_miss_positions(frame: SceneFrame) -> bool:
    """Every position that is in the picture lies further from its box than that is large, or far at all."""
    most_px = max(frame.width_px, frame.height_px) / 4  # boxes that are meant for a larger picture are large
    places = [(box, place) for box in frame.boxes if (place := _place_px(frame, box)) is not None]
    missed = [_off_px(box, *place) > min(_size_px(box), most_px) for box, place in places]
    return bool(missed) and all(missed)


def _place_px(frame: SceneFrame, box: Box) -> tuple[float, float] | None:
    """A told position in the picture, in pixels; None of one that is behind the camera or beside the picture."""
    if box.position_m is None or box.position_m[2] <= 0:
        return None
    x, y, z = box.position_m
    y_half = frame.camera.tan_half_vertical
    across, down = x / z / (y_half * frame.camera.aspect), -y / z / y_half
    if max(abs(across), abs(down)) > 1:
        return None
    return (across + 1) / 2 * frame.width_px, (down + 1) / 2 * frame.height_px


def _size_px(box: Box) -> float:
    return max(box.x1 - box.x0, box.y1 - box.y0, LEAST_HEIGHT_PX)


def _off_px(box: Box, x_px: float, y_px: float) -> float:
    """The distance of a point from a box along x or y, not above 0 inside it."""
    return max(box.x0 - x_px, x_px - box.x1, box.y0 - y_px, y_px - box.y1)


def _out_of_scale(frame: SceneFrame) -> bool:
    """By told positions, or by the depth buffer."""
    return any(_cannot_be([_height_m(frame, box, how(frame, box)) for box in frame.boxes]) for how in DEPTHS)


def _cannot_be(heights_m: Sequence[float | None]) -> bool:
    known_m = [height_m for height_m in heights_m if height_m is not None]
    return bool(known_m) and not SHORTEST_M <= statistics.median(known_m) <= TALLEST_M


def _height_m(frame: SceneFrame, box: Box, depth_m: float | None) -> float | None:
    """The height of a box's character; None of one that is too small to tell, or at no known depth."""
    height_px = box.y1 - box.y0
    if depth_m is None or height_px < LEAST_HEIGHT_PX:
        return None
    return height_px / frame.height_px * 2 * frame.camera.tan_half_vertical * depth_m
