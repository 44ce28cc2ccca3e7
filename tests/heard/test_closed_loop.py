"""Faults in simulated time: each client's program in a loop with a server that paces by what the client reports."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from simulated import TICK_S, Conversation, Line, Loop, direct
from simulated_server import SimulatedServer
from turns import converting_clients, every_client

from stereosync.scene import Float32Array
from stereosync_bridge.conformance.script import RATE_HZ, TRIP_S, tone
from stereosync_bridge.messages import AudioMessage

FAST_CLOCK = 1 + 200e-6
BEGUN_S = 1.0  # the first sound, and the server's first reports
MINUTE = round(60 / TICK_S)
TARGET_MS, BAND_MS = 70.0, 45.0  # after a block was taken: the target less a chunk's waiting; a chunk either way
TONE_STEP = 0.5 * 2 * np.pi * 200 / RATE_HZ  # the louder channel of `script.tone`
FADE_STEP = 1.0 / (0.005 * RATE_HZ)  # from crest to trough in 5 ms


@pytest.fixture
def client(program: list[str]) -> Iterator[Conversation]:
    with Conversation(program) as conversation:
        yield conversation


def settled_ms(loop: Loop) -> np.ndarray:
    return loop.trace.column("buffered_ms")[round(BEGUN_S / TICK_S) :]


def largest_step(samples: Float32Array) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


def said(loop: Loop) -> list[str]:
    """What happened to the session."""
    kinds = (event.split()[0] for event in loop.trace.events)
    return [kind for kind in kinds if kind in ("welcomed", "unanswered", "disconnected")]


@every_client
def test_a_clock_that_is_200_ppm_off_does_not_move_the_buffer(client: Conversation) -> None:
    loop = Loop(client, SimulatedServer(), clock_rate=FAST_CLOCK)
    loop.run(600)
    buffered_ms = settled_ms(loop)
    assert np.abs(buffered_ms - TARGET_MS).max() <= BAND_MS
    assert np.median(buffered_ms[-MINUTE:]) == pytest.approx(np.median(buffered_ms[:MINUTE]), abs=5)
    for name in ("underruns", "skipped", "late", "gap"):
        assert loop.trace.column(name)[-1] == 0, name
    assert said(loop) == ["welcomed"]


@pytest.mark.parametrize("program", ["python"], indirect=True)
def test_without_the_reports_such_a_clock_moves_it(client: Conversation) -> None:
    loop = Loop(client, SimulatedServer(open_loop=True), clock_rate=FAST_CLOCK)
    loop.run(300)
    buffered_ms = settled_ms(loop)
    assert np.median(buffered_ms[:MINUTE]) - np.median(buffered_ms[-MINUTE:]) > 40
    assert np.abs(buffered_ms - TARGET_MS).max() > BAND_MS


def rough(seed: int) -> Line:
    """A line that is late by up to 30 ms, and for one chunk in twenty by so much that the next ones overtake it, and
    that brings one in twenty twice."""
    rng = np.random.default_rng(seed)

    def arrivals(_: AudioMessage, sent_s: float) -> list[float]:
        arrives_s = sent_s + TRIP_S + rng.uniform(0, 0.03)
        overtaken, twice = rng.random(2) < 0.05
        first_s = arrives_s + 0.1 * overtaken
        return [first_s, first_s + 0.05] if twice else [first_s]

    return arrivals


@every_client
def test_late_overtaken_and_repeated_chunks_make_no_step_and_pass(client: Conversation) -> None:
    loop = Loop(client, SimulatedServer(), line=rough(3), listen=True)
    loop.run(30)
    assert loop.trace.column("late")[-1] > 0, "the line was not rough enough to show anything"
    loop.line = direct
    loop.run(5)
    assert largest_step(loop.trace.samples) <= TONE_STEP + FADE_STEP
    assert loop.trace.column("buffered_ms").max() <= 500
    assert np.abs(settled_ms(loop)[-round(3 / TICK_S) :] - TARGET_MS).max() <= BAND_MS
    assert said(loop) == ["welcomed"]


def test_a_cut_would_be_seen_as_a_step() -> None:
    samples = tone(0, RATE_HZ)
    assert largest_step(samples) <= TONE_STEP
    assert largest_step(np.delete(samples, slice(1000, 1013), axis=0)) > TONE_STEP + FADE_STEP


@every_client
def test_a_game_that_pauses_for_half_a_minute_keeps_its_session(client: Conversation) -> None:
    """The client's own thread goes on, the audio too; no frames come."""
    server = SimulatedServer()
    loop = Loop(client, server, listen=True)
    loop.run(3)
    loop.say("pause")
    loop.frames_come, before = False, len(loop.trace.sounds)
    loop.run(30)
    paused = np.concatenate(loop.trace.sounds[before + 1 :])  # the first block has the fade
    assert not paused.any()
    loop.say("resume")
    loop.frames_come, after = True, len(loop.trace.sounds)
    loop.run(3)
    assert said(loop) == ["welcomed"]
    assert server.resets == 1
    assert loop.trace.column("epoch")[-1] == 1
    resumed = np.concatenate(loop.trace.sounds[after:])
    first = int(np.flatnonzero(resumed.any(axis=1))[0])
    assert first < 0.3 * RATE_HZ
    assert resumed[first + 100 :].any(axis=1).all()
    assert largest_step(loop.trace.samples) <= TONE_STEP + FADE_STEP
    assert np.abs(loop.trace.column("buffered_ms")[-50:] - TARGET_MS).max() <= BAND_MS


