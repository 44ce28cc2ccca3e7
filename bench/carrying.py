"""A rendered walk, taken to the service by a client's `carry` program (bridge/CONFORMANCE.md), and what it played."""

from __future__ import annotations

import math
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from stereosync.scene import Float32Array, SceneFrame
from stereosync_bridge import golden, wire
from stereosync_bridge.messages import Playback
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame
from stereosync_scenes.plan import Plan
from stereosync_scenes.renderer import Renderer

FPS = 30
WIDTH_PX, HEIGHT_PX = 320, 180
DEPTH_STRIDE = 2
CLOCK_QUESTIONS = 20
ANSWER_LIMIT_S = 20.0
END_LIMIT_S = 10.0
STAMP = FrameStamp("0" * 32, 1, 0.0, Playback())
now_s = time.monotonic


@dataclass(frozen=True)
class Line:
    """A line that a program wrote, and when it came, s of this process's clock."""

    words: list[str]
    at_s: float


@dataclass
class Carried:
    """The recording of a run: samples (n, 2) as the callback took them, the first at `playing_s` of this clock."""

    samples: Float32Array
    playing_s: float
    lines: list[Line]
    counters: dict[str, float] = field(default_factory=dict)

    def times_of(self, *words: str) -> list[float]:
        """The times of the lines that begin with `words`."""
        return [line.at_s for line in self.lines if line.words[: len(words)] == list(words)]


class Carrier:
    """A client's program, running. A context manager; leaving it ends the program."""

    def __init__(
        self, program: Sequence[str], control: str, record: Path, *, rate_hz: int = 48_000, block: int = 480
    ) -> None:
        self._record = record
        place = ["--control", control, "--record", str(record), "--rate", str(rate_hz), "--block", str(block)]
        self._process = subprocess.Popen(
            [*program, "carry", *place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.lines: list[Line] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ahead_s = self._ask_clock()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as out:
            for text in iter(out.readline, b""):
                line = Line(text.decode().split(), now_s())
                with self._news:
                    self.lines.append(line)
                    self._news.notify_all()

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        view = memoryview(data)
        while view:
            view = view[self._process.stdin.write(view) or 0 :]

    def _ask_clock(self) -> float:
        """The program's clock minus ours, by the quickest of a few questions."""
        echoes = []
        for _ in range(CLOCK_QUESTIONS):
            known, asked_s = len(self.lines), now_s()
            self._write(b"T")
            answer = self.wait_for("time", after=known)
            echoes.append((answer.at_s - asked_s, float(answer.words[1]) - (answer.at_s + asked_s) / 2))
        return min(echoes)[1]

    def wait_for(self, *words: str, after: int = 0, limit_s: float = ANSWER_LIMIT_S) -> Line:
        """The first line that begins with `words` beyond the first `after` lines. Raises TimeoutError."""
        with self._news:
            self._news.wait_for(lambda: self._found(words, after) is not None, limit_s)
            line = self._found(words, after)
        if line is None:
            raise TimeoutError(f"the program did not say {' '.join(words)!r} in {limit_s:g} s but {self.lines[-5:]}")
        return line

    def _found(self, words: Sequence[str], after: int) -> Line | None:
        return next((line for line in self.lines[after:] if line.words[: len(words)] == list(words)), None)

    def offer(self, frame: SceneFrame) -> None:
        """Hand over a frame whose capture time is of this process's clock."""
        stamped = frame.stamped(frame.capture_time_s + self._ahead_s)
        self._write(b"F" + golden.pack(wire.encode(from_scene_frame(stamped, STAMP, PictureOptions()))))

    def tell(self, letter: bytes) -> None:
        """`P`, `R` or `X`."""
        self._write(letter)

    def finish(self) -> Carried:
        """End the program's input and take what it recorded."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(END_LIMIT_S)
        self._reader.join()
        samples = np.fromfile(self._record, "<f4").astype(np.float32).reshape(-1, 2)
        (playing,) = [line for line in self.lines if line.words[0] == "playing"]
        (end,) = [line for line in self.lines if line.words[0] == "end"]
        counted = {name: float(value) for name, value in (word.split("=") for word in end.words[1:])}
        return Carried(samples, float(playing.words[1]) - self._ahead_s, self.lines, counted)

    def __enter__(self) -> Carrier:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


Change = Callable[[SceneFrame], SceneFrame]


def perform(plan: Plan, carrier: Carrier, seconds: float, change: Change = lambda frame: frame) -> float:
    """Render `plan` by the wall clock and hand each frame over; returns when its time 0 was, s of this clock.

    A frame that comes too late is left out, as in a game. `change` may alter a frame, for controls.
    """
    with Renderer(plan, WIDTH_PX, HEIGHT_PX) as renderer:
        renderer.frame(0.0)  # the first one compiles and uploads
        start_s, index = now_s() + 1 / FPS, 0
        while index / FPS < seconds:
            time.sleep(max(0.0, start_s + index / FPS - now_s()))
            frame = renderer.frame(index / FPS, index)
            frame = replace(frame, depth_m=frame.depth_m[::DEPTH_STRIDE, ::DEPTH_STRIDE])
            carrier.offer(change(frame).stamped(start_s + index / FPS))
            index = max(index + 1, math.floor((now_s() - start_s) * FPS))
    return start_s


def on_timeline(carried: Carried, start_s: float, seconds: float, rate_hz: int = 48_000) -> Float32Array:
    """The sound (n, 2) from the walk's time 0 on: sample k was taken at k / rate_hz after it."""
    first = round((start_s - carried.playing_s) * rate_hz)
    heard = carried.samples[max(0, first) :]
    before = np.zeros((max(0, -first), 2), np.float32)
    whole = np.concatenate([before, heard])[: round(seconds * rate_hz)]
    return np.pad(whole, ((0, round(seconds * rate_hz) - len(whole)), (0, 0)))
