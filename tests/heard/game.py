"""A small game and its service for the tests of faults, and what a recording of a tone says."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from carrying import FPS, Carried, Carrier
from made_scenes import SceneMaker
from tone_server import LEVEL, RATE_HZ, RIGHT_HZ

from stereosync.scene import Float32Array

ANY = "tcp://127.0.0.1:*"
TONE_STEP = LEVEL * 2 * np.pi * RIGHT_HZ / RATE_HZ
FADE_STEP = 2 * LEVEL / (0.005 * RATE_HZ)  # from crest to trough in 5 ms
now_s = time.monotonic


@contextmanager
def tone_server(control: str = ANY, frames: str = ANY) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A process that serves a tone, and its two addresses; it is killed at the end, if it still lives."""
    script = Path(__file__).with_name("tone_server.py")
    process = subprocess.Popen([sys.executable, str(script), control, frames], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        word, *addresses = process.stdout.readline().split()
        assert word == "ready"
        yield process, *addresses
    finally:
        process.kill()
        process.communicate()


class Game:
    """Offers a frame 30 times a second, in a thread. A context manager; leaving it stops the frames."""

    def __init__(self, carrier: Carrier, scene: SceneMaker) -> None:
        self._carrier, self._scene = carrier, scene
        self._stopped, self._goes = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        index = 0
        while not self._stopped.wait(1 / FPS):
            with self._goes:
                self._carrier.offer(self._scene(now_s(), index := index + 1))

    def hold(self) -> None:
        """Offer nothing until `go_on`; the frame that is on its way has been handed over."""
        self._goes.acquire()

    def go_on(self) -> None:
        self._goes.release()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def __enter__(self) -> Game:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def between(carried: Carried, from_s: float, to_s: float) -> Float32Array:
    """What the callback took between two times of this process's clock."""
    first, last = (max(0, round((at_s - carried.playing_s) * RATE_HZ)) for at_s in (from_s, to_s))
    return carried.samples[first:last]


def largest_step(samples: Float32Array) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


def stretches(samples: Float32Array) -> list[tuple[bool, int]]:
    """Whether there is sound, and for how many samples, one after the other; the zeros of a tone are sound."""
    sounding = np.convolve(samples.any(axis=1), np.ones(9), "same") > 0
    edges = np.flatnonzero(np.diff(sounding)) + 1
    bounds = [0, *edges, len(sounding)]
    return [(bool(sounding[a]), int(b - a)) for a, b in itertools.pairwise(bounds)]


def impurity_db(samples: Float32Array, turns_per_sample: float) -> float:
    """What is left of the left channel without its tone, against the whole."""
    turns = 2 * np.pi * turns_per_sample * np.arange(len(samples))
    waves = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    left = samples[:, 0].astype(np.float64)
    rest = left - waves @ np.linalg.lstsq(waves, left, rcond=None)[0]
    return float(10 * np.log10(np.mean(rest**2) / np.mean(left**2)))
