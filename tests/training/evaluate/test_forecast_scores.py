"""What a cue encoder foresees is scored against the truth: a seer gets all, a sleeper nothing, a rambler pays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stereosync_model.cue_encoder import CueEncoder
from stereosync_model.model import Model
from stereosync_training.data.walk_data import Clip, WalkData
from stereosync_training.evaluate import forecast_scores as scores

FRAME_S = 1 / 30
STEPS_S = (0.6, 1.1, 1.6)  # each at a frame


@pytest.fixture
def encoder(tiny_model: Model) -> CueEncoder:
    return tiny_model.generator.cue_encoder


def walked(clip: Clip) -> Clip:
    """The clip, its first character taking three steps."""
    first = clip.truth["contacts"][0]
    return replace(clip, truth=clip.truth | {"contacts": [first | {"time_s": time_s} for time_s in STEPS_S]})


def chances(clip: Clip, encoder: CueEncoder, steps_s: tuple[float, ...]) -> np.ndarray:
    """Forecasts (F, C, K) of somebody who foresees `steps_s` exactly, whoever it is."""
    generator = encoder.generator
    bins_s = generator.forecast_start_s + generator.forecast_step_s * np.arange(generator.forecast_steps)
    apart_s = np.abs(clip.times_s[:, None, None] + bins_s[None, :, None] - np.array(steps_s or (99.0,)))
    sure = np.clip(1 - apart_s / generator.forecast_step_s, 0, 1).max(-1)  # (F, K)
    return np.repeat(sure[:, None], clip.ids.shape[1], axis=1)


@pytest.mark.parametrize(
    ("foreseen", "hit", "missed", "extra"),
    [(STEPS_S, 3, 0, 0), ((), 0, 3, 0), ((*STEPS_S, 26 * FRAME_S), 3, 0, 1), ((0.6, 1.1, 53 * FRAME_S), 2, 1, 1)],
)
def test_contacts_are_matched_at_lead_zero(
    walks: WalkData, encoder: CueEncoder, foreseen: tuple[float, ...], hit: int, missed: int, extra: int
) -> None:
    clip = walked(walks.clips[0])
    counts = {0.0: scores.Counts()}
    scores._count(counts, clip, chances(clip, encoder, foreseen), encoder)
    found = counts[0.0]
    # The second character's feet never come down in this truth: it shares the forecasts and pays for all of them.
    late = sum(time_s > 1.0 for time_s in foreseen)
    assert (found.hit, found.missed, found.extra) == (hit, missed, extra + late)


def test_f1_of_nothing_is_nothing() -> None:
    assert scores.Counts().f1 == 0
    assert scores.Counts(hit=3, missed=1, extra=1).f1 == pytest.approx(0.75)


def test_a_peak_is_found_between_frames_and_low_ones_are_not() -> None:
    times_s = np.arange(0, 2, FRAME_S)
    course = 0.6 * np.exp(-(((times_s - 0.815) / 0.04) ** 2)) + 0.2 * np.exp(-(((times_s - 1.5) / 0.04) ** 2))
    assert scores.peaks_s(times_s, course) == pytest.approx([0.815], abs=0.02)


def test_every_lead_and_the_ground_are_told(walks: WalkData, encoder: CueEncoder) -> None:
    found = scores.forecast_scores(encoder, walks, range(len(walks)), without=("crops",))
    assert set(found) == {"f1_0_ms", "f1_50_ms", "f1_100_ms", "f1_150_ms", "ground_right"}
    assert all(0 <= value <= 1 for value in found.values())
