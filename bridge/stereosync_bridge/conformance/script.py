"""Writes the commands of one script: a server and a game, with time passing by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgpack
import numpy as np

from stereosync.scene import Float32Array
from stereosync_bridge import golden, wire
from stereosync_bridge.messages import AudioMessage, ErrorMessage, Pong, Welcome

RATE_HZ = 8000  # the lowest that the wire allows, so that the files stay small
SERVER_AHEAD_S = 100.0  # server clock minus client clock
TRIP_S = 0.002
CHUNK = 320  # samples, 40 ms
VERSIONS = {"wire": "1.1", "min_wire": "1.0", "package": "0.1.0"}


class Script:
    """Collects commands. `session` counts the HELLOs, `time_s` is the client's clock."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.time_s = 10.0
        self.session = 0
        self.credit = 1
        self.next_sample = 0

    def do(self, *words: object) -> None:
        self.lines.append(" ".join(map(str, (repr(self.time_s), *words))))

    def wait(self, seconds: float) -> None:
        self.time_s = round(self.time_s + seconds, 9)

    def poll(self, after_s: float = 0.0) -> None:
        self.wait(after_s)
        self.do("poll")

    def receive(self, message: wire.Message, lane: str = "control") -> None:
        self.receive_parts(wire.encode(message), lane)

    def receive_parts(self, parts: list[bytes], lane: str = "control") -> None:
        self.do("receive", lane, golden.pack(parts).hex())

    # The server's words

    def begin(self) -> None:
        self.session += 1
        self.do("begin")

    def welcome(self, **changes: Any) -> Welcome:
        """The answer to the newest HELLO, as the message; `receive` delivers it."""
        usual = Welcome(
            session=f"{self.session:032x}",
            capabilities=dict.fromkeys(golden.CAPABILITIES, True),
            sample_rate_hz=RATE_HZ,
            chunk_samples=CHUNK,
            target_buffer_ms=60.0,
            epoch=0,
            heartbeat_s=1.0,
            frames_port=5751,
            credit=1,
            bundle="conformance",
            picture_width_px=160,
            picture_height_px=90,
            sent_client_s=self.time_s,
            received_server_s=self.time_s + SERVER_AHEAD_S + TRIP_S,
            sent_server_s=self.time_s + SERVER_AHEAD_S + TRIP_S,
            **VERSIONS,
        )
        self.credit, self.next_sample = 1, 0
        return replace(usual, **changes)

    def joined(self, **changes: Any) -> None:
        """HELLO and WELCOME, 4 ms apart."""
        self.begin()
        message = self.welcome(**changes)
        self.wait(2 * TRIP_S)
        self.receive(message)
        self.do("poll")

    def pong(self, trip_s: float = TRIP_S, ahead_s: float = SERVER_AHEAD_S, credit: int | None = None) -> None:
        """An echo of a ping that was sent two trips ago."""
        arrived_s = self.time_s - trip_s + ahead_s
        echo = Pong(self.time_s - 2 * trip_s, arrived_s, arrived_s, self.credit if credit is None else credit)
        self.receive(echo)

    def audio(self, start: int | None = None, n: int = CHUNK, epoch: int = 0, **fields: Any) -> None:
        """A chunk; without a start the one that follows the last."""
        start = self.next_sample if start is None else start
        self.next_sample = start + n
        samples = fields.pop("samples", None)
        pcm = (tone(start, n, epoch) if samples is None else samples).astype("<f4").tobytes()
        self.receive(AudioMessage(epoch, start, n, fields.pop("credit", self.credit), pcm=pcm, **fields))

    def error(self, code: str, fatal: bool, field: str = "type") -> None:
        self.receive(ErrorMessage(code, field, "a rule and a cure", fatal, **VERSIONS))

    def header(self, lane: str = "control", payloads: tuple[bytes, ...] = (), **header: Any) -> None:
        """Any header at all, with or without sense."""
        self.receive_parts([msgpack.packb(header), *payloads], lane)


def tone(start: int, n: int, epoch: int = 0) -> Float32Array:
    """(n, 2) of a stream whose value tells the place: left and right tones that differ with the epoch."""
    at = np.arange(start, start + n, dtype=np.float64)
    left = 0.5 * np.sin(2 * np.pi * (200 + 30 * epoch) * at / RATE_HZ)
    right = 0.4 * np.cos(2 * np.pi * 150 * at / RATE_HZ) - 0.05 * epoch
    return np.stack([left, right], axis=1).astype(np.float32)
