"""The Python client without an engine: "carry" of bridge/CONFORMANCE.md.

Threads: one reads records from standard input, one is the audio callback, the main one owns the client. What they share
is the ring, which has a lock, and two queues.
"""

from __future__ import annotations

import argparse
import queue
import struct
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from stereosync.scene import SceneFrame
from stereosync_bridge import golden, wire
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.events import ClientEvent, Disconnected, ErrorReceived, Unanswered, Welcomed
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.ring import PlaybackRing
from stereosync_bridge.scene_codec import to_scene_frame

POLL_MS = 2.0
now_s = time.monotonic


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")  # whole, because three threads say something
    sys.stdout.flush()


class Records:
    """Reads standard input in a thread; `frames` holds the newest frame, `words` the other letters."""

    def __init__(self, stream: BinaryIO) -> None:
        self.frames: queue.SimpleQueue[SceneFrame] = queue.SimpleQueue()
        self.words: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.ended = threading.Event()
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while letter := self._stream.read(1):
            if letter == b"T":
                say("time", repr(now_s()))
            elif letter == b"F":
                self.frames.put(self._frame())
            else:
                self.words.put(letter)
        self.ended.set()

    def _frame(self) -> SceneFrame:
        head = self._stream.read(4)
        (count,) = struct.unpack("<I", head)
        lengths = self._stream.read(4 * count)
        body = self._stream.read(sum(struct.unpack(f"<{count}I", lengths)))
        message = wire.decode(golden.unpack(head + lengths + body))
        assert isinstance(message, FrameMessage)
        return to_scene_frame(replace(message, clock_offset_s=0.0))


class Callback:
    """Takes a block from the ring when it is due, as an audio device does, and writes it to a file."""

    def __init__(self, ring: PlaybackRing, path: Path, rate_hz: int, block: int) -> None:
        self._ring, self._path, self._rate_hz, self._block = ring, path, rate_hz, block
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._path.open("wb") as file:
            start_s, taken = now_s(), 0
            say("playing", repr(start_s))
            while not self._stop.is_set():
                file.write(self._ring.read(self._block).astype("<f4").tobytes())
                taken += self._block
                time.sleep(max(0.0, start_s + taken / self._rate_hz - now_s()))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


def tell(event: ClientEvent) -> None:
    """The line of an event, if it has one."""
    match event:
        case Welcomed():
            say("state connected", repr(now_s()))
        case Disconnected():
            say("state lost", repr(now_s()))
        case ErrorReceived():
            say("error", event.error.code, event.error.rule)
        case Unanswered():
            say("error unanswered", event.reason)


def carry(options: argparse.Namespace) -> None:
    """Carry frames and sound until the input or the time ends."""
    client = BridgeClient(ClientOptions(options.control, name="carry", engine="none"), now_s)
    stream, records = ClientStream(client), Records(sys.stdin.buffer)
    acts: dict[bytes, Callable[[], None]] = {
        b"P": stream.pause,
        b"R": stream.resume,
        b"X": lambda: client.reset("cut"),
    }
    callback = Callback(stream.ring, options.record, options.rate, options.block)
    client.begin()
    end_s = now_s() + options.seconds
    while not records.ended.is_set() and now_s() < end_s:
        while not records.words.empty():
            acts[records.words.get()]()
        while not records.frames.empty():
            stream.offer(records.frames.get())
        for event in stream.poll(POLL_MS):
            tell(event)
    callback.close()
    client.close()
    ring = stream.ring
    sound = {"underruns": ring.underruns, "late_samples": ring.late_samples, "gap_samples": ring.gap_samples}
    counts = {**sound, "skipped_samples": ring.skipped_samples, **client.counters}
    say("end", *(f"{name}={value}" for name, value in counts.items()))


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `carry`."""
    parser.add_argument("--control", required=True, help="address of the service's control lane")
    parser.add_argument("--record", required=True, type=Path, help="file for the samples that were taken")
    parser.add_argument("--rate", type=int, default=48_000, help="of the audio callback, Hz: that of the stream")
    parser.add_argument("--block", type=int, default=480, help="samples that a callback takes")
    parser.add_argument("--seconds", type=float, default=float("inf"))
