"""A service on a thread of the test, and clients that play what they get by the clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from made_scenes import SceneAt

from stereosync.scene import Chunk
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent
from stereosync_bridge.ring import PlaybackRing
from stereosync_runtime.options import ServeOptions
from stereosync_runtime.serve import open_service
from stereosync_runtime.service import Service

FREE_PORT = "tcp://127.0.0.1:0"


@contextmanager
def serving(folder: Path, **options: Any) -> Iterator[Service]:
    """The toy bundle served by a thread of this process."""
    free = {"bundle": str(folder), "bind": FREE_PORT, "frames_bind": FREE_PORT, "device": "cpu", "seed": 1}
    stop = threading.Event()
    with open_service(ServeOptions(**(free | options)), say=lambda _text: None) as service:
        thread = threading.Thread(target=service.run, args=(stop,))
        thread.start()
        try:
            yield service
        finally:
            stop.set()
            thread.join(timeout=10)
            assert not thread.is_alive()


@dataclass
class Player:
    """A client that plays what it gets by the clock."""

    client: BridgeClient
    events: list[ClientEvent] = field(default_factory=list)
    ring: PlaybackRing = field(default_factory=PlaybackRing)
    frames: int = 0
    read_s: float = 0.0

    def turn(self, scene: SceneAt | None) -> None:
        now_s = time.perf_counter()
        due = int((now_s - self.read_s) * 48_000) if self.read_s else 0
        self.ring.read(due)
        self.read_s = self.read_s + due / 48_000 if self.read_s else now_s
        self.client.report_playback(self.ring.playback())
        if scene is not None:
            self.client.offer_frame(scene(now_s, self.frames))
            self.frames += 1
        for event in self.client.poll(5):
            self.events.append(event)
            if isinstance(event, AudioReceived):
                self.ring.write(event.chunk)

    def chunks(self) -> list[Chunk]:
        return [event.chunk for event in self.events if isinstance(event, AudioReceived)]


@contextmanager
def player(service: Service) -> Iterator[Player]:
    options = ClientOptions(service.control_address, service.frames_address)
    client = BridgeClient(options, time.perf_counter)
    try:
        client.connect()
        yield Player(client)
    finally:
        client.close()


def play(players: list[Player], scene: SceneAt, done: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Play until `done`; the limit is wide, because a busy machine is no failure of the service."""
    until_s = time.perf_counter() + limit_s
    while not done():
        assert time.perf_counter() < until_s, [each.events[-3:] for each in players]
        for each in players:
            each.turn(scene)


def heard(each: Player, chunks: int) -> Callable[[], bool]:
    """Whether a player got so many chunks more than it has now."""
    goal = len(each.chunks()) + chunks
    return lambda: len(each.chunks()) >= goal
