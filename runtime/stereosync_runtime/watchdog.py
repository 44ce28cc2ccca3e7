"""Notices a thread of the service that is stuck, and says which it is and where it stands."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("stereosync.runtime")

LOOK_EVERY_S = 1.0
STUCK_S = 5.0  # far beyond the longest wait and the slowest chunk


@dataclass(frozen=True)
class Beat:
    """A thread went round its loop."""

    at_s: float
    thread_id: int


class Watchdog:
    """Threads: each watched one calls `beat`; `run` has a thread of its own."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._beats: dict[str, Beat] = {}
        self._told: dict[str, Beat] = {}

    def beat(self, name: str) -> None:
        """The calling thread, known by this name, goes on."""
        self._beats[name] = Beat(self._clock(), threading.get_ident())

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set."""
        while not stop.wait(LOOK_EVERY_S):
            self.look()

    def look(self) -> list[str]:
        """Names of threads that are newly found stuck; each is logged with its calls."""
        now_s = self._clock()
        stuck = [
            name
            for name, beat in list(self._beats.items())
            if now_s - beat.at_s > STUCK_S and self._told.get(name) != beat
        ]
        for name in stuck:
            beat = self._told[name] = self._beats[name]
            frame = sys._current_frames().get(beat.thread_id)
            calls = "".join(traceback.format_stack(frame)) if frame is not None else "it has ended"
            log.error("the %s thread has not moved for %.0f s; it stands at:\n%s", name, now_s - beat.at_s, calls)
        return stuck
