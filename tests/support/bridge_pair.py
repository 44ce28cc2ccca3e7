"""A server and a client that one test of the bridge drives by turns; and what else the fixtures of its tests are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from stereosync.scene import Chunk, SceneFrame
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent, ClientJoined, Event, FrameReceived
from stereosync_bridge.messages import Welcome
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

STREAM = StreamInfo(sample_rate_hz=48_000, chunk_samples=960, target_buffer_ms=60.0)


class FrameMaker(Protocol):
    """The fixtures `scene` and `told_scene` of the bridge's tests."""

    def __call__(self, index: int = 0, capture_time_s: float = 0.0) -> SceneFrame: ...


class ChunkMaker(Protocol):
    """The fixture `chunk`: `n` samples of one level."""

    def __call__(self, start_sample: int = 0, n: int = 960, epoch: int = 0, level: float = 0.25) -> Chunk: ...


class HandClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, now_s: float = 100.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class Pair:
    """A server and a client that one test drives by turns, on clocks 50 s apart; all events are kept."""

    def __init__(self, server_options: ServerOptions, client_options: ClientOptions | None = None) -> None:
        self.server_clock, self.client_clock = HandClock(150.0), HandClock(100.0)
        self.server = BridgeServer(server_options, self.server_clock)
        options = replace(client_options or ClientOptions(), control_address=self.server.control_address)
        self.client = BridgeClient(options, self.client_clock)
        self.server_events: list[Event] = []
        self.client_events: list[ClientEvent] = []

    def advance(self, seconds: float) -> None:
        self.server_clock.now_s += seconds
        self.client_clock.now_s += seconds

    def turn(self) -> None:
        """One poll of each; every HELLO is welcomed."""
        for event in self.server.poll(2):
            self.server_events.append(event)
            if isinstance(event, ClientJoined):
                self.server.welcome(event.session_id, STREAM)
        self.client_events += self.client.poll(2)

    def until(self, condition: Callable[[], object], limit_s: float = 5.0) -> None:
        """Turn until the condition holds; the limit is real time, because the sockets need some."""
        deadline_s = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline_s, (self.server_events, self.client_events)
            self.turn()

    def connect(self) -> str:
        """Begin, wait for WELCOME, and give the session."""
        self.client.begin()
        self.until(lambda: self.client.connected)
        return self.welcome.session

    @property
    def welcome(self) -> Welcome:
        """What the client was told; it must be connected."""
        assert self.client.welcome is not None
        return self.client.welcome

    @property
    def frames(self) -> list[FrameReceived]:
        return [event for event in self.server_events if isinstance(event, FrameReceived)]

    @property
    def audio(self) -> list[AudioReceived]:
        return [event for event in self.client_events if isinstance(event, AudioReceived)]

    def close(self) -> None:
        self.client.close()
        self.server.close()


class PairMaker(Protocol):
    """The fixture `make_pair`, which closes its pairs after the test."""

    def __call__(self, server_options: ServerOptions, client_options: ClientOptions | None = None) -> Pair: ...
