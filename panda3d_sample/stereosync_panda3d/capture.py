"""Capture: the game's own camera, drawn once more into a small buffer, as frames for the service.

The rendering thread makes every call: `before_render` and `after_render` around each rendered frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.scene import MAX_BOXES, Box, Camera, SceneFrame, ToldScene
from stereosync_panda3d.bodies import in_camera, seen_points
from stereosync_panda3d.lens import camera_of
from stereosync_panda3d.options import CaptureOptions, Telling
from stereosync_panda3d.projection import box_around, linear_depth_m
from stereosync_panda3d.readback import Readback
from stereosync_panda3d.teller import Teller


class CaptureError(StereoSyncError, RuntimeError):
    """The game's set-up cannot be captured; the sentence says what to change."""


@dataclass(frozen=True)
class Character:
    """A character with a box: a node path, and the node path that stands on the ground between the feet."""

    id: int
    body: Any
    feet: Any
    label: str


class Capture:
    """Frames of what `camera`, a node path of a Camera node, sees. `host` is the game's window or buffer.

    `teller` tells what is known of the characters besides, `scene` what is known of the place.

    Raises:
        CaptureError: the game draws in several threads, so that picture and boxes would be of different moments.
        NoBufferError: there is no off-screen buffer.
    """

    def __init__(self, host: Any, camera: Any, clock: Callable[[], float], options: CaptureOptions) -> None:
        engine = host.getEngine()
        if not engine.getThreadingModel().isSingleThreaded():
            raise CaptureError("picture and boxes must be of one moment; remove threading-model from Config.prc")
        self._engine, self._camera, self._clock, self._options = engine, camera, clock, options
        self._readback = Readback(engine, host.getPipe(), options.width_px, options.height_px, host)
        self._readback.region.setCamera(camera)
        self._readback.buffer.setClearColor(host.getClearColor())
        self._readback.buffer.setClearStencilActive(host.getClearStencilActive())
        self._readback.buffer.setActive(False)
        self.teller = Teller(options)
        self.scene: ToldScene | None = None
        self._characters: dict[int, Character] = {}
        self._next_id = 1
        self._index = 0
        self._stamp_s: float | None = None
        self._due_s = -np.inf

    def add_character(self, body: Any, feet: Any = None, label: str = "person", telling: Telling | None = None) -> int:
        """Give a node path a box; the id says which, for `remove_character` and `teller`.

        `feet` None: the origin of `body` lies on the ground between the feet, as in most models.

        Raises:
            CaptureError: there are as many characters as a frame can tell of.
            JointError: `telling` names a joint that the body does not have.
        """
        if len(self._characters) >= MAX_BOXES:
            raise CaptureError(f"a frame tells of {MAX_BOXES} characters at most; remove one that is far away")
        number = self._next_id
        self.teller.add(number, body, telling or Telling())
        self._next_id += 1
        self._characters[number] = Character(number, body, body if feet is None else feet, label)
        return number

    def remove_character(self, number: int) -> None:
        """No box for this character any more; an unknown id is harmless."""
        self._characters.pop(number, None)
        self.teller.remove(number)

    def before_render(self) -> None:
        """Stamp the frame that is rendered now, if one is due."""
        now_s = self._clock()
        due = now_s >= self._due_s
        self._readback.buffer.setActive(due)
        self._stamp_s = now_s if due else None
        if due:
            interval_s = 1 / self._options.frames_per_s
            self._due_s = max(self._due_s + interval_s, now_s + interval_s / 2)  # no burst after a hitch

    def after_render(self) -> SceneFrame | None:
        """The frame that was just rendered, or None when none was due.

        Raises:
            LensError: the camera's lens is not a plain perspective lens.
            NoBufferError: the graphics driver gave another buffer than was asked for.
        """
        if self._stamp_s is None:
            return None
        stamp_s, self._stamp_s = self._stamp_s, None
        self._readback.buffer.setActive(False)  # a frame that is not asked for is not drawn
        camera = camera_of(self._camera.node().getLens(), self._options.metres_per_unit)
        picture, window_depth = self._readback.take()
        stride, self._index = self._options.depth_stride, self._index + 1
        depth_m = linear_depth_m(window_depth[::stride, ::stride], camera)
        return SceneFrame(self._index, stamp_s, camera, picture, depth_m, self.boxes(camera, stamp_s), self.scene)

    def boxes(self, camera: Camera, captured_s: float) -> tuple[Box, ...]:
        """Boxes of the characters that are in the picture, as they stand now, and what is told of them."""
        present = [one for one in self._characters.values() if self._is_here(one.body) and self._is_here(one.feet)]
        found = (self._box(character, camera) for character in present)
        world = self._camera.getTop()
        return tuple(self.teller.told(box, world, captured_s) for box in found if box is not None)

    def _is_here(self, path: Any) -> bool:
        """True of a node path that hangs in the scene that the camera sees."""
        return bool(not path.isEmpty() and path.getTop() == self._camera.getTop() and not path.isStashed())

    def _box(self, character: Character, camera: Camera) -> Box | None:
        options = self._options
        near = camera.near_m / options.metres_per_unit
        seen = seen_points(character.body, self._camera, options.bounds, near) * options.metres_per_unit
        x, y, z = (in_camera(np.zeros((1, 3)), character.feet, self._camera) * options.metres_per_unit)[0]
        size_px, tight = (options.width_px, options.height_px), options.bounds != "loose"
        return box_around(character.id, seen, (float(x), float(y), float(z)), camera, size_px, tight, character.label)

    def close(self) -> None:
        """Give the buffer back."""
        self._engine.removeWindow(self._readback.buffer)
