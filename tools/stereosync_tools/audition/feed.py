"""Feeds: a source's timeline handed out at its pace, each frame stamped with its capture time in the client's clock."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from stereosync.scene import SceneFrame
from stereosync_tools.audition.sources import ENGINE_FPS, Source

ClockS = Callable[[], float]


class Feed(Protocol):
    """After `begin`, `due` gives the frames captured up to `now_s` that it has not given yet."""

    def begin(self, start_s: float) -> None: ...

    def due(self, now_s: float) -> list[SceneFrame]: ...

    def close(self) -> None: ...


class PacedFeed:
    """Frames that are quickly made, in the caller's thread."""

    def __init__(self, source: Source) -> None:
        self._timeline = source.timeline()
        self._next = next(self._timeline, None)
        self._start_s = 0.0

    def begin(self, start_s: float) -> None:
        self._start_s = start_s

    def due(self, now_s: float) -> list[SceneFrame]:
        frames = []
        while self._next is not None and self._start_s + self._next[0] <= now_s:
            time_s, frame = self._next
            frames.append(frame.stamped(self._start_s + time_s))
            self._next = next(self._timeline, None)
        return frames

    def close(self) -> None:
        """Nothing runs on."""


class RenderFeed:
    """Frames that take a while to draw, drawn in a thread of their own so that the client goes on answering.

    A frame is stamped with the moment that it shows, which is when its drawing began. Raises what the source raises
    when it cannot draw the first frame.
    """

    def __init__(self, source: Source, clock: ClockS) -> None:
        self._source, self._clock = source, clock
        self._start_s = 0.0
        self._drawn: queue.SimpleQueue[tuple[float, SceneFrame] | Exception] = queue.SimpleQueue()
        self._begun, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._draw_all, name="render", daemon=True)
        self._thread.start()
        self._waiting = [self._take()]

    def begin(self, start_s: float) -> None:
        self._start_s = start_s
        self._begun.set()

    def due(self, now_s: float) -> list[SceneFrame]:  # noqa: ARG002  the drawing thread keeps the time
        while not self._drawn.empty():
            self._waiting.append(self._take())
        frames = [frame.stamped(self._start_s + time_s) for time_s, frame in self._waiting]
        self._waiting.clear()
        return frames

    def close(self) -> None:
        self._stop.set()
        self._begun.set()
        self._thread.join(5.0)

    def _take(self) -> tuple[float, SceneFrame]:
        drawn = self._drawn.get()
        if isinstance(drawn, Exception):
            raise drawn
        return drawn

    def _now_s(self) -> float:
        return self._clock() - self._start_s

    def _draw_all(self) -> None:
        try:
            for time_s, frame in self._source.timeline(self._now_s):
                self._drawn.put((time_s, frame))
                self._begun.wait()
                self._stop.wait(max(time_s + 1 / ENGINE_FPS - self._now_s(), 0.0))
                if self._stop.is_set():
                    return
        except Exception as error:
            self._drawn.put(error)
