"""Frames that keep every rule and still cannot be meant: depth the wrong way round, wrong units.

Pure functions, for the first frames of a session; the frames are used all the same.
"""

from __future__ import annotations

import math
import statistics

from stereosync.scene import Box, SceneFrame
from stereosync.tracks import box_depth_m
from stereosync_bridge.depth import looks_reversed
from stereosync_bridge.errors import (
    ANGLE_LOOKS_LIKE_RADIANS,
    BOXES_LOOK_LIKE_SHARES,
    DEPTH_LOOKS_REVERSED,
    DEPTH_OUT_OF_SCALE,
)
from stereosync_bridge.frame_message import FrameMessage

SHORTEST_M, TALLEST_M = 0.1, 100.0  # of what walks
LEAST_HEIGHT_PX = 4.0  # of a box that says how tall its character is
LARGEST_ICON_PX = 16  # of a picture in which corners up to 1 may be meant


def odd(message: FrameMessage, frame: SceneFrame) -> list[str]:
    """Codes of what looks wrong; `errors.ODD_FRAMES` has their sentences. `frame` is the scene of `message`."""
    codes = []
    if message.camera.fov_deg < math.pi:
        codes.append(ANGLE_LOOKS_LIKE_RADIANS)
    if _boxes_look_like_shares(message):
        codes.append(BOXES_LOOK_LIKE_SHARES)
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


def _out_of_scale(frame: SceneFrame) -> bool:
    heights_m = [height_m for box in frame.boxes if (height_m := _height_m(frame, box)) is not None]
    return bool(heights_m) and not SHORTEST_M <= statistics.median(heights_m) <= TALLEST_M


def _height_m(frame: SceneFrame, box: Box) -> float | None:
    """The height of a box's character; None of one that is too small to tell, or at no known depth."""
    depth_m, height_px = box_depth_m(frame, box), box.y1 - box.y0
    if depth_m is None or height_px < LEAST_HEIGHT_PX:
        return None
    return height_px / frame.height_px * 2 * frame.camera.tan_half_vertical * depth_m
