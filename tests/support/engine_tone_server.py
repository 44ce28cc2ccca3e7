"""A server of the bridge that answers with tones: what the smoke tests' games connect to, on a thread of its own."""

from __future__ import annotations

import threading
import time

import numpy as np

from stereosync.scene import Chunk
from stereosync_bridge.errors import WireError
from stereosync_bridge.events import (
    ClientJoined,
    Event,
    FrameReceived,
    InvalidMessage,
    PlaybackReported,
    ResetRequested,
)
from stereosync_bridge.messages import Hello, Playback
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

RATE_HZ = 48_000
CHUNK = 1920
AHEAD = RATE_HZ * 120 // 1000  # samples that are kept in the client's ring
STREAM = StreamInfo(RATE_HZ, CHUNK, 60.0, picture_width_px=160, picture_height_px=90)


class ToneServer:
    """Welcomes every client, keeps its frames, and sends tones so far ahead of what was played. Times are monotonic."""

    def __init__(self, control_address: str = "tcp://127.0.0.1:*", frames_address: str = "tcp://127.0.0.1:*") -> None:
        self._server = BridgeServer(ServerOptions(control_address, frames_address), time.monotonic)
        self.control_address, self.frames_address = self._server.control_address, self._server.frames_address
        self.frames: list[FrameReceived] = []
        self.joined_s: list[float] = []
        self.hellos: list[Hello] = []
        self.frames_before: list[int] = []  # frames that had come when each client joined
        self.invalid: list[WireError] = []
        self.reasons: list[str] = []
        self._playback, self._epoch, self._next_sample = Playback(), 0, 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            for event in self._server.poll(5):
                self._take(event)
            if self._server.sessions:
                self._send(self._server.sessions[-1])
        self._server._context.destroy(linger=0)  # as if the process had been killed: no BYE

    def _take(self, event: Event) -> None:
        match event:
            case ClientJoined():
                self.joined_s.append(time.monotonic())
                self.hellos.append(event.hello)
                self.frames_before.append(len(self.frames))
                self._restart(0)
                self._server.welcome(event.session_id, STREAM)
            case FrameReceived():
                self.frames.append(event)
                self._playback = event.playback
                self._server.grant_credit(event.session_id)
            case PlaybackReported():
                self._playback = event.playback
            case ResetRequested():
                self.reasons.append(event.reason)
                self._restart(self._epoch + 1)
            case InvalidMessage():
                self.invalid.append(event.error)

    def _restart(self, epoch: int) -> None:
        self._epoch, self._next_sample, self._playback = epoch, 0, Playback(epoch=epoch)

    def _send(self, session: str) -> None:
        played = self._playback.played_samples if self._playback.epoch == self._epoch else 0
        while self._next_sample < played + AHEAD:
            at = np.arange(self._next_sample, self._next_sample + CHUNK) / RATE_HZ
            tones = np.stack([np.sin(2 * np.pi * hz * at) for hz in (440, 330)], axis=1)
            self._server.send_audio(session, Chunk(self._epoch, self._next_sample, np.float32(0.3 * tones)), None)
            self._next_sample += CHUNK

    def kill(self) -> None:
        """The connections break without a word."""
        self._stop.set()
        self._thread.join()
