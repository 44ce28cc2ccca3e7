"""Sources of frames: a tape or the Panda3D scene, as a timeline of (seconds of the run, frame) without end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from stereosync.scene import Box, SceneFrame
from stereosync_bridge.errors import WireError
from stereosync_bridge.repeated_tape import RepeatedTape
from stereosync_bridge.tape import TapeError
from stereosync_runtime.offline import demo_tape_path
from stereosync_scenes.casting import make_plan
from stereosync_scenes.graphics import GraphicsUnavailable
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.telling import told, told_feet
from stereosync_scenes.truth import walk_truth
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.performance import KnownContact

DEMO = "demo"
ENGINE_FPS = 30
ENGINE_WIDTH_PX, ENGINE_HEIGHT_PX = 320, 180
ENGINE_DEFAULT_S = 30.0
DEPTH_STRIDE = 2  # half the picture's resolution, as an engine would send it

Timeline = Iterator[tuple[float, SceneFrame]]
NowS = Callable[[], float]  # seconds of the run


def unhurried() -> float:
    """The time of a run that waits for every frame."""
    return 0.0


class Source(Protocol):
    """`duration_s` is how long an audition lasts unless the user says otherwise."""

    title: str

    @property
    def duration_s(self) -> float: ...

    def timeline(self, now_s: NowS = unhurried) -> Timeline:
        """Frames in order; a source that makes them on demand leaves out those that `now_s` has passed."""
        ...

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]: ...


class TapeSource:
    """A recorded session, repeated with continuing time. Raises AuditionError when there is no readable tape."""

    def __init__(self, name: str) -> None:
        path = demo_tape_path() if name == DEMO else Path(name)
        try:
            self._tape = RepeatedTape(path)
            self._contacts = tuple(map(KnownContact.from_metadata, self._tape.metadata.get("contacts", ())))
        except (OSError, TapeError, WireError) as error:
            raise AuditionError(
                f"The tape {path} cannot be read ({error}); give --tape a file written by stereosync-tape, or 'demo'."
            ) from error
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise AuditionError(
                f"The contacts in the metadata of {path} are not readable ({error!r}); convert it again without them."
            ) from error
        self.title = f"tape {path.name}" + (", cut off: what is whole is played" if self._tape.truncated else "")

    @property
    def duration_s(self) -> float:
        return self._tape.duration_s

    def timeline(self, now_s: NowS = unhurried) -> Timeline:  # noqa: ARG002  a tape's frames are there already
        return self._tape.timeline()

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]:
        """The truth in the tape's metadata, repeated like its frames; empty when the tape has none."""
        turns = range(int(until_s / self.duration_s) + 1)
        shifted = (
            replace(contact, time_s=contact.time_s - self._tape.first_s + turn * self.duration_s)
            for turn in turns
            for contact in self._contacts
        )
        return tuple(contact for contact in shifted if contact.time_s < until_s)


class EngineSource:
    """A scene that is rendered while it is heard, and that tells what it knows, as games do. Its timeline raises
    AuditionError when nothing can be drawn here."""

    duration_s = ENGINE_DEFAULT_S

    def __init__(self, seed: int, duration_s: float) -> None:
        self.title = f"scene {seed}"
        self._plan = make_plan(seed, duration_s)

    def _open_renderer(self) -> Renderer:
        """The renderer; only the thread that opens it may use it."""
        try:
            return Renderer(self._plan, ENGINE_WIDTH_PX, ENGINE_HEIGHT_PX)
        except GraphicsUnavailable as error:
            raise AuditionError(f"The scene cannot be drawn: {error}.") from error

    def timeline(self, now_s: NowS = unhurried) -> Timeline:
        renderer, truth = self._open_renderer(), walk_truth(self._plan)
        index = 0
        while True:
            frame = told(renderer.frame(index / ENGINE_FPS, index), truth, told_feet(self._plan, index / ENGINE_FPS))
            yield index / ENGINE_FPS, replace(frame, depth_m=frame.depth_m[::DEPTH_STRIDE, ::DEPTH_STRIDE])
            index = max(index + 1, math.floor(now_s() * ENGINE_FPS))

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]:
        return tuple(
            KnownContact.from_position(contact.time_s, contact.character_id, contact.ground, contact.position_m)
            for contact in walk_truth(self._plan).contacts
            if contact.time_s < until_s
        )


def mirrored(frame: SceneFrame) -> SceneFrame:
    """The same picture with its boxes mirrored left to right: a control in which the sound must change sides."""
    return replace(frame, boxes=tuple(_mirrored_box(box, frame.width_px) for box in frame.boxes))


def _mirrored_box(box: Box, width_px: int) -> Box:
    position = None if box.position_m is None else (-box.position_m[0], *box.position_m[1:])
    return replace(box, x0=width_px - box.x1, x1=width_px - box.x0, position_m=position)


class MirroredSource:
    """Another source with every frame's boxes mirrored; its truth stays where the picture shows it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.title = f"{source.title}, boxes mirrored"

    @property
    def duration_s(self) -> float:
        return self._source.duration_s

    def timeline(self, now_s: NowS = unhurried) -> Timeline:
        return ((time_s, mirrored(frame)) for time_s, frame in self._source.timeline(now_s))

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]:
        return self._source.contacts(until_s)
