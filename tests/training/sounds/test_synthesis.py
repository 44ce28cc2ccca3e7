"""Synthesised steps: of their ground's kind, like recordings in form, and heard when the foot comes down."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stereosync.vocabulary import GROUNDS
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.measures.onsets import OnsetCounts, count_onsets, detect_onsets, onset_scores
from stereosync_training.sounds import SoundLibrary, StepRecording, mix_walk
from stereosync_training.sounds.loudness import weighted
from stereosync_training.sounds.recording import band_levels_db
from stereosync_training.sounds.synthesis import synthetic_steps
from stereosync_training.sounds.trim import LOUDEST_RMS, SAMPLE_RATE_HZ, loudest_rms

Steps = dict[str, tuple[StepRecording, ...]]


@pytest.fixture(scope="module")
def steps() -> Steps:
    return {ground: synthetic_steps(ground, np.random.default_rng(5), 4) for ground in GROUNDS}


def energy_time_s(step: StepRecording, share: float) -> float:
    """When `share` of the energy has been heard."""
    energy = np.cumsum(np.square(step.samples))
    return float(np.searchsorted(energy, share * energy[-1])) / SAMPLE_RATE_HZ


def test_every_ground_has_steps_that_are_trimmed_and_levelled(steps: Steps) -> None:
    for ground, made in steps.items():
        assert {step.package for step in made} == {"synthesis"}
        assert len({step.name for step in made}) == 4
        for step in made:
            assert 0.05 < len(step.samples) / SAMPLE_RATE_HZ < 0.7, ground
            assert 0.25 * LOUDEST_RMS < loudest_rms(weighted(step.samples)) < 1.05 * LOUDEST_RMS


def test_equal_generators_give_equal_steps_and_one_gives_different_ones(steps: Steps) -> None:
    again = synthetic_steps("ice", np.random.default_rng(5), 4)
    np.testing.assert_array_equal(again[1].samples, steps["ice"][1].samples)
    assert not np.array_equal(again[0].samples[:4000], again[1].samples[:4000])


def test_grounds_differ_as_they_should(steps: Steps) -> None:
    treble = {ground: np.mean([band_levels_db(s.samples)[-4:].mean() for s in made]) for ground, made in steps.items()}
    assert max(treble["carpet"], treble["wood"], treble["tile"]) < min(treble["ice"], treble["sand"], treble["grass"])
    half = {ground: np.median([energy_time_s(s, 0.9) for s in made]) for ground, made in steps.items()}
    assert half["stone"] < half["metal"] < half["water"]


def test_a_tone_tells_the_ground_better_than_chance(steps: Steps) -> None:
    tones = {ground: [band_levels_db(step.samples) for step in made] for ground, made in steps.items()}
    centres = {ground: np.mean(tone[:2], axis=0) for ground, tone in tones.items()}
    right = [
        min(centres, key=lambda other: float(np.abs(centres[other] - tone).sum())) == ground
        for ground, tone in tones.items()
        for tone in tone[2:]
    ]
    assert np.mean(right) > 3 / len(GROUNDS)


def test_a_ground_without_recipe_is_named() -> None:
    with pytest.raises(LookupError, match="lava"):
        synthetic_steps("lava", np.random.default_rng(0), 1)


def a_walk(ground: str, seed: int) -> WalkTruth:
    """Eight steps past the ear, 3 to 5 m away."""
    contacts = tuple(
        Contact(0.5 + 0.55 * k, 0, ("left", "right")[k % 2], ground, (0.8 * (k - 4), -1.5, 3.0), 1.0) for k in range(8)
    )
    return WalkTruth(seed, 5.5, contacts, Room(9.0, 0.7) if seed % 2 else Room(0.0, 0.0), "")


def test_steps_are_heard_when_feet_come_down(steps: Steps) -> None:
    library = SoundLibrary("test", steps, {}, frozenset())
    counts: list[OnsetCounts] = []
    for seed, ground in enumerate(GROUNDS):
        truth = a_walk(ground, seed)
        counts.append(count_onsets(detect_onsets(mix_walk(truth, library, 0)), truth.contacts))
    scores = onset_scores(counts)
    assert scores["onset_f1"] > 0.95
    assert abs(scores["av_offset_median_ms"]) < 4
    assert scores["av_offset_mad_ms"] <= 4
    assert math.isfinite(scores["onset_precision"])
