"""Tapes replayed with their timing, as a client would send them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stereosync.scene import SceneFrame
from stereosync_bridge.tape import TapeReader, frames


class TapePlayer:
    """Replays frames with their timing: `due` gives those whose time has come on the clock that was passed in.

    The first frame is due at once. With `loop` the tape starts again after the last frame has stood as long as the one
    before it.
    """

    def __init__(self, tape: TapeReader, clock: Callable[[], float], speed: float = 1.0, loop: bool = False) -> None:
        self._tape = tape
        self._clock = clock
        self._speed = speed
        self._loop = loop
        self._source = frames(tape)
        self._next = next(self._source, None)
        self._origin_s = 0.0 if self._next is None else self._next[0]
        self._start_s = clock()
        self._last_s = self._origin_s
        self._gap_s = 0.0
        self._shown = 0

    @property
    def finished(self) -> bool:
        return self._next is None

    def due(self) -> list[SceneFrame]:
        """The frames whose time has come, capture times in the clock, indices counted on through loops."""
        now_s = self._clock()
        shown = []
        while self._next is not None and self._due_s(self._next[0]) <= now_s:
            time_s, frame = self._next
            shown.append(replace(frame.stamped(self._due_s(time_s), self._speed), index=self._shown))
            self._shown += 1
            self._gap_s, self._last_s = time_s - self._last_s, time_s
            self._next = next(self._source, None) or self._rewind()
        return shown

    def _due_s(self, time_s: float) -> float:
        return self._start_s + (time_s - self._origin_s) / self._speed

    def _rewind(self) -> tuple[float, SceneFrame] | None:
        if not self._loop or self._gap_s <= 0:
            return None
        self._start_s = self._due_s(self._last_s + self._gap_s)
        self._last_s = self._origin_s
        self._source = frames(self._tape)
        return next(self._source, None)
