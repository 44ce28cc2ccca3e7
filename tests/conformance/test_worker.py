"""A client on its own thread and sockets, carrying frames to a service and its sound to an audio callback.

The service is this file as a program: a `BridgeServer` that answers every session with a tone whose phase is the place
in the stream, so that a lost, doubled or shifted sample shows.
"""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import zmq

from stereosync.scene import Chunk, Float32Array
from stereosync_bridge import golden, wire
from stereosync_bridge.events import ClientJoined, ClientLeft, FrameReceived, ResetRequested
from stereosync_bridge.frame_message import DepthSpec, FrameMessage, PictureSpec
from stereosync_bridge.messages import Hello, Ping, Pong, Welcome
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

RATE_HZ = 48_000
CHUNK = 960
AHEAD_S = 0.25  # what the service keeps in the ring: more than a shared machine may stand still
LEFT_HZ, RIGHT_HZ = 400.0, 300.0
LEFT, RIGHT = 0.5, 0.4
FADE = 240
LIMIT_S = 20


def tone(start: int, count: int) -> Float32Array:
    """(count, 2): the stream from one of its samples on."""
    at_s = np.arange(start, start + count) / RATE_HZ
    left, right = LEFT * np.cos(2 * np.pi * LEFT_HZ * at_s), RIGHT * np.cos(2 * np.pi * RIGHT_HZ * at_s)
    return np.stack([left, right], axis=1).astype(np.float32)


# The service


@dataclass
class Stream:
    """What one session was sent."""

    began_s: float
    epoch: int = 0
    sent: int = 0


def serve(control_address: str, frames_address: str) -> None:
    streams: dict[str, Stream] = {}
    frames = 0
    with BridgeServer(ServerOptions(control_address, frames_address), time.monotonic) as server:
        print("ready", server.control_address, server.frames_address, flush=True)
        while True:
            for event in server.poll(5):
                if isinstance(event, ClientJoined):
                    server.welcome(event.session_id, StreamInfo(RATE_HZ, CHUNK, 1000 * AHEAD_S, bundle="tone"))
                    streams[event.session_id] = Stream(time.monotonic())
                elif isinstance(event, ClientLeft):
                    streams.pop(event.session_id, None)
                    print(f"left {frames} {event.reason}", flush=True)
                elif isinstance(event, FrameReceived):
                    frames += 1
                    server.grant_credit(event.session_id)
                elif isinstance(event, ResetRequested):
                    streams[event.session_id] = Stream(time.monotonic(), streams[event.session_id].epoch + 1)
            for session_id, stream in streams.items():
                while stream.sent < (time.monotonic() - stream.began_s + AHEAD_S) * RATE_HZ:
                    server.send_audio(
                        session_id, Chunk(stream.epoch, stream.sent, tone(stream.sent, CHUNK), 0.05, 2), None
                    )
                    stream.sent += CHUNK