@every_client
def test_a_process_that_stood_still_for_half_a_minute_begins_anew(client: Conversation) -> None:
    """A debugger or a sleeping machine: nothing of the client runs, and the server has long forgotten it."""
    loop = Loop(client, SimulatedServer(), listen=True)
    loop.run(3)
    loop.stand_still(30)
    before = len(loop.trace.sounds)
    loop.run(3)
    assert said(loop) == ["welcomed", "disconnected", "welcomed"]
    again = np.concatenate(loop.trace.sounds[before:])
    assert again[-RATE_HZ:].any(axis=1).all()
    assert largest_step(loop.trace.samples) <= TONE_STEP + FADE_STEP
    assert loop.trace.column("underruns")[-1] == 0


@converting_clients
def test_a_device_that_changes_its_rate_makes_no_step(client: Conversation) -> None:
    loop = Loop(client, SimulatedServer(), listen=True)
    pieces = [played_at(loop, rate_hz, 2.0) for rate_hz in (8000, 11025, 9000, 8000)]
    assert largest_step(np.concatenate(pieces)) <= TONE_STEP + FADE_STEP
    for rate_hz, piece in zip((11025, 9000), pieces[1:3], strict=True):
        assert impurity_db(piece[500:], rate_hz) < -50
        assert impurity_db(piece[500:], rate_hz * 1.001) > -30, "a pitch that is off would not be seen"
    assert loop.trace.column("underruns")[-1] == 0


def played_at(loop: Loop, rate_hz: int, seconds: float) -> Float32Array:
    """What a device of this rate takes from now on."""
    loop.output_hz, before = rate_hz, len(loop.trace.sounds)
    loop.say("output", rate_hz)
    loop.run(seconds)
    return np.concatenate(loop.trace.sounds[before:])


def impurity_db(samples: Float32Array, rate_hz: float) -> float:
    """What is left of the left channel without its tone of 200 Hz, against the tone."""
    turns = 2 * np.pi * 200 * np.arange(len(samples)) / rate_hz
    waves = np.stack([np.sin(turns), np.cos(turns)], axis=1)
    left = samples[:, 0].astype(np.float64)
    rest = left - waves @ np.linalg.lstsq(waves, left, rcond=None)[0]
    return float(10 * np.log10(np.mean(rest**2) / np.mean(left**2)))
