"""Status: one line that says how it goes or, when nothing is heard, what to do. Pure; the task's thread."""

from __future__ import annotations

from collections.abc import Mapping

from stereosync.scene import SceneFrame
from stereosync_bridge.events import (
    AudioReceived,
    ClientEvent,
    Disconnected,
    ErrorReceived,
    StatsReceived,
    Unanswered,
    Welcomed,
)
from stereosync_panda3d.told_line import told_line

PATIENCE_S = 1.5  # without a frame, a box or a chunk
NO_FRAMES = "connected, no frames sent: show the window, or let the task manager run"
NO_BOXES = "connected, 0 characters in the picture: call add_character, or turn the camera"
NO_CHUNKS = "connected, but the service sends no sound: look at its window or its --stats file"


class Status:
    """Times are those of the client's clock."""

    def __init__(self, address: str, now_s: float) -> None:
        self._link = f"connecting to {address}"
        self._bundle: str | None = None
        self._trouble = ""
        self._game_trouble = self._sound_trouble = ""
        self._frame_s = self._box_s = self._chunk_s = now_s
        self._takes: Mapping[str, bool] = {}
        self.told = ""  # what the newest frame tells beside its picture

    @property
    def connected(self) -> bool:
        return self._bundle is not None

    def handle(self, event: ClientEvent, now_s: float) -> None:
        """Take in what the client told."""
        match event:
            case Welcomed(welcome):
                self._bundle, self._trouble = welcome.bundle or "service", ""
                self._takes = welcome.capabilities
                self._frame_s = self._box_s = self._chunk_s = now_s
            case AudioReceived():
                self._chunk_s = now_s
            case Unanswered(reason):
                self._bundle, self._link = None, reason
            case Disconnected(reason):
                self._bundle, self._link = None, f"connecting again: {reason}"
            case ErrorReceived(error):
                self._trouble = f"{error.code}: {error.field} {error.rule}"
            case StatsReceived():
                pass

    def saw(self, frame: SceneFrame) -> None:
        """A frame was captured."""
        self._frame_s, self._game_trouble = frame.capture_time_s, ""
        self.told = told_line(frame, self._takes)
        if frame.boxes:
            self._box_s = frame.capture_time_s

    def tell(self, trouble: str) -> None:
        """Something in the game itself is wrong; it is said until the next frame that is good."""
        self._game_trouble = trouble

    def no_sound(self, why: str) -> None:
        """The game cannot play at all; said whenever nothing worse is."""
        self._sound_trouble = why

    def resumed(self, now_s: float) -> None:
        """After a pause nothing is overdue."""
        self._frame_s = self._box_s = self._chunk_s = now_s

    def line(self, now_s: float, buffered_ms: float, underruns: int, paused: bool = False) -> str:
        """The line to show now."""
        if self._bundle is None:
            return self._trouble or self._link
        if trouble := self._game_trouble or self._trouble or self._sound_trouble:
            return trouble
        if paused:
            return f"connected to {self._bundle}: paused"
        overdue = ((self._frame_s, NO_FRAMES), (self._chunk_s, NO_CHUNKS), (self._box_s, NO_BOXES))
        late = [words for since_s, words in overdue if now_s - since_s > PATIENCE_S]
        return late[0] if late else f"connected to {self._bundle}: {buffered_ms:.0f} ms wait, {underruns} underruns"
