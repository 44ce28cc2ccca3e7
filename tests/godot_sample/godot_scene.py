"""What the frames of the walking figure must show: the sample's scene and its Godot 3 twin are built alike."""

from __future__ import annotations

import math

import numpy as np

from stereosync.scene import Box, SceneFrame

POST_M = 4.8  # from the camera to the near side of the post in the middle
CENTRE_X, POST_HALF_PX = 80.0, 5.0  # of a picture that is 160 wide
FOCAL_PX = 45 / math.tan(math.radians(30))
FIGURE_M = 1.74


def box_of(frame: SceneFrame) -> Box:
    (box,) = frame.boxes
    return box


def is_beside_post(frame: SceneFrame) -> bool:
    """Whether the figure neither hides the post nor is hidden by it, and is all in the picture."""
    box = box_of(frame)
    inside = box.x0 > 0 and box.x1 < 160 and box.y1 < 90
    return inside and (box.x1 < CENTRE_X - POST_HALF_PX or box.x0 > CENTRE_X + POST_HALF_PX)


def centre_depth_m(frame: SceneFrame) -> float:
    height, width = frame.depth_m.shape
    return float(frame.depth_m[height // 2, width // 2])


def figure_pixels(frame: SceneFrame) -> np.ndarray:
    """(height, width) bool: the figure is the one red thing."""
    red, green, blue = (frame.picture[..., channel].astype(int) for channel in range(3))
    return (red > 90) & (green < red * 0.45) & (blue < red * 0.45)


def check(frame: SceneFrame) -> None:
    """Depth of the post, the box around the figure's pixels, and the figure's depth from its size."""
    assert abs(centre_depth_m(frame) / POST_M - 1) < 0.02
    rows, columns = np.nonzero(figure_pixels(frame))
    box = box_of(frame)
    seen = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert np.allclose(seen, (box.x0, box.y0, box.x1, box.y1), atol=1.6), (seen, box)
    depth_m = np.nanmedian(frame.depth_m[rows // 2, columns // 2])
    assert abs(depth_m * (box.y1 - box.y0) / FOCAL_PX / FIGURE_M - 1) < 0.1, (depth_m, box)
    assert np.isinf(frame.depth_m[0]).all() or np.isnan(frame.depth_m[0]).all()  # the sky
