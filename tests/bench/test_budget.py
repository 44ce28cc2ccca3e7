"""Budget: when a sample is due, what is late, and the picture of it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from budget import draw, judged, parser, rows
from clients import BLOCK_SAMPLES, Arrival, ClockedRing, Heard, play_until
from server import COUNTERS
from walkers import Reel

from stereosync.scene import Chunk

RATE_HZ = 48_000
START_S = 100.0


def chunk(start_sample: int, samples: int = 1920) -> Chunk:
    return Chunk(0, start_sample, np.zeros((samples, 2), np.float32), steps=2)


def playing(until_s: float = 0.0) -> ClockedRing:
    """A ring with 40 ms of sound in it before anything is played, played for `until_s`."""
    ring = ClockedRing(RATE_HZ, START_S)
    ring.ring.write(chunk(0))
    ring.play(START_S + BLOCK_SAMPLES / RATE_HZ)
    ring.play(START_S + until_s)
    return ring


def test_slack_runs_to_the_moment_the_first_sample_is_heard() -> None:
    ring = playing()
    assert ring.slack_s(chunk(1920), START_S + 0.010) == pytest.approx(0.030)


def test_slack_does_not_depend_on_when_the_ring_was_read_last() -> None:
    early, late = playing(0.0), playing(0.020)
    assert early.slack_s(chunk(1920), START_S + 0.021) == pytest.approx(late.slack_s(chunk(1920), START_S + 0.021))


def test_a_chunk_after_its_moment_has_negative_slack() -> None:
    assert playing(0.030).slack_s(chunk(960), START_S + 0.030) == pytest.approx(-0.010)


def test_nothing_is_due_while_nothing_is_played() -> None:
    assert ClockedRing(RATE_HZ, START_S).slack_s(chunk(0), START_S) is None


def test_blocks_are_read_only_when_their_time_is_over() -> None:
    ring = playing()
    ring.play(START_S + 2 * BLOCK_SAMPLES / RATE_HZ - 1e-6)
    assert ring.ring.played_samples == BLOCK_SAMPLES
    ring.play(START_S + 2 * BLOCK_SAMPLES / RATE_HZ)
    assert ring.ring.played_samples == 2 * BLOCK_SAMPLES


def heard(slacks_s: list[float]) -> Heard:
    return Heard([Arrival(slack_s, 0.05, 8.0, 2, 1920) for slack_s in slacks_s], Counter())


def test_one_late_chunk_is_not_on_time() -> None:
    service, memory = dict.fromkeys(COUNTERS, 0), {"start": 150.0, "end": 151.0}
    good = judged(heard([0.03, 0.02]), 0.08, 2, service, memory, (0.01, 0.001))
    bad = judged(heard([0.03, -0.001]), 0.08, 2, service, memory, (0.01, 0.001))
    assert good.on_time
    assert (bad.on_time, bad.late, bad.slack_ms["p0_ms"]) == (False, 1, -1.0)
    assert ["slack, smallest, ms", -1.0] in rows(bad)
    assert not judged(heard([0.03]), 0.04, 1, {**service, "late_chunks": 1}, memory, (0.0, 0.0)).on_time


def test_the_histogram_is_drawn(tmp_path: Path) -> None:
    draw(heard([0.03, -0.001, 0.02]).arrivals, "title", tmp_path / "new" / "slack.png")
    assert (tmp_path / "new" / "slack.png").read_bytes().startswith(b"\x89PNG")


def test_frames_made_in_advance_carry_their_own_time_and_index() -> None:
    reel = Reel(count=3)
    frame = reel.frame(7, 1.5)
    assert (frame.index, frame.capture_time_s) == (7, 1.5)
    assert frame.picture is reel.frame(10, 2.0).picture
    assert frame.boxes != reel.frame(10, 2.0).boxes


def test_playing_ends_when_it_is_over() -> None:
    left = iter([False, True])
    play_until([], Reel(count=1), lambda: next(left), timeout_ms=1.0)
    assert next(left, None) is None


def test_the_command_line_takes_minutes() -> None:
    assert parser().parse_args(["--minutes", "0.5"]).minutes == 0.5
