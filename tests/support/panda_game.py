"""For the tests of the Panda3D client: a service that plays a tone, and a game whose own sound OpenAL records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.scene import Chunk, Float32Array, SceneFrame
from stereosync_bridge.events import ClientJoined, ClientLeft, FrameReceived, PlaybackReported, ResetRequested
from stereosync_bridge.messages import Playback
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo
from stereosync_runtime.pacing import Playhead

SAMPLE = Path(__file__).resolve().parents[2] / "panda3d_sample"
LEFT_HZ, RIGHT_HZ, LEFT_LEVEL, RIGHT_LEVEL = 440.0, 660.0, 0.4, 0.2
MARK_EVERY_S, MARK_LEVEL = 0.5, 0.3
DEVICE = "[general]\nfrequency=48000\nchannels=stereo\nsample-type=float32\nperiod_size=480\n[wave]\nfile={wav}\n"


def tone(first_sample: int, count: int, rate_hz: int) -> Float32Array:
    """A tone for each ear, (count, 2), the same wherever a chunk begins."""
    turns = 2 * np.pi * np.arange(first_sample, first_sample + count)[:, None] / rate_hz
    return (np.sin(turns * (LEFT_HZ, RIGHT_HZ)) * (LEFT_LEVEL, RIGHT_LEVEL)).astype(np.float32)


class ToneService:
    """Keeps `target_ms` of a tone ahead of what was played, paced like the real service.

    With `marks` it sends silence, and now and then a step up at the first sample of a chunk.
    """

    def __init__(self, rate_hz: int, chunk_ms: float = 20.0, target_ms: float = 60.0, marks: bool = False) -> None:
        self.rate_hz, self.marks = rate_hz, marks
        self.chunk_samples, self.target_samples = round(chunk_ms * rate_hz / 1000), round(target_ms * rate_hz / 1000)
        self.server = BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic)
        self.frames: list[SceneFrame] = []
        self.marked: list[int] = []
        self.resets: list[tuple[str, str]] = []
        self.left: list[str] = []
        self.device_ms: set[float] = set()
        self._session: str | None = None
        self._epoch, self._next_sample, self._playhead = 0, 0, Playhead(rate_hz)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            for event in self.server.poll(2):
                self._handle(event)
            while self._session and self.frames and self._is_due():
                self._send(self._session)
        self.server.close()

    def _is_due(self) -> bool:
        now_s = time.monotonic()
        return self._playhead.due_s(self._next_sample, self.target_samples / self.rate_hz, now_s) == now_s

    def _handle(self, event: object) -> None:
        if isinstance(event, ClientJoined):
            self._session = event.session_id
            self._epoch, self._next_sample, self._playhead = 0, 0, Playhead(self.rate_hz)
            self.server.welcome(event.session_id, StreamInfo(self.rate_hz, self.chunk_samples, 60.0, 0, "tone"))
        elif isinstance(event, FrameReceived):
            self.frames.append(event.frame)
            self._take(event.playback)
            self.server.grant_credit(event.session_id)
        elif isinstance(event, PlaybackReported):
            self._take(event.playback)
        elif isinstance(event, ResetRequested):
            self.resets.append((event.session_id, event.reason))
            self._epoch, self._next_sample, self._playhead = self._epoch + 1, 0, Playhead(self.rate_hz)
        elif isinstance(event, ClientLeft):
            self._session = None
            self.left.append(event.reason)

    def _take(self, playback: Playback | None) -> None:
        if playback is None:  # of a client that has not begun to play
            return
        self._playhead = self._playhead.told(playback.played_samples, time.monotonic())
        self.device_ms.add(playback.device_ms)

    def _send(self, session: str) -> None:
        samples = self._mark() if self.marks else tone(self._next_sample, self.chunk_samples, self.rate_hz)
        chunk = Chunk(self._epoch, self._next_sample, samples, steps=1)
        self.server.send_audio(session, chunk, self.frames[-1].capture_time_s)
        self._next_sample += self.chunk_samples

    def _mark(self) -> Float32Array:
        samples = np.zeros((self.chunk_samples, 2), np.float32)
        since = self._next_sample - (self.marked[-1] if self.marked else 0)
        if since >= MARK_EVERY_S * self.rate_hz:
            self.marked.append(self._next_sample)
            samples[:] = MARK_LEVEL
        return samples

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


@dataclass(frozen=True)
class Recording:
    """`samples` (n, 2) is what OpenAL played at 48 kHz, `told` what the game said of its bridge."""

    samples: npt.NDArray[np.float64]
    told: dict[str, Any]
    output: str


def engine_environment(**more: str) -> dict[str, str]:
    """An environment in which the packages and the sample's modules are found."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(SAMPLE), *sys.path]), "LP_NUM_THREADS": "1"} | more


def recorded(arguments: list[str], folder: Path, seconds: float) -> Recording:
    """Run a game until it ends, with a sound device that writes a file at the pace of a real one."""
    wav, device = folder / "heard.wav", folder / "alsoft.conf"
    wav.unlink(missing_ok=True)
    device.write_text(DEVICE.format(wav=wav), "utf-8")
    environment = engine_environment(ALSOFT_DRIVERS="wave", ALSOFT_CONF=str(device))
    command = [sys.executable, *(word.replace("{wav}", str(wav)) for word in arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 40, env=environment, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    last = done.stdout.strip().splitlines()[-1]
    return Recording(read_wav(wav), json.loads(last) if last.startswith("{") else {}, done.stdout)


def read_wav(path: Path) -> npt.NDArray[np.float64]:
    """The samples (n, 2) of OpenAL's 32-bit float file; Python's wave module knows no floats."""
    data = path.read_bytes()
    start = data.index(b"data") + 8
    whole = (len(data) - start) // 8 * 8
    return np.frombuffer(data[start : start + whole], "<f4").reshape(-1, 2).astype(np.float64)
