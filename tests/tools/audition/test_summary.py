"""What is said and drawn at the end: pan, report, picture, panel."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
from made_scenes import SceneMaker
from rich.console import Console

from stereosync.stereo import pan_gains
from stereosync_tools.audition.gauges import Gauges, percentiles
from stereosync_tools.audition.outcome import Outcome
from stereosync_tools.audition.pan import pan_points, pan_score
from stereosync_tools.audition.panel import PlainPanel, TerminalPanel, open_panel
from stereosync_tools.audition.performance import Keeper, KnownContact, Performance
from stereosync_tools.audition.picture import BANDS, HIGHEST_HZ, LOWEST_HZ, save_picture, spectrogram_db
from stereosync_tools.audition.report import KEYS, merge
from stereosync_tools.audition.summary import summary_table

RATE_HZ = 48_000
AZIMUTHS_RAD = (-0.6, 0.5, 0.05, 0.7)


def steps(sides: tuple[float, ...] = AZIMUTHS_RAD) -> Performance:
    """Bursts of noise at 0.5, 1.0, ... seconds of the run, heard from 0.1 s on, each panned to one of `sides`."""
    rng = np.random.default_rng(1)
    samples = np.zeros((3 * RATE_HZ, 2), np.float32)
    contacts = []
    for index, (truth, side) in enumerate(zip(AZIMUTHS_RAD, sides, strict=True)):
        time_s = 0.5 * (index + 1)
        start = round((time_s - 0.1) * RATE_HZ)
        samples[start : start + 4800] = 0.1 * rng.standard_normal((4800, 1)) * pan_gains(side)
        contacts.append(KnownContact(time_s, 1, truth, 3.0, "wood"))
    return Performance(RATE_HZ, 0.1, samples, (), (), tuple(contacts))


def test_right_pan_scores_full() -> None:
    score = pan_score(pan_points(steps()))
    assert (score.contacts, score.heard, score.right_side) == (4, 4, 1.0)
    assert score.mean_error_db == pytest.approx(0.0, abs=0.3)


def test_mirrored_pan_scores_nothing() -> None:
    score = pan_score(pan_points(steps(tuple(-azimuth for azimuth in AZIMUTHS_RAD))))
    assert score.right_side == 0.0


def test_silence_is_not_heard() -> None:
    heard = steps()
    score = pan_score(pan_points(Performance(RATE_HZ, 0.1, 0 * heard.samples, (), (), heard.contacts)))
    assert (score.contacts, score.heard, score.right_side, score.mean_error_db) == (4, 0, None, None)


def test_a_contact_at_the_very_end_is_left_out() -> None:
    heard = steps()
    late = KnownContact(heard.end_s - 0.01, 1, 0.3, 3.0, "wood")
    assert pan_points(Performance(RATE_HZ, 0.1, heard.samples, (), (), (late,))) == ()


def test_positions_become_azimuths() -> None:
    contact = KnownContact.from_position(1.0, 2, "snow", (3.0, 0.0, 3.0))
    assert contact.azimuth_rad == pytest.approx(math.pi / 4)
    assert contact.distance_m == pytest.approx(math.sqrt(18))


def test_the_keeper_keeps_the_end(scene: SceneMaker) -> None:
    keeper = Keeper(RATE_HZ, sound_start_s=0.5, kept_s=2.0)
    for index in range(100):
        keeper.add_frame(index / 20, scene(index / 20, index))
        keeper.add_sound(np.full((2400, 2), index, np.float32))
    early, late = KnownContact(1.0, 1, 0.0, 3.0, "wood"), KnownContact(4.5, 1, 0.0, 3.0, "wood")
    kept = keeper.performance((early, late))
    assert kept.end_s == pytest.approx(5.5)
    assert kept.start_s == pytest.approx(3.5)
    assert kept.samples[0, 0] == 60
    assert kept.contacts == (late,)
    assert min(still.time_s for still in kept.stills) >= 2.9


def test_a_tone_stands_in_its_band() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    levels = spectrogram_db(tone, RATE_HZ)
    expected = BANDS * math.log(1000 / LOWEST_HZ) / math.log(HIGHEST_HZ / LOWEST_HZ)
    assert abs(int(levels[:, 50].argmax()) - expected) < 2
    assert levels[:, 50].max() == pytest.approx(0, abs=2)


@pytest.mark.parametrize("samples", [0, 100, 3 * RATE_HZ])
def test_the_picture_is_drawn_for_any_length(samples: int, scene: SceneMaker, tmp_path: Path) -> None:
    keeper = Keeper(RATE_HZ)
    for index in range(30):
        keeper.add_frame(index / 10, scene(index / 10, index))
    keeper.add_sound(steps().samples[:samples])
    save_picture(tmp_path / "a.png", keeper.performance(steps().contacts), "title")
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_the_client_s_figures_win_and_absent_ones_have_a_reason() -> None:
    report = merge({"bundle": "walk", "underruns": 0, "unknown": 1}, {"underruns": 3}, "not told")
    assert report["underruns"] == 3
    assert "unknown" not in report
    assert report["missing"]["rtf"] == "not told"
    assert list(merge(dict.fromkeys(KEYS, 0), {}, "")) == list(KEYS)


def test_percentiles() -> None:
    assert percentiles(range(101)) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert percentiles([2.0], "_ms") == {"p50_ms": 2.0, "p95_ms": 2.0, "p99_ms": 2.0}
    assert percentiles([]) == {}


def test_the_table_says_where_and_how_fast() -> None:
    report = {"frame_to_chunk_ms": {"p50": 41.2, "p95": 50, "p99": 61}, "rtf": 0.31, "steps": 2, "underruns": 4}
    console = Console(file=io.StringIO(), width=120)
    console.print(summary_table(Outcome("walk", steps(), report, {"p50": -2.0, "p95": 3.0, "p99": 9.0})))
    said = console.file.getvalue()  # type: ignore[attr-defined]
    for part in ("41 / 50 / 61 ms", "-2 / +3 / +9 ms", "0.31 with 2 steps", "underruns 4", "4 of 4", "100 %"):
        assert part in said


def test_a_terminal_gets_a_panel_and_a_file_gets_lines() -> None:
    gauges = Gauges(RATE_HZ)
    gauges.sound_played(np.full((240, 2), 0.1, np.float32))
    gauges.stats_told({"told_feet": 1.0})
    for terminal, kind in ((True, TerminalPanel), (False, PlainPanel)):
        console = Console(file=io.StringIO(), width=100, force_terminal=terminal)
        with open_panel(console, "title", 10.0) as panel:
            assert isinstance(panel, kind)
            for time_s in (0.5, 1.0, 2.1, 2.2):
                panel.show(time_s, lambda time_s=time_s: gauges.reading(time_s, 40.0, 0, {"decoder": 1.5}))
        said = console.file.getvalue()  # type: ignore[attr-defined]
        assert "-20" in said
        assert "feet told" in said
        assert said.count("lag") == (1 if not terminal else said.count("lag"))
    assert said.count("\n") == 1
