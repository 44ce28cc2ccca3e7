"""`tone_server.py CONTROL FRAMES`: the bridge's own server, a tone for a model, in a process that a test may kill."""

from __future__ import annotations

import sys
import time

import numpy as np

from stereosync.scene import Chunk, Float32Array
from stereosync_bridge.events import ClientJoined, Event, FrameReceived, PlaybackReported, ResetRequested
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo
from stereosync_runtime.pacing import Playhead

RATE_HZ = 48_000
CHUNK_SAMPLES, TARGET_SAMPLES = 1920, 4800
LEFT_HZ, RIGHT_HZ = 440.0, 660.0
LEVEL = 0.4
now_s = time.monotonic


def tone(first_sample: int, count: int, rate_hz: float = RATE_HZ) -> Float32Array:
    """(count, 2) of a tone for each ear that goes on wherever a chunk begins."""
    turns = 2 * np.pi * np.arange(first_sample, first_sample + count)[:, None] / rate_hz
    return (LEVEL * np.sin(turns * (LEFT_HZ, RIGHT_HZ))).astype(np.float32)


class ToneService:
    """Serves one client after another; the tone begins with the first frame of each."""

    def __init__(self, control: str, frames: str) -> None:
        self.server = BridgeServer(ServerOptions(control, frames), now_s)
        self._session: str | None = None
        self._begin_stream(0)

    def _begin_stream(self, epoch: int) -> None:
        self._epoch, self._next_sample, self._capture_s = epoch, 0, None
        self._playhead = Playhead(RATE_HZ)

    def turn(self) -> None:
        """Take what came, send what is due."""
        for event in self.server.poll(2):
            self._take(event)
        while self._session and self._capture_s is not None and self._due():
            samples = tone(self._next_sample, CHUNK_SAMPLES)
            self.server.send_audio(self._session, Chunk(self._epoch, self._next_sample, samples), self._capture_s)
            self._next_sample += CHUNK_SAMPLES

    def _due(self) -> bool:
        at_s = now_s()
        return self._playhead.due_s(self._next_sample, TARGET_SAMPLES / RATE_HZ, at_s) == at_s

    def _take(self, event: Event) -> None:
        match event:
            case ClientJoined():
                self._session = event.session_id
                self._begin_stream(0)
                self.server.welcome(event.session_id, StreamInfo(RATE_HZ, CHUNK_SAMPLES, 100.0, 0, "tone"))
            case FrameReceived():
                self._capture_s = event.frame.capture_time_s
                self._hear(event.playback.epoch, event.playback.played_samples)
                self.server.grant_credit(event.session_id)
            case PlaybackReported():
                self._hear(event.playback.epoch, event.playback.played_samples)
            case ResetRequested():
                self._begin_stream(self._epoch + 1)

    def _hear(self, epoch: int, played_samples: int) -> None:
        if epoch == self._epoch:
            self._playhead = self._playhead.told(min(played_samples, self._next_sample), now_s())


if __name__ == "__main__":
    service = ToneService(*sys.argv[1:])
    print("ready", service.server.control_address, service.server.frames_address, flush=True)
    while True:
        service.turn()
