"""The whole audition over real loopback sockets, against a service that makes noise where the box is."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from stereosync.scene import Chunk, SceneFrame, azimuth_rad
from stereosync.stereo import pan_gains
from stereosync_bridge.events import ClientJoined, ClientLeft, FrameReceived, PlaybackReported
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo
from stereosync_tools.audition import cli, live

CHUNK_SAMPLES, TARGET_SAMPLES = 1920, 3840


class NoiseService:
    """A service of one session that keeps noise, panned to the first box, ahead of what was played."""

    def __init__(self) -> None:
        self.server = BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic)
        self.stop = threading.Event()
        self.frames = 0
        self._newest: SceneFrame | None = None
        self._next_sample = self._played = 0
        self._session: str | None = None
        self._rng = np.random.default_rng(0)

    def run(self) -> None:
        while not self.stop.is_set():
            for event in self.server.poll(2):
                self._handle(event)
            while self._session and self._newest and self._next_sample < self._played + TARGET_SAMPLES:
                self._send()
        self.server.close()

    def _handle(self, event: object) -> None:
        if isinstance(event, ClientJoined):
            self._session, self._newest, self._next_sample, self._played = event.session_id, None, 0, 0
            self.server.welcome(event.session_id, StreamInfo(48_000, CHUNK_SAMPLES, 80.0, 0, "noise"))
        elif isinstance(event, FrameReceived):
            self.frames += 1
            self._newest = event.frame
            self.server.grant_credit(event.session_id)
        elif isinstance(event, ClientLeft):
            self._session = None
        if isinstance(event, FrameReceived | PlaybackReported) and event.playback is not None:
            self._played = event.playback.played_samples

    def _send(self) -> None:
        assert self._session is not None
        assert self._newest is not None
        frame, box = self._newest, self._newest.boxes[0]
        gains = pan_gains(azimuth_rad(frame.camera, (box.x0 + box.x1) / 2, frame.width_px))
        noise = 0.1 * self._rng.standard_normal((CHUNK_SAMPLES, 1)) * gains
        chunk = Chunk(0, self._next_sample, noise.astype(np.float32), age_s=0.1, steps=2, compute_ms=3.0)
        self.server.send_audio(self._session, chunk, frame.capture_time_s)
        self._next_sample += CHUNK_SAMPLES


@pytest.fixture
def service() -> Iterator[NoiseService]:
    running = NoiseService()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stop.set()
    thread.join()


def run(service: NoiseService, *arguments: str) -> int:
    return cli.main(["--connect", service.server.control_address, "--no-play", *arguments])


def test_demo_tape_is_heard_and_written_down(service: NoiseService, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    video, report = tmp_path / "heard.mp4", tmp_path / "report.json"
    assert run(service, "--seconds", "1.5", "--save", str(video), "--report", str(report)) == 0
    assert service.frames > 3  # on a busy machine most frames are replaced by newer ones
    told = json.loads(report.read_text("utf-8"))
    assert told["bundle"] == "noise"
    assert told["frame_to_chunk_ms"]["p50"] > 0
    assert "rtf" in told["missing"]
    assert (tmp_path / "heard.png").stat().st_size > 10_000
    with av.open(str(video)) as container:
        seconds = [float(stream.duration * stream.time_base) for stream in container.streams]
    assert min(seconds) > 1.0


def test_ctrl_c_keeps_what_was_heard(
    service: NoiseService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real_tick = live.ClientLoop.tick

    def tick(loop: live.ClientLoop, timeout_ms: float = 4.0) -> None:
        real_tick(loop, timeout_ms)
        if loop.time_s > 0.5:
            raise KeyboardInterrupt

    monkeypatch.setattr(live.ClientLoop, "tick", tick)
    sound = tmp_path / "heard.wav"
    assert run(service, "--seconds", "60", "--save", str(sound)) == 0
    assert sound.stat().st_size > 0.3 * 48_000 * 4
    assert "Ctrl-C" in capsys.readouterr().out


def test_no_service_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(live, "CONNECT_TIMEOUT_S", 0.2)
    assert cli.main(["--connect", "tcp://127.0.0.1:9", "--no-play"]) == 1
    said = capsys.readouterr().err
    assert "no answer from tcp://127.0.0.1:9" in said
    assert "Traceback" not in said
