"""Observers look on: each second they are sent figures of what arrives of every session, and get no sound.

Threads: the I/O thread makes every call.
"""

from __future__ import annotations

from collections.abc import Mapping

from stereosync_bridge.events import FrameReceived
from stereosync_bridge.ids import short
from stereosync_bridge.messages import Playback
from stereosync_bridge.peer import Peer
from stereosync_bridge.server import BridgeServer

SEPARATOR = "."  # between these digits and the name of a figure
MAX_VALUES = 256  # of a STATS message
SMOOTHING = 1 / 8  # share of a frame's age that is believed, as of the other figures that are smoothed


class Arrivals:
    """The figures of a session that began at `began_s`."""

    def __init__(self, began_s: float) -> None:
        self._began_s = self._ticked_s = began_s
        self._frames = 0  # since the last tick
        self._age_s: float | None = None
        self._ahead_s = 0.0
        self._form: dict[str, float] = {}  # of the newest frame
        self._playback: Playback | None = None
        self._played_samples = 0  # as of the last tick
        self._rates = {"frames_per_s": 0.0, "played_per_s": 0.0}

    def frame(self, received: FrameReceived) -> None:
        """A frame came."""
        self._frames += 1
        age_s = received.received_s - received.captured_s
        self._age_s = age_s if self._age_s is None else self._age_s + SMOOTHING * (age_s - self._age_s)
        self._ahead_s += SMOOTHING * (received.clock_ahead_s - self._ahead_s)
        picture, depth = received.message.picture, received.message.depth
        self._form = {
            "picture_width_px": picture.width_px,
            "picture_height_px": picture.height_px,
            f"picture_format.{picture.format}": 1.0,
            "depth_width_px": depth.width_px,
            "depth_height_px": depth.height_px,
            f"depth_encoding.{depth.encoding}": 1.0,
            "boxes": len(received.message.boxes),
        }

    def playback(self, playback: Playback | None) -> None:
        """A report of the ring came, or, with None, a message without one."""
        self._playback = playback or self._playback

    def tick(self, now_s: float) -> None:
        """About once a second: rates are those since the last one."""
        elapsed_s = now_s - self._ticked_s
        if elapsed_s <= 0:
            return
        played_samples = 0 if self._playback is None else self._playback.played_samples
        self._rates = {
            "frames_per_s": self._frames / elapsed_s,
            "played_per_s": max(played_samples - self._played_samples, 0) / elapsed_s,  # samples; an epoch begins at 0
        }
        self._frames, self._played_samples, self._ticked_s = 0, played_samples, now_s

    def age(self) -> dict[str, float]:
        """`frame_age_ms`: seconds from capture to arrival, smoothed; nothing before the first frame."""
        return {} if self._age_s is None else {"frame_age_ms": 1000 * self._age_s}

    def values(self) -> dict[str, float]:
        """Everything, as flat numbers as of the last tick; names end in their unit, and words are names of value 1."""
        ring: dict[str, float] = {}
        if self._playback is not None:
            ring = {"buffered_ms": self._playback.buffered_ms, "underruns": self._playback.underruns}
        times = {"session_s": self._ticked_s - self._began_s, "clock_ahead_ms": 1000 * self._ahead_s}
        return times | self._rates | self.age() | self._form | ring


class Observers:
    """The observers of a service."""

    def __init__(self, server: BridgeServer) -> None:
        self._server = server
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, session_id: str) -> None:
        self._ids.add(session_id)

    def remove(self, session_id: str) -> None:
        self._ids.discard(session_id)

    def tell(self, service: Mapping[str, float], sessions: Mapping[str, Mapping[str, float]]) -> None:
        """Send the figures of each session, by the beginning of its id, and last those of the service."""
        if not self._ids:
            return
        named = [
            (f"{short(session_id)}{SEPARATOR}{name}", value)
            for session_id, values in sessions.items()
            for name, value in {**values, **_of_peer(self._server.peer(session_id))}.items()
        ]
        for observer in self._ids:
            for start in range(0, len(named), MAX_VALUES):
                self._server.send_stats(observer, dict(named[start : start + MAX_VALUES]))
            self._server.send_stats(observer, service)


def _of_peer(peer: Peer | None) -> dict[str, float]:
    """The bridge's figures of a session: credits, and the warnings that it was told."""
    if peer is None:
        return {}
    figures: dict[str, float] = {"frames_lost": peer.lost, "frames_over_credit": peer.over_credit}
    return figures | {f"warned.{code}": 1.0 for code in peer.warned}
