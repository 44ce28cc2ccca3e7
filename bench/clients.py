"""Clients that play: a real `BridgeClient` and a real ring, read by the clock, with frames made in advance.

One thread serves all clients of a process, so that they cost the service's machine little. It looks in every few
milliseconds; a chunk counts as arrived when it is seen, so an arrival is told late by up to that, and never early.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from walkers import Reel

from stereosync.scene import Chunk
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, Disconnected
from stereosync_bridge.ring import PlaybackRing

BLOCK_SAMPLES = 240  # what a sound card takes at once
LOOK_EVERY_S = 0.004
CONNECT_S = 20.0


@dataclass(frozen=True)
class Place:
    """The addresses of the service."""

    control: str
    frames: str


@dataclass(frozen=True)
class Arrival:
    """One chunk at its client. Slack: from its arrival to the moment its first sample is heard; below 0 it is late."""

    slack_s: float
    age_s: float  # of the newest frame behind it, on arrival
    compute_ms: float
    steps: int
    samples: int


@dataclass
class Heard:
    """The counts of one client since it began to count. `counts`: underruns, and frames sent, replaced and so on."""

    arrivals: list[Arrival] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class ClockedRing:
    """A ring that is read in blocks as the clock goes on, and knows when each sample is heard."""

    def __init__(self, sample_rate_hz: int, start_s: float) -> None:
        self.ring = PlaybackRing(sample_rate_hz)
        self._rate_hz, self._start_s, self._taken_samples = sample_rate_hz, start_s, 0

    def play(self, now_s: float) -> None:
        """Read all blocks that are due."""
        while self._start_s + (self._taken_samples + BLOCK_SAMPLES) / self._rate_hz <= now_s:
            self.ring.read(BLOCK_SAMPLES)
            self._taken_samples += BLOCK_SAMPLES

    def slack_s(self, chunk: Chunk, arrival_s: float) -> float | None:
        """Seconds from `arrival_s` to the moment the chunk's first sample is heard; None while nothing is played."""
        if self.ring.priming:
            return None
        ahead = chunk.start_sample - self.ring.played_samples
        return self._start_s + (self._taken_samples + ahead) / self._rate_hz - arrival_s


class PlayingClient:
    """One connected client. `tick` sends the frame that is due, takes in chunks and plays."""

    def __init__(self, place: Place, name: str, fps: float, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock, self._fps = clock, fps
        self._client = BridgeClient(ClientOptions(place.control, place.frames, name=name, reconnect=False), clock)
        welcome = self._client.connect(CONNECT_S)
        self._rate_hz = welcome.sample_rate_hz
        self._player = ClockedRing(self._rate_hz, clock())
        self._index, self._due_s = 0, float("inf")
        self._underruns_before = 0
        self._heard = Heard()

    def begin(self, start_s: float) -> None:
        """Show the first frame at `start_s`, not before."""
        self._due_s = start_s

    def count_from_now(self) -> None:
        """Forget what was seen, so that what follows is counted alone."""
        self._heard = Heard()
        self._underruns_before = self._player.ring.underruns

    def tick(self, reel: Reel, timeout_ms: float = 0.0) -> None:
        """Everything that is due now."""
        now_s = self._clock()
        if now_s >= self._due_s:
            self._client.offer_frame(reel.frame(self._index, now_s))
            self._index += 1
            self._due_s = max(self._due_s + 1 / self._fps, now_s)
        for event in self._client.poll(timeout_ms):
            if isinstance(event, AudioReceived):
                self._take(event)
            elif isinstance(event, Disconnected):
                raise ConnectionError(f"a client was disconnected: {event.reason}; look at the service's own output")
        self._player.play(self._clock())
        self._client.report_playback(self._player.ring.playback())

    def _take(self, event: AudioReceived) -> None:
        slack_s = self._player.slack_s(event.chunk, event.arrival_s)
        age_s = np.nan if event.capture_time_s is None else event.arrival_s - event.capture_time_s
        if slack_s is not None:
            samples = len(event.chunk.samples)
            self._heard.arrivals.append(Arrival(slack_s, age_s, event.chunk.compute_ms, event.chunk.steps, samples))
        self._player.ring.write(event.chunk)

    def heard(self) -> Heard:
        """The counts so far."""
        counts = Counter(self._client.counters)
        counts["underruns"] = self._player.ring.underruns - self._underruns_before
        return Heard(list(self._heard.arrivals), counts)

    def close(self) -> None:
        self._client.close()


def play_until(clients: Iterable[PlayingClient], reel: Reel, over: Callable[[], bool], timeout_ms: float = 0.0) -> None:
    """Serve all clients until it is over. With a timeout, wait in the client's socket; that is for one client."""
    while not over():
        began_s = time.perf_counter()
        for client in clients:
            client.tick(reel, timeout_ms)
        spent_s = time.perf_counter() - began_s
        if not timeout_ms and spent_s < LOOK_EVERY_S:
            time.sleep(LOOK_EVERY_S - spent_s)


def passed(end_s: float) -> Callable[[], bool]:
    """Whether the performance counter has passed `end_s`."""
    return lambda: time.perf_counter() >= end_s
