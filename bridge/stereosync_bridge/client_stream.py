"""A client and the ring that its chunks go into: what a game holds.

Threads: one thread makes every call; the audio callback, in its own thread, calls `ring.read` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from stereosync.scene import SceneFrame
from stereosync_bridge.events import AudioReceived, ClientEvent, Welcomed
from stereosync_bridge.messages import MAX_DEVICE_MS, Playback
from stereosync_bridge.ring import PlaybackRing


class StreamClient(Protocol):
    """The part of `stereosync_bridge.client.BridgeClient` that a stream uses."""

    def offer_frame(self, frame: SceneFrame) -> None: ...

    def report_playback(self, playback: Playback) -> None: ...

    def poll(self, timeout_ms: float) -> Sequence[ClientEvent]: ...

    def reset(self, reason: str = "") -> None: ...


class ClientStream:
    """Tells the client what was played, and the ring what has come. A lost session leaves the ring to play out."""

    def __init__(self, client: StreamClient, ring: PlaybackRing | None = None) -> None:
        self._client = client
        self.ring = PlaybackRing() if ring is None else ring
        self._paused = False
        self._device_ms = 0.0

    @property
    def paused(self) -> bool:
        return self._paused

    def report_device(self, device_ms: float) -> None:
        """Set the delay between ring and ear, in ms; it goes out with every report from here on.

        Drivers say anything: it is held within 0 to `MAX_DEVICE_MS`, and NaN counts as 0.
        """
        self._device_ms = min(max(0.0, device_ms), MAX_DEVICE_MS)  # max keeps its first value beside NaN

    def _report(self) -> None:
        self._client.report_playback(replace(self.ring.playback(), device_ms=self._device_ms))

    def offer(self, frame: SceneFrame) -> None:
        """Offer a frame.

        Raises:
            WireError: the frame that is sent now breaks a rule of the wire.
        """
        self._report()
        self._client.offer_frame(frame)

    def poll(self, timeout_ms: float) -> Sequence[ClientEvent]:
        """Handle what came; chunks are in the ring when their events are returned."""
        self._report()
        events = self._client.poll(timeout_ms)
        for event in events:
            if isinstance(event, Welcomed):
                self.ring.restart(event.welcome.epoch, 0, event.welcome.sample_rate_hz)
            elif isinstance(event, AudioReceived) and not self._paused:
                self.ring.write(event.chunk)
        return events

    def pause(self) -> None:
        """The game stands still: fall silent, and take in no sound until `resume`."""
        self._paused = True
        self.ring.clear()

    def resume(self) -> None:
        """The game goes on: the stream is made anew from what is seen now."""
        self._paused = False
        self.ring.clear()
        self._client.reset("resumed")
