"""Pictures larger than the model can use are made smaller first: one client's screenshots must not cost the others."""

from __future__ import annotations

from dataclasses import replace

from stereosync.scene import Box, SceneFrame
from stereosync_bridge.opencv import opencv
from stereosync_runners.runner import Array

LARGEST_SIDE_PX = 640


def shrunk(frame: SceneFrame) -> SceneFrame:
    """The frame with picture and depth of at most `LARGEST_SIDE_PX` a side; boxes follow the picture."""
    cv2 = opencv()
    picture = _smaller(frame.picture, cv2.INTER_AREA)
    depth_m = _smaller(frame.depth_m, cv2.INTER_NEAREST)  # a mean over an edge would be a depth where nothing is
    if picture is frame.picture and depth_m is frame.depth_m:
        return frame
    x_scale, y_scale = picture.shape[1] / frame.width_px, picture.shape[0] / frame.height_px
    boxes = tuple(_scaled(box, x_scale, y_scale) for box in frame.boxes)
    return replace(frame, picture=picture, depth_m=depth_m, boxes=boxes)


def _smaller(image: Array, how: int) -> Array:
    height, width = image.shape[:2]
    scale = LARGEST_SIDE_PX / max(height, width)
    if scale >= 1:
        return image
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    out: Array = opencv().resize(image, size, interpolation=how)
    return out


def _scaled(box: Box, x_scale: float, y_scale: float) -> Box:
    return replace(box, x0=box.x0 * x_scale, x1=box.x1 * x_scale, y0=box.y0 * y_scale, y1=box.y1 * y_scale)
