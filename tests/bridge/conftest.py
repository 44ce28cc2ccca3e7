"""Scenes, hand-driven clocks and server-client pairs that the bridge's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from bridge_pair import STREAM, ChunkMaker, FrameMaker, HandClock, Pair, PairMaker
from raw_client import RawClient

from stereosync.scene import Box, Camera, Chunk, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync_bridge.client import ClientOptions
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.golden import messages
from stereosync_bridge.server import ServerOptions, StreamInfo


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server_options() -> ServerOptions:
    """Loopback, free ports."""
    return ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*")


@pytest.fixture
def make_pair() -> Iterator[PairMaker]:
    """Makes pairs, and closes them after the test."""
    pairs: list[Pair] = []

    def make(server_options: ServerOptions, client_options: ClientOptions | None = None) -> Pair:
        pairs.append(Pair(server_options, client_options))
        return pairs[-1]

    yield make
    for pair in pairs:
        pair.close()


@pytest.fixture
def pair(make_pair: PairMaker, server_options: ServerOptions) -> Pair:
    return make_pair(server_options)


@pytest.fixture
def raw(pair: Pair) -> Iterator[RawClient]:
    client = RawClient(pair.server)
    yield client
    client.context.destroy(linger=0)


@pytest.fixture
def scene() -> FrameMaker:
    def make(index: int = 0, capture_time_s: float = 0.0) -> SceneFrame:
        picture = np.full((18, 32, 3), index % 256, dtype=np.uint8)
        depth_m = np.full((9, 16), 3.0, dtype=np.float32)
        boxes = (Box(1, "walker", 4.25, 2.5, 9.75, 16.125),)
        return SceneFrame(index, capture_time_s, Camera(1.0, 32 / 18), picture, depth_m, boxes)

    return make


@pytest.fixture
def told_scene(scene: FrameMaker) -> FrameMaker:
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
def chunk() -> ChunkMaker:
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