class Program:
    """A program whose lines are read as they come."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines: list[str] = []
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._waiting.put(line.decode().strip())
        self._waiting.put(None)

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def until(self, beginning: str) -> str:
        """The next line with this beginning."""
        deadline_s = time.monotonic() + LIMIT_S
        while True:
            line = self._waiting.get(timeout=max(0.01, deadline_s - time.monotonic()))
            assert line is not None, f"the program ended before it said {beginning!r}: {self.lines[-5:]}"
            self.lines.append(line)
            if line.startswith(beginning):
                return line

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self._reading.join()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


class Service(Program):
    """The service, on free ports or on those of an earlier one."""

    def __init__(self, control_address: str = "tcp://127.0.0.1:*", frames_address: str = "tcp://127.0.0.1:*") -> None:
        super().__init__([sys.executable, __file__, control_address, frames_address])
        _, self.control_address, self.frames_address = self.until("ready").split()


# The client


def frame(index: int, capture_s: float, width: int = 320, height: int = 180) -> bytes:
    """A FRAME as a record of `carry`: by default 201 kB."""
    plain = golden.messages()["frame_plain"]
    assert isinstance(plain, FrameMessage)
    picture, depth = bytes(width * height * 3), bytes(width * height // 4 * 2)
    message = replace(
        plain,
        index=index,
        capture_client_s=capture_s,
        picture=PictureSpec("rgb8", width, height, len(picture)),
        depth=DepthSpec("linear", "float16", width // 2, height // 2, len(depth)),
        picture_bytes=picture,
        depth_bytes=depth,
    )
    return b"F" + golden.pack(wire.encode(message))


@dataclass
class Carried:
    """What `carry` recorded and said."""

    sound: Float32Array
    lines: list[str] = field(default_factory=list)

    @property
    def counters(self) -> dict[str, float]:
        return {name: float(value) for name, value in (pair.split("=") for pair in self.lines[-1].split()[1:])}


Play = Callable[[Program], None]
Carry = Callable[..., Carried]


@pytest.fixture
def carry(client_program: list[str], tmp_path: Path) -> Carry:
    def run(address: str, play: Play, rate_hz: int = RATE_HZ, block: int = 256) -> Carried:
        record = tmp_path / "record.f32"
        options = ["--control", address, "--record", str(record), "--rate", str(rate_hz), "--block", str(block)]
        with Program([*client_program, "carry", *options]) as program:
            play(program)
            assert program.process.stdin is not None
            program.process.stdin.close()
            program.until("end ")
            assert program.process.wait(LIMIT_S) == 0
            return Carried(np.fromfile(record, "<f4").reshape(-1, 2), program.lines)

    return run


def play_frames(seconds: float, every_s: float = 1 / 30) -> Play:
    def play(program: Program) -> None:
        program.until("state connected")
        record = frame(1, 0.0)
        began_s = time.monotonic()
        for number in range(int(seconds / every_s)):
            time.sleep(max(0.0, began_s + number * every_s - time.monotonic()))
            program.write(record)

    return play


def heard(sound: Float32Array) -> Float32Array:
    """The sound from its first sample on."""
    return sound[int(np.argmax(np.abs(sound).max(axis=1) > 0)) :]


def largest_step(
    sound: Float32Array, frequency: float, amplitude: float, channel: int, rate_hz: int = RATE_HZ
) -> float:
    """The largest step between two samples, over the tone's own."""
    own = amplitude * 2 * np.sin(np.pi * frequency / rate_hz)
    return float(np.abs(np.diff(sound[:, channel])).max() / own)


def expect_no_step(sound: Float32Array, rate_hz: int = RATE_HZ) -> None:
    assert largest_step(sound, LEFT_HZ, LEFT, 0, rate_hz) < 1.5
    assert largest_step(sound, RIGHT_HZ, RIGHT, 1, rate_hz) < 1.5


@pytest.mark.parametrize("block", [256, 441])
def test_the_sound_of_a_service_is_heard_sample_by_sample(carry: Carry, block: int) -> None:
    with Service() as service:
        carried = carry(service.control_address, play_frames(2.0), block=block)
    sound = heard(carried.sound)
    assert len(sound) > 1.5 * RATE_HZ
    np.testing.assert_allclose(sound[FADE:], tone(FADE, len(sound) - FADE), atol=1e-6)
    expect_no_step(sound)
    counters = carried.counters
    assert (counters["underruns"], counters["sessions"], counters["invalid"]) == (0, 1, 0)
    assert counters["frames_sent"] > 0.9 * counters["frames_offered"] > 40


