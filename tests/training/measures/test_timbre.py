"""Band levels and rises of steps that were made with known ones."""

import math

import numpy as np
import pytest

from stereosync.scene import Float32Array
from stereosync_scenes.walk import Contact
from stereosync_training.measures.timbre import (
    BANDS,
    Timbre,
    band_levels_dbfs,
    measure_timbre,
    rise_s,
    separate_contacts,
    timbre_by_ground,
    timbre_scores,
)

RATE_HZ = 48_000
MIDDLES_HZ = (120.0, 500.0, 1700.0, 5000.0, 11_000.0)


def contact(time_s: float, distance_m: float = 3.0, ground: str = "stone") -> Contact:
    return Contact(time_s, 0, "left", ground, (0.0, 0.0, distance_m), 1.0)


def step(tone_hz: float, rise_ms: float = 2.0, amplitude: float = 0.1, time_s: float = 0.5) -> Float32Array:
    """One second (n, 2) in which a tone at `time_s` rises along a line and fades in 20 ms, on both sides alike."""
    since_s, risen_s = np.arange(RATE_HZ) / RATE_HZ - time_s, rise_ms / 1000
    envelope = np.where(since_s < risen_s, since_s / risen_s, np.exp(-(since_s - risen_s) / 0.02))
    tone = amplitude * envelope * (since_s >= 0) * np.cos(2 * np.pi * tone_hz * since_s)
    return np.repeat(tone[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize(("band", "tone_hz"), list(enumerate(MIDDLES_HZ)))
def test_an_error_is_told_in_its_own_band_and_by_its_size(band: int, tone_hz: float) -> None:
    others = sum(step(other_hz) for other_hz in MIDDLES_HZ if other_hz != tone_hz)
    true, heard = others + step(tone_hz), others + step(tone_hz, amplitude=0.2)
    errors_db = measure_timbre(heard, true, (contact(0.5),)).errors_db[0]
    assert errors_db[band] == pytest.approx(6.02, abs=0.1)
    assert np.abs(np.delete(errors_db, band)).max() < 0.3


def test_a_level_is_the_mean_square_of_both_channels_in_dbfs() -> None:
    tone = 0.1 * np.sin(2 * np.pi * 500 * np.arange(RATE_HZ) / RATE_HZ)
    left_only = np.stack([tone, 0 * tone], axis=1).astype(np.float32)
    levels_dbfs = band_levels_dbfs(left_only, 0.5)
    assert levels_dbfs[1] == pytest.approx(10 * math.log10(0.1**2 / 2), abs=0.05)
    assert band_levels_dbfs(left_only[:, ::-1], 0.5) == pytest.approx(levels_dbfs)
    both_dbfs = band_levels_dbfs(np.repeat(left_only[:, :1], 2, axis=1), 0.5)
    assert both_dbfs[1] == pytest.approx(levels_dbfs[1] + 3.01, abs=0.01)


def test_silence_is_as_silent_as_it_can_be_heard() -> None:
    silence = np.zeros((RATE_HZ, 2), np.float32)
    assert band_levels_dbfs(silence, 0.5) == pytest.approx([-80.0] * len(BANDS))
    assert math.isnan(rise_s(silence, 0.5))
    steps = measure_timbre(silence, step(1700.0), (contact(0.5),))
    assert math.isnan(timbre_scores([steps])["rise_ms"])


@pytest.mark.parametrize("rise_ms", [2.0, 5.0, 12.0])
@pytest.mark.parametrize("early_s", [0.0, 0.004])
def test_a_rise_is_told_from_a_tenth_of_the_peak_on(rise_ms: float, early_s: float) -> None:
    measured_ms = 1000 * rise_s(step(4000.0, rise_ms), 0.5 + early_s)
    assert measured_ms == pytest.approx(0.9 * rise_ms, abs=0.5)


def test_the_waves_of_a_thud_are_no_rise() -> None:
    thud, slow = step(40.0, 12.0, amplitude=0.5), step(4000.0, 12.0, amplitude=0.02)
    assert 1000 * rise_s(slow + thud, 0.5) == pytest.approx(10.8, abs=2)


def test_a_louder_toe_is_no_rise() -> None:
    both = step(4000.0) + step(4000.0, amplitude=0.3, time_s=0.55)
    assert rise_s(both, 0.5) == rise_s(step(4000.0), 0.5)


def test_nothing_rises_faster_than_the_envelope_can_tell() -> None:
    assert 0 < 1000 * rise_s(step(4000.0, 0.02), 0.5) < 1.0


def test_a_step_out_of_time_is_another_colour() -> None:
    late = measure_timbre(step(1700.0, time_s=0.65), step(1700.0), (contact(0.5),))
    assert late.errors_db[0, 2] < -30
    early = measure_timbre(step(1700.0, time_s=0.49), step(1700.0), (contact(0.5),))
    assert early.errors_db[0, 2] < -2


def test_steps_that_overlap_and_far_ones_are_left_out() -> None:
    near, far = contact(0.5), contact(0.6, distance_m=20.0)
    assert separate_contacts((near, contact(0.606))) == [near, contact(0.606)]
    assert separate_contacts((near, contact(0.604))) == []
    assert separate_contacts((near, far)) == []
    assert separate_contacts((far,)) == []
    assert measure_timbre(step(500.0), step(500.0), (contact(0.01), contact(0.95))).grounds == ()


def test_a_step_that_other_sound_covers_has_no_rise_to_compare_with() -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal((RATE_HZ, 2)).astype(np.float32)
    assert rise_s(step(1700.0) + noise, 0.5) == math.inf
    covered = measure_timbre(step(1700.0), step(1700.0) + noise, (contact(0.5),))
    assert np.isnan(covered.rises_s).all()


def test_scores_are_pooled_over_clips_and_by_ground() -> None:
    def steps(ground: str, error_db: float, rise_ms: float) -> Timbre:
        return Timbre((ground,), np.array([[error_db, -error_db, 0, 0, 0]]), np.array([rise_ms / 1000]))

    clips = [steps("snow", 5.0, 2.0), steps("sand", 10.0, 8.0), steps("sand", -20.0, math.inf)]
    assert timbre_scores(clips) == pytest.approx({"band_error_db": 14 / 3, "rise_ms": 8.0})
    by_ground = timbre_by_ground(clips)
    assert {ground: row["contacts"] for ground, row in by_ground.items()} == {"sand": 2, "snow": 1, "all": 3}
    assert by_ground["sand"][BANDS[0]] == pytest.approx(15.0)
    assert "rise_ms" not in by_ground["sand"]
    assert by_ground["snow"]["rise_ms"] == pytest.approx(2.0)


def test_nothing_measured_is_no_figure() -> None:
    nothing = measure_timbre(step(500.0), step(500.0), ())
    assert all(map(math.isnan, timbre_scores([nothing]).values()))
    assert timbre_by_ground([nothing]) == {"all": {"contacts": 0}}
