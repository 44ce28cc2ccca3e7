"""The service with real sockets: sound for every client, and no client that harms another."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq
from made_scenes import SceneAt, SceneMaker

from stereosync.scene import Chunk
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent, Disconnected, ErrorReceived, StatsReceived
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

    def turn(self, scene: SceneAt) -> None:
        now_s = time.perf_counter()
        due = int((now_s - self.read_s) * 48_000) if self.read_s else 0
        self.ring.read(due)
        self.read_s = self.read_s + due / 48_000 if self.read_s else now_s
        self.client.report_playback(self.ring.playback())
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


def test_a_client_hears_a_stream_without_gaps(toy_folder: Path, scene: SceneMaker, tmp_path: Path) -> None:
    stats = tmp_path / "stats.json"
    with serving(toy_folder, stats=stats) as service, player(service) as one:
        play([one], scene, heard(one, 50))
        chunks = one.chunks()
        starts = np.cumsum([0] + [len(chunk.samples) for chunk in chunks])
        assert [chunk.start_sample for chunk in chunks] == list(starts[:-1])
        assert np.std(np.concatenate([chunk.samples for chunk in chunks])) > 1e-3
        audio = [event for event in one.events if isinstance(event, AudioReceived)]
        assert all(event.capture_time_s is not None for event in audio)
        play([one], scene, lambda: any(isinstance(event, StatsReceived) for event in one.events))
        told = next(event.values for event in one.events if isinstance(event, StatsReceived))
        assert told["sessions"] == 1
    report = json.loads(stats.read_text("utf-8"))
    assert report["bundle"] == "toy"
    assert report["device"] == "cpu"
    assert set(report["stages"]) == {"cues", "cue_encoder", "backbone", "flow_head", "decoder", "chunk"}
    assert report["errors"] == 0


def test_clients_do_not_harm_each_other(toy_folder: Path, scene: SceneMaker) -> None:
    """One plays; one stops reading; one sends rubbish; one dies without a word."""
    with serving(toy_folder) as service, player(service) as one, player(service) as mute:
        context = zmq.Context()
        rude = context.socket(zmq.DEALER)
        rude.linger = 0
        rude.connect(service.control_address)
        dying = BridgeClient(ClientOptions(service.control_address, service.frames_address), time.perf_counter)
        dying.connect()
        play([one, mute, Player(dying)], scene, heard(one, 5))
        dying._link.close()  # no bye
        for _ in range(100):
            rude.send_multipart([b"\xff" * 50, b"rubbish"])
        play([one], scene, lambda: service._server.counters["connections_refused"])
        play([one], scene, heard(one, 20))
        assert service.telemetry.report()["errors"] == 0
        rude.close()
        context.destroy(linger=0)


def test_more_sessions_than_allowed_are_refused(toy_folder: Path) -> None:
    with serving(toy_folder, max_sessions=1) as service, player(service):
        client = BridgeClient(ClientOptions(service.control_address, service.frames_address), time.perf_counter)
        with pytest.raises(ConnectionError, match="1 sessions are taken"):
            client.connect(timeout_s=20)
        client.close()


def test_a_session_that_fails_is_told_and_the_others_go_on(
    toy_folder: Path, scene: SceneMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(toy_folder) as service, player(service) as one, player(service) as other:
        play([one, other], scene, heard(one, 5))
        session = service._sessions[one.client.welcome.session]  # type: ignore[union-attr]
        monkeypatch.setattr(session, "turn", lambda _streams: 1 / 0)
        play([one, other], scene, lambda: any(isinstance(event, ErrorReceived) for event in one.events))
        error = next(event.error for event in one.events if isinstance(event, ErrorReceived))
        assert error.fatal
        assert "division by zero" in error.rule
        play([other], scene, heard(other, 10))


def test_stopping_says_bye(toy_folder: Path, scene: SceneMaker) -> None:
    with serving(toy_folder) as service:
        options = ClientOptions(service.control_address, service.frames_address, reconnect=False)
        client = BridgeClient(options, time.perf_counter)
        client.connect()
        one = Player(client)
        play([one], scene, heard(one, 3))
    play([one], scene, lambda: any(isinstance(event, Disconnected) for event in one.events))
    client.close()


def test_the_chunk_size_is_the_one_asked_for(toy_folder: Path, scene: SceneMaker) -> None:
    with serving(toy_folder, chunk_ms=100, steps=1) as service, player(service) as one:
        assert one.client.welcome is not None
        assert one.client.welcome.chunk_samples == 4800
        play([one], scene, heard(one, 4))
        assert {len(chunk.samples) for chunk in one.chunks()} == {4800}
