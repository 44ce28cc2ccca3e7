"""The client's loop: frames out at their capture times, chunks into the ring, what was played back to the service.

One thread calls `tick`; another one, the player's, calls `take`. They share the ring, whose lock guards it, and the
recorder, which takes entries from any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from stereosync.scene import Float32Array
from stereosync_bridge.client_stream import ClientStream, StreamClient
from stereosync_bridge.errors import HELLO_FIRST, SERVER_FULL, UNKNOWN_SESSION
from stereosync_bridge.events import (
    AudioReceived,
    ClientEvent,
    Disconnected,
    ErrorReceived,
    StatsReceived,
    Welcomed,
)
from stereosync_bridge.ring import PlaybackRing
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.feed import ClockS, Feed
from stereosync_tools.audition.gauges import Gauges, Reading
from stereosync_tools.audition.recorder import Recorder

POLL_MS = 4.0
PATIENCE_S = 10.0
RETRIED_CODES = (HELLO_FIRST, UNKNOWN_SESSION, SERVER_FULL)  # after these the client connects again by itself


class LiveClient(StreamClient, Protocol):
    """The part of `stereosync_bridge.client.BridgeClient` that the loop uses."""

    counters: Counter[str]


class ClientLoop:
    """One client of one service. The run begins at `start_s` of the clock; `delay_s` is the player's."""

    def __init__(
        self,
        client: LiveClient,
        feed: Feed,
        recorder: Recorder,
        clock: ClockS,
        start_s: float,
        sample_rate_hz: int,
        delay_s: float = 0.0,
    ) -> None:
        self.gauges = Gauges(sample_rate_hz, delay_s)
        self._client, self._feed, self._recorder = client, feed, recorder
        self.start_s = start_s
        self._clock = clock
        self._stream = ClientStream(client, PlaybackRing(sample_rate_hz))
        self._stream.report_device(1000 * delay_s)
        self._lost_s: float | None = None
        self._lost_because = ""

    @property
    def time_s(self) -> float:
        """Seconds of the run."""
        return self._clock() - self.start_s

    @property
    def underruns(self) -> int:
        """Times at which the sound ran out, over all sessions of the run."""
        return self._stream.ring.underruns

    def take(self, count: int) -> Float32Array:
        """The next `count` samples to be heard, (count, 2); for the player."""
        samples = self._stream.ring.read(count)
        self._recorder.sound(samples)
        self.gauges.sound_played(samples)
        return samples

    def tick(self, timeout_ms: float = POLL_MS) -> None:
        """Send what is due, take in what has come.

        Raises:
            AuditionError: the service refuses this client, or was lost and did not come back.
        """
        for frame in self._feed.due(self._clock()):
            self._recorder.frame(frame.capture_time_s - self.start_s, frame)
            self._stream.offer(frame)
            self.gauges.counts["frames"] += 1
        for event in self._stream.poll(timeout_ms):
            self._handle(event)
        if self._lost_s is not None and self._clock() - self._lost_s > PATIENCE_S:
            raise AuditionError(f"The service was lost ({self._lost_because}); start it again and connect anew.")

    def _handle(self, event: ClientEvent) -> None:
        if isinstance(event, AudioReceived):
            self.gauges.chunk_arrived(event, self._stream.ring.playback())
        elif isinstance(event, StatsReceived):
            self.gauges.stats_told(event.values)
        elif isinstance(event, Welcomed):
            self.gauges.counts["reconnects"] += 1
            self._lost_s = None
        elif isinstance(event, ErrorReceived):
            self._told_error(event)
        elif isinstance(event, Disconnected):
            self.gauges.counts["disconnects"] += 1
            self._lost_s, self._lost_because = self._clock(), event.reason

    def _told_error(self, event: ErrorReceived) -> None:
        self.gauges.counts["errors"] += 1
        if event.error.fatal and event.error.code not in RETRIED_CODES:
            raise AuditionError(f"The service refused this client: {event.error.field} {event.error.rule}.")

    def reading(self, stages_ms: Mapping[str, float]) -> Reading:
        """The gauges now, with the stage times that the service told."""
        self.gauges.counts["dropped"] = self._client.counters["frames_replaced"]
        return self.gauges.reading(self.time_s, self._stream.ring.buffered_ms, self.underruns, stages_ms)
