"""The player by itself, with OpenAL's silent device, in a process of its own: OpenAL is opened once per process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TypedDict

import pytest
from panda_game import engine_environment

STALL = """
import json, time
import numpy as np
from stereosync_panda3d.player import PandaPlayer
taken = []
def take(n):
    taken.append(n)
    return np.full((n, 2), 2.0, np.float32)  # beyond full scale
player = PandaPlayer(take, 48_000, ahead_ms=30.0)
def play(seconds, told):
    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s:
        player.pump()
        told.append(player.waiting_samples)
        time.sleep(0.004)
before, after = [], []
play(0.5, before)
calm = player.stalls
time.sleep(0.3)
play(0.5, after)
stalls = player.stalls - calm
player.restart(24_000)
play(0.3, [])
told = dict(calm=calm, stalls=stalls, before=before, after=after, taken=sum(taken), rate=player.sample_rate_hz)
print(json.dumps(told))
player.close()
"""
SILENT = """
from stereosync_panda3d.player import NoSoundError, PandaPlayer
try:
    PandaPlayer(lambda n: None, 48_000)
except NoSoundError as error:
    print(error)
"""


class Stalled(TypedDict):
    """What STALL counted: samples that waited ahead, at each turn before and after it stood still; and the rest."""

    calm: int
    stalls: int
    before: list[int]
    after: list[int]
    taken: int
    rate: int


def run(code: str, driver: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False,
        env=engine_environment(ALSOFT_DRIVERS=driver),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def stalled() -> Stalled:
    told: Stalled = json.loads(run(STALL, "null"))
    return told


def test_the_stream_stays_a_little_ahead(stalled: Stalled) -> None:
    assert stalled["calm"] <= 1  # a machine that stands still for a moment
    assert max(stalled["before"]) < 0.030 * 48_000 + 240 + 1
    assert sorted(stalled["before"])[len(stalled["before"]) // 2] > 0.020 * 48_000


def test_a_stream_that_ran_dry_begins_anew_with_the_same_delay(stalled: Stalled) -> None:
    assert 1 <= stalled["stalls"] <= 2
    assert max(stalled["after"]) < 0.030 * 48_000 + 240 + 1


def test_samples_are_taken_at_the_pace_of_the_device(stalled: Stalled) -> None:
    """0.5 s twice at 48 kHz, 0.3 s at 24 kHz, and what waits ahead; what a stall left out is not made up for."""
    expected = 2 * 0.5 * 48_000 + 0.3 * 24_000
    assert 0.95 * expected < stalled["taken"] < 1.1 * expected + 2 * 1440 + 720
    assert stalled["rate"] == 24_000


def test_no_sound_device_is_told_with_the_cure() -> None:
    assert "audio-library-name" in run(SILENT, "nothing-of-that-name")