@pytest.mark.parametrize("rate_hz", [44_100, 96_000])
def test_a_device_of_another_rate_hears_the_same_tone(carry: Carry, rate_hz: int) -> None:
    with Service() as service:
        carried = carry(service.control_address, play_frames(2.0), rate_hz=rate_hz)
    sound = heard(carried.sound)[int(0.05 * rate_hz) :].astype(np.float64)
    assert len(sound) > 1.5 * rate_hz
    for channel, frequency, amplitude in ((0, LEFT_HZ, LEFT), (1, RIGHT_HZ, RIGHT)):
        angle = 2 * np.pi * frequency * np.arange(len(sound)) / rate_hz
        basis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        weights = np.linalg.lstsq(basis, sound[:, channel], rcond=None)[0]
        assert np.hypot(*weights) == pytest.approx(amplitude, rel=1e-3)
        assert np.abs(sound[:, channel] - basis @ weights).max() < 1e-3 * amplitude
    expect_no_step(heard(carried.sound), rate_hz)


def test_a_pause_is_silent_and_the_stream_is_made_anew(carry: Carry) -> None:
    def play(program: Program) -> None:
        play_frames(1.0)(program)
        program.write(b"P")
        time.sleep(1.0)
        program.write(b"R")
        time.sleep(1.0)
        program.write(b"X")
        time.sleep(0.5)

    with Service() as service:
        carried = carry(service.control_address, play)
    sound = heard(carried.sound)
    expect_no_step(sound)
    quiet = np.abs(sound).max(axis=1) == 0
    edges = np.flatnonzero(np.diff(quiet.astype(int)))
    lengths_s = np.diff(np.concatenate([edges, [len(sound)]])) / RATE_HZ
    assert 0.9 < lengths_s[0] < 1.3, "the pause of a second should be all that is silent"
    assert lengths_s[1] > 1.0
    assert len(edges) == 2 or lengths_s[2:].max() < 0.1
    assert carried.counters["sessions"] == 1


def test_a_service_that_is_killed_and_comes_back_is_found_within_two_seconds(carry: Carry) -> None:
    first = Service()
    again: list[Service] = []
    back_s: list[float] = []

    def play(program: Program) -> None:
        play_frames(0.7)(program)
        first.process.kill()
        program.until("state lost")
        time.sleep(1.3)
        again.append(Service(first.control_address, first.frames_address))
        program.write(b"T")
        back_s.append(float(program.until("time ").split()[1]))
        back_s.append(float(program.until("state connected").split()[2]))
        time.sleep(0.7)

    with first:
        carried = carry(first.control_address, play)
    again[0].__exit__()
    assert back_s[1] - back_s[0] < 2.0
    sound = heard(carried.sound)
    expect_no_step(sound)
    np.testing.assert_allclose(sound[-4800:], tone(int(tone_place(sound[-4800:])), 4800), atol=1e-5)
    assert (carried.counters["sessions"], carried.counters["underruns"]) == (2, 1)


def tone_place(sound: Float32Array) -> int:
    """Where in the tone, which repeats after 480 samples, a piece of it begins."""
    return int(np.argmin([np.abs(sound - tone(place, len(sound))).max() for place in range(480)]))


def test_nobody_there_is_said_in_a_sentence(carry: Carry) -> None:
    said: list[tuple[float, str]] = []

    def play(program: Program) -> None:
        began_s = float(program.until("playing ").split()[1])
        line = program.until("error unanswered")
        program.write(b"T")
        said.append((float(program.until("time ").split()[1]) - began_s, line))

    with socket.socket() as held:  # a port that nobody else can take, and at which nobody listens
        held.bind(("127.0.0.1", 0))
        carried = carry(f"tcp://127.0.0.1:{held.getsockname()[1]}", play)
    assert said[0][0] < 3.0
    assert "nothing listens there" in said[0][1]
    assert not carried.sound.any()


def test_bye_is_said_at_the_end_and_wrong_frames_are_told(carry: Carry) -> None:
    def play(program: Program) -> None:
        program.until("state connected")
        wrong = golden.messages()["frame_engine"]
        parts = wire.encode(wrong)
        parts[0] = parts[0].replace(b"robot", b"rob\tt")
        program.write(b"F" + golden.pack(parts))
        assert "boxes[0].label" in program.until("error bad_value")

    with Service() as service:
        carried = carry(service.control_address, play)
        assert service.until("left ").endswith("the client stops")
    assert carried.counters["frames_rejected"] == 1


