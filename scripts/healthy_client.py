"""A client that does everything right: frames at 30 a second, a ring that is read by the clock, a record of its sound.

    python scripts/healthy_client.py CONTROL_ADDRESS [SECRET_KEY_FILE SERVER_KEY_FILE]

A line on stdin begins a new record, and the record until then is written to stdout as a line of JSON; the end of stdin
ends the client. `served.HealthyClient` asks so.
"""

from __future__ import annotations

import json
import math
import queue
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from stereosync.scene import Box, Camera, SceneFrame
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.events import AudioReceived, ClientEvent, Disconnected, ErrorReceived
from stereosync_bridge.security import ClientCurve

FPS = 30
STEP_MS = 5.0


@dataclass
class Record:
    """The sound of one client for a while. Silence is time in which its ring had nothing to play."""

    seconds: float = 0.0
    chunks: int = 0
    silence_s: float = 0.0
    worst_silence_s: float = 0.0
    underruns: int = 0
    disconnected: int = 0
    errors: list[str] = field(default_factory=list)  # codes


class Listener:
    """The client and its ears; `turn` is called again and again."""

    def __init__(self, options: ClientOptions) -> None:
        self.client = BridgeClient(options, time.perf_counter)
        self._stream = ClientStream(self.client)
        self._index = 0
        self._frame_s = self._read_s = self._begun_s = time.perf_counter()
        self._underruns_before = 0
        self._silent_s = 0.0  # until now, without a pause
        self._record = Record()
        self.client.begin()

    def turn(self) -> None:
        """A few milliseconds: poll, show a frame if it is time, listen."""
        for event in self._stream.poll(STEP_MS):
            self._note(event)
        now_s = time.perf_counter()
        if now_s >= self._frame_s:
            self._frame_s = max(self._frame_s + 1 / FPS, now_s)
            self._stream.offer(_scene(self._index, now_s))
            self._index += 1
        self._listen(now_s)

    def _note(self, event: ClientEvent) -> None:
        self._record.chunks += isinstance(event, AudioReceived)
        self._record.disconnected += isinstance(event, Disconnected)
        if isinstance(event, ErrorReceived):
            self._record.errors.append(event.error.code)

    def _listen(self, now_s: float) -> None:
        ring = self._stream.ring
        rate_hz = ring.sample_rate_hz
        n = int((now_s - self._read_s) * rate_hz)
        self._read_s += n / rate_hz
        heard = n if not ring.priming or ring.buffered_ms >= 30 else 0
        heard = min(heard, int(ring.buffered_ms * rate_hz / 1000))
        ring.read(n)
        missing_s = (n - heard) / rate_hz
        self._silent_s = self._silent_s + missing_s if missing_s else 0.0
        self._record.silence_s += missing_s
        self._record.worst_silence_s = max(self._record.worst_silence_s, self._silent_s)

    def take_record(self) -> Record:
        """The record since the last call; another begins."""
        now_s, underruns = time.perf_counter(), self._stream.ring.underruns
        taken, self._record = self._record, Record()
        taken.seconds, taken.underruns = now_s - self._begun_s, underruns - self._underruns_before
        self._begun_s, self._underruns_before, self._silent_s = now_s, underruns, 0.0
        return taken


def _scene(index: int, now_s: float) -> SceneFrame:
    """A small picture with one character that walks to and fro."""
    picture = np.full((36, 64, 3), 90, np.uint8)
    depth_m = np.full((18, 32), 5.0, np.float32)
    left_px = 24 + 16 * math.sin(now_s)
    box = Box(1, "walker", left_px, 8.0, left_px + 8, 30.0)
    return SceneFrame(index, now_s, Camera(math.radians(60), 16 / 9), picture, depth_m, (box,))


def main(arguments: Sequence[str]) -> int:
    """Play until stdin ends."""
    address, *keys = arguments
    curve = ClientCurve(Path(keys[0]), Path(keys[1])) if keys else None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    listener = Listener(ClientOptions(address, name="healthy", curve=curve))
    with listener.client:
        while True:
            listener.turn()
            if lines.empty():
                continue
            if not lines.get():
                return 0
            print(json.dumps(asdict(listener.take_record())), flush=True)


def _read(lines: queue.SimpleQueue[str]) -> None:
    """Hand on each line, and an empty one at the end."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
