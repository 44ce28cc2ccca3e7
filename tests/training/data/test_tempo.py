"""Another tempo: ripples and contacts come sooner or later together, and what was never seen stays unknown."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_model.config import ModelConfig
from stereosync_training.data.tempo import (
    KNOWN,
    MOTION,
    RATES,
    TEMPO_SPREAD,
    change_tempo,
    contacts_at_tempo,
    drawn_tempo,
)
from stereosync_training.data.walk_data import Arrays, WalkData

STEPS = 32


def rippled(period_steps: float) -> Arrays:
    """One frame of one character whose whole track ripples."""
    tracks = np.zeros((1, 1, STEPS, 9), np.float32)
    tracks[0, 0, :, 1] = np.cos(2 * np.pi * np.arange(STEPS) / period_steps)
    tracks[..., MOTION], tracks[..., KNOWN] = 0.2, 1
    return {"tracks": tracks, "numbers": np.ones((1, 1, 10), np.float32)}


def test_the_same_tempo_changes_nothing() -> None:
    parts, before = rippled(10), rippled(10)
    change_tempo(parts, 1.0)
    for name, array in before.items():
        np.testing.assert_allclose(parts[name], array, atol=1e-6)


@pytest.mark.parametrize("tempo", [0.8, 1.25])
def test_ripples_and_rates_go_as_fast_as_the_tempo(tempo: float) -> None:
    parts = rippled(20)
    change_tempo(parts, tempo)
    track = parts["tracks"][0, 0]
    seen = track[:, KNOWN] > 0
    assert seen.sum() == (STEPS if tempo < 1 else 25)  # a faster past ends sooner
    expected = np.cos(2 * np.pi * tempo * np.arange(STEPS) / 20)
    np.testing.assert_allclose(track[seen, 1], expected[seen], atol=0.05)
    assert not track[~seen].any()
    np.testing.assert_allclose(track[seen, MOTION], 0.2 * tempo, rtol=1e-5)
    rates = parts["numbers"][0, 0]
    assert rates[list(RATES)] == pytest.approx(tempo)
    assert np.delete(rates, RATES) == pytest.approx(1)


def test_what_was_unknown_stays_unknown() -> None:
    parts = rippled(20)
    parts["tracks"][:, :, 10:] = 0
    change_tempo(parts, 0.8)
    assert parts["tracks"][0, 0, :, KNOWN].sum() == pytest.approx(12)


def test_contacts_at_their_own_tempo_are_the_targets(walks: WalkData) -> None:
    clip, frames = walks.clips[0], np.array([5, 24, 40])
    found = contacts_at_tempo(clip, frames, 1.0, walks.config)
    np.testing.assert_allclose(found, clip.targets.contacts[frames].astype(np.float32), atol=1e-3)
    assert found.max() > 0.5


def test_at_twice_the_tempo_a_foot_comes_down_in_half_the_time(walks: WalkData) -> None:
    clip, config = walks.clips[0], ModelConfig().generator
    frame = int(np.abs(clip.times_s - 0.8).argmin())  # the step is at 1.0 s
    half_s = (1.0 - float(clip.times_s[frame])) / 2
    density = contacts_at_tempo(clip, np.array([frame]), 2.0, walks.config)[0, 0]
    bins_s = config.forecast_start_s + config.forecast_step_s * np.arange(config.forecast_steps)
    assert float(density @ bins_s / density.sum()) == pytest.approx(half_s, abs=0.003)


def test_tempos_are_drawn_around_one() -> None:
    drawn = np.log([drawn_tempo(np.random.default_rng(seed)) for seed in range(300)])
    assert abs(drawn.mean()) < 0.03
    assert 0.9 * TEMPO_SPREAD < np.abs(drawn).max() <= TEMPO_SPREAD
