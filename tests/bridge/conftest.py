"""Scenes, hand-driven clocks and server-client pairs that the bridge's tests share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from raw_client import RawClient

from stereosync.scene import Box, Camera, Chunk, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent, ClientJoined, Event, FrameReceived
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.golden import messages
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

STREAM = StreamInfo(sample_rate_hz=48_000, chunk_samples=960, target_buffer_ms=60.0)


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
        self.client = BridgeClient(replace(client_options or ClientOptions(), **self.address()), self.client_clock)
        self.server_events: list[Event] = []
        self.client_events: list[ClientEvent] = []

    def address(self) -> dict[str, str]:
        return {"control_address": self.server.control_address}

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
        assert self.client.welcome is not None
        return self.client.welcome.session

    @property
    def frames(self) -> list[FrameReceived]:
        return [event for event in self.server_events if isinstance(event, FrameReceived)]

    @property
    def audio(self) -> list[AudioReceived]:
        return [event for event in self.client_events if isinstance(event, AudioReceived)]

    def close(self) -> None:
        self.client.close()
        self.server.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server_options() -> ServerOptions:
    """Loopback, free ports."""
    return ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*")


@pytest.fixture
def make_pair() -> Iterator[Callable[..., Pair]]:
    """Makes pairs, and closes them after the test."""
    pairs: list[Pair] = []

    def make(server_options: ServerOptions, client_options: ClientOptions | None = None) -> Pair:
        pairs.append(Pair(server_options, client_options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def pair(make_pair: Callable[..., Pair], server_options: ServerOptions) -> Pair:
    return make_pair(server_options)


@pytest.fixture
def raw(pair: Pair) -> Iterator[RawClient]:
    client = RawClient(pair.server)
    yield client
    client.context.destroy(linger=0)


@pytest.fixture
def scene() -> Callable[..., SceneFrame]:
    def make(index: int = 0, capture_time_s: float = 0.0) -> SceneFrame:
        picture = np.full((18, 32, 3), index % 256, dtype=np.uint8)
        depth_m = np.full((9, 16), 3.0, dtype=np.float32)
        boxes = (Box(1, "walker", 4.25, 2.5, 9.75, 16.125),)
        return SceneFrame(index, capture_time_s, Camera(1.0, 32 / 18), picture, depth_m, boxes)

    return make


@pytest.fixture
def told_scene(scene: Callable[..., SceneFrame]) -> Callable[..., SceneFrame]:
    """As `scene`, with everything told; its contact lies 0.25 s after it."""

    def make(index: int = 0, capture_time_s: float = 0.0) -> SceneFrame:
        plain = scene(index, capture_time_s)
        feet = (Foot("left", (0.5, 0.125, -3.0), False, "PM_Gravel_01"), Foot("right", (0.75, 0.0, -3.5)))
        contacts = (ToldContact("left", capture_time_s + 0.25, 0.75, "water"),)
        box = replace(plain.boxes[0], feet=feet, contacts=contacts, surface="wood")
        said = ToldScene("forest", 0.5, ToldRoom(12.5, 0.25), ambience=False)
        return replace(plain, boxes=(box,), scene=said)

    return make


@pytest.fixture
def told_frame() -> FrameMessage:
    message = messages()["frame_told"]
    assert isinstance(message, FrameMessage)
    return message


@pytest.fixture
def chunk() -> Callable[..., Chunk]:
    def make(start_sample: int = 0, n: int = 960, epoch: int = 0, level: float = 0.25) -> Chunk:
        return Chunk(epoch, start_sample, np.full((n, 2), level, dtype=np.float32), age_s=0.05, steps=2)

    return make


@pytest.fixture
def plain_frame() -> FrameMessage:
    message = messages()["frame_plain"]
    assert isinstance(message, FrameMessage)
    return message


@pytest.fixture
def stream() -> StreamInfo:
    return STREAM