def test_large_frames_make_no_lasting_garbage(carry: Carry) -> None:
    with Service() as service:
        carried = carry(service.control_address, play_frames(4.0))
    counters = carried.counters
    assert counters["frames_sent"] > 100
    assert counters.get("gc2", 0) <= 3, counters  # where there is a garbage collector
    assert counters.get("heap_bytes", 0) < 20e6


def answer_control(control: zmq.Socket[bytes], frames_port: int) -> None:
    """Welcome a HELLO, echo a PING; there is always credit."""
    while control.poll(0):
        routing_id, *parts = control.recv_multipart()
        message = wire.decode(parts)
        answer: wire.Message | None = None
        if isinstance(message, Hello):
            session, sent_s = message.session, message.sent_client_s
            versions, rates = ("1.0", "1.0", "0.0.0", {}), (RATE_HZ, CHUNK, 60.0, 0, 1.0)
            answer = Welcome(session, *versions, *rates, frames_port, 1000, "hand", 0, 0, sent_s, 1.0, 1.0)
        elif isinstance(message, Ping):
            answer = Pong(message.sent_client_s, 1.0, 1.0, 1000)
        if answer is not None:
            control.send_multipart([routing_id, *wire.encode(answer)])


def bind(lane: zmq.Socket[bytes], address: str) -> None:
    """Bind an address that an earlier socket may still be about to leave: libzmq closes in the background."""
    deadline_s = time.monotonic() + 5
    while True:
        try:
            lane.bind(address)
            return
        except zmq.ZMQError as error:
            if error.errno != zmq.EADDRINUSE or time.monotonic() > deadline_s:
                raise
            time.sleep(0.01)


def receive_frames(program: Program, control: zmq.Socket[bytes], frames: zmq.Socket[bytes], count: int) -> int:
    """Offer frames until so many have come, for 5 s at most; says how many came."""
    came, deadline_s = 0, time.monotonic() + 5
    port = int(frames.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2])
    while came < count and time.monotonic() < deadline_s:
        program.write(frame(1, 0.0, 32, 18))
        answer_control(control, port)
        if frames.poll(20):
            assert isinstance(wire.decode(frames.recv_multipart()[1:]), FrameMessage)
            came += 1
    return came


def test_a_frame_lane_that_breaks_alone_is_made_anew(client_program: list[str], tmp_path: Path) -> None:
    frames_address = "tcp://127.0.0.1:*"
    with zmq.Context() as context, context.socket(zmq.ROUTER) as control:
        control.bind("tcp://127.0.0.1:*")
        control_address = control.getsockopt_string(zmq.LAST_ENDPOINT)
        record = str(tmp_path / "record")
        with Program([*client_program, "carry", "--control", control_address, "--record", record]) as program:
            for _ in range(2):
                with context.socket(zmq.ROUTER) as frames:
                    frames.linger = 0
                    bind(frames, frames_address)
                    frames_address = frames.getsockopt_string(zmq.LAST_ENDPOINT)
                    assert receive_frames(program, control, frames, 5) == 5
            assert program.process.stdin is not None
            program.process.stdin.close()
            assert " sessions=1 " in program.until("end ")
    assert [line.split()[1] for line in program.lines if line.startswith("state")] == ["connected"]


def test_an_address_that_cannot_be_used_is_refused_at_once(carry: Carry) -> None:
    carried = carry("tcp://192.0.2.1:5750", lambda program: program.until("error refused") and None)
    assert any(line.startswith("error refused") and "beyond this machine" in line for line in carried.lines)


if __name__ == "__main__":
    serve(*sys.argv[1:])
