"""Trimming: one hit, at a fixed sample, at one loudness."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_training.measures.onsets import detect_onsets
from stereosync_training.sounds.loudness import a_weighting, weighted
from stereosync_training.sounds.trim import PRE_ROLL_SAMPLES, SAMPLE_RATE_HZ, attack_index, loudest_rms, trim_step


def a_step(seed: int, silence_s: float = 0.0) -> Float32Array:
    """Decaying noise (n,) after `silence_s` of a faint hiss."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(int(0.25 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    burst = 0.5 * rng.standard_normal(len(time_s)) * np.exp(-time_s / 0.03)
    hiss = 1e-4 * rng.standard_normal(int(silence_s * SAMPLE_RATE_HZ))
    return np.concatenate([hiss, burst]).clip(-1, 1).astype(np.float32)


@pytest.mark.parametrize("silence_s", [0.0, 0.011, 0.3])
def test_attack_lies_at_the_end_of_the_pre_roll(silence_s: float) -> None:
    step = trim_step(a_step(1, silence_s))
    heard = int(np.argmax(np.abs(step) > 0.2 * np.abs(step).max()))
    assert abs(heard - PRE_ROLL_SAMPLES) <= PRE_ROLL_SAMPLES
    assert abs(attack_index(step) - PRE_ROLL_SAMPLES) <= PRE_ROLL_SAMPLES


def test_only_the_first_step_of_a_recording_is_kept() -> None:
    gap = np.zeros(int(0.2 * SAMPLE_RATE_HZ), dtype=np.float32)
    step = trim_step(np.concatenate([a_step(1), gap, a_step(2), gap, a_step(3)]))
    assert 0.15 < len(step) / SAMPLE_RATE_HZ < 0.5


def test_a_slow_swell_before_the_step_is_cut_off() -> None:
    rng = np.random.default_rng(0)
    swell = np.linspace(0.02, 0.3, int(0.4 * SAMPLE_RATE_HZ)) * rng.standard_normal(int(0.4 * SAMPLE_RATE_HZ)) * 0.3
    step = trim_step(np.concatenate([swell, a_step(1)]).astype(np.float32))
    assert np.argmax(np.abs(step)) < 0.06 * SAMPLE_RATE_HZ


def test_loudness_does_not_depend_on_the_recording_level() -> None:
    loud, faint = trim_step(a_step(1)), trim_step(a_step(1) * np.float32(0.05) + np.float32(0.02))
    assert level_db(loud) == pytest.approx(level_db(faint), abs=0.2)


def test_a_silent_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="silent"):
        trim_step(np.zeros(4800, dtype=np.float32))


def test_the_toe_is_no_second_onset() -> None:
    heel, toe = a_step(1), a_step(2, 0.12)
    both = np.pad(heel, (0, len(toe) - len(heel))) + toe

    def onsets(step: Float32Array) -> int:
        heard = np.zeros((SAMPLE_RATE_HZ, 2), dtype=np.float32)
        heard[24_000 : 24_000 + len(step)] += 0.3 * step[:, None]
        return len(detect_onsets(heard))

    assert onsets(both) == 2
    assert onsets(trim_step(both)) == 1


def test_rumble_is_not_taken_for_loudness() -> None:
    time_s = np.arange(12_000) / SAMPLE_RATE_HZ
    thud = (np.sin(2 * np.pi * 60 * time_s) * np.exp(-time_s / 0.05)).astype(np.float32)
    plain, thudding = trim_step(a_step(1)), trim_step(a_step(1) + 0.5 * thud)
    assert loudest_rms(weighted(thudding)) == pytest.approx(loudest_rms(weighted(plain)), rel=0.05)
    assert loudest_rms(thudding) > 1.15 * loudest_rms(plain)
    np.testing.assert_allclose(20 * np.log10(a_weighting([63, 1000, 4000, 10_000])), [-26.2, 0, 1, -2.5], atol=0.1)
