"""Frames made by hand for the cue tests."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stereosync.scene import Box, Camera, SceneFrame

CAMERA = Camera(vertical_fov_rad=math.radians(60), aspect=16 / 9)


@pytest.fixture
def make_frame() -> Callable[..., SceneFrame]:
    """A 320x180 frame at `time_s`: grey picture and 10 m of depth unless given."""

    def make(time_s: float = 0.0, boxes: tuple[Box, ...] = (), **given: Any) -> SceneFrame:
        picture = given.get("picture", np.full((180, 320, 3), 100, np.uint8))
        depth_m = given.get("depth_m", np.full((90, 160), 10.0, np.float32))
        return SceneFrame(round(time_s * 30), time_s, CAMERA, picture, depth_m, boxes)

    return make


@pytest.fixture
def make_box() -> Callable[..., Box]:
    """A box 40 px wide and 90 px high in the middle of the picture, moved by `dx`, `dy` pixels."""

    def make(box_id: int = 1, dx: float = 0.0, dy: float = 0.0, **given: Any) -> Box:
        return Box(box_id, "walker", 140 + dx, 60 + dy, 180 + dx, 150 + dy, **given)

    return make
