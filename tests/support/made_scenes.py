"""What shows frames to the code under test: the fixture `scene`, and games that a test writes itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stereosync.scene import SceneFrame
from stereosync_bridge.events import FrameReceived
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame

SceneAt = Callable[[float, int], SceneFrame]  # of time_s and index; `scene` is one


class SceneMaker(Protocol):
    """The fixture `scene` of every test but the bridge's: a small frame with one box that walks to the right."""

    def __call__(self, time_s: float = 0.0, index: int = 0) -> SceneFrame: ...


def arrived(frame: SceneFrame) -> FrameReceived:
    """A frame as a client sends it, come at the moment of its capture."""
    message = from_scene_frame(frame, FrameStamp("0" * 32, 1, 0.0, None), PictureOptions())
    return FrameReceived("0" * 32, message, frame.capture_time_s, frame.capture_time_s)
