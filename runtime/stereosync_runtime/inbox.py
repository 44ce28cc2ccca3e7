"""The mailbox of a session: the newest frame, the newest report and a reset that the worker has not yet taken.

Threads: the I/O thread puts, the worker takes; a lock is held for a few assignments.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from stereosync_bridge.events import FrameReceived
from stereosync_bridge.messages import Playback


@dataclass(frozen=True)
class Mail:
    """All that came since the inbox was emptied."""

    frame: FrameReceived | None = None
    playback: Playback | None = None
    told_s: float = 0.0  # when `playback` came, or, with `silent`, a message that had none
    silent: bool = False
    reset: bool = False
    dropped_frames: int = 0  # older ones that nobody took


class Inbox:
    """One place for each kind: the newest wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mail = Mail()

    def put_frame(self, frame: FrameReceived) -> None:
        """A frame came; an older one that was not taken is dropped and counted."""
        with self._lock:
            dropped = self._mail.dropped_frames + (self._mail.frame is not None)
            self._mail = replace(self._mail, frame=frame, dropped_frames=dropped)

    def put_playback(self, playback: Playback | None, told_s: float) -> None:
        """A report came, or, with None, a message of a client that does not report."""
        with self._lock:
            if playback is not None:
                self._mail = replace(self._mail, playback=playback, told_s=told_s)
            elif self._mail.playback is None:
                self._mail = replace(self._mail, silent=True, told_s=told_s)

    def put_reset(self) -> None:
        """The scene was cut: what came before has nothing to say any more."""
        with self._lock:
            self._mail = Mail(reset=True, dropped_frames=self._mail.dropped_frames)

    def take(self) -> Mail:
        """All there is; the inbox is empty afterwards."""
        with self._lock:
            mail, self._mail = self._mail, Mail()
        return mail
