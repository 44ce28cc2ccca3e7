"""The pipeline on the real exporter's graphs: pieces equal the whole, and what is seen decides what is heard."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_scenes import SceneMaker

from stereosync.cues import CueState, encode
from stereosync.scene import SceneFrame, ToldContact
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline

LATENTS = 10
AGES_S = tuple(0.05 + 0.02 * index for index in range(LATENTS))


@pytest.fixture(scope="module")
def pipeline(tiny_bundle: Path) -> Pipeline:
    bundle = open_bundle(str(tiny_bundle))
    return Pipeline(bundle, load_runners(bundle, RunnerRequest("cpu"), say=lambda _text: None), time.perf_counter)


def stream(pipeline: Pipeline, frame: SceneFrame, length: int, steps: int) -> np.ndarray:
    _, cues = encode(pipeline.bundle.cue_spec, CueState(), frame)
    state, tokens, pieces = pipeline.initial(3), pipeline.encode(cues), []
    for start in range(0, LATENTS, length):
        state, samples = pipeline.step(state, tokens, AGES_S[start : start + length], steps)
        pieces.append(samples)
    return np.concatenate(pieces)


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_chunks_of_1_to_5_latents_give_the_same_samples(pipeline: Pipeline, scene: SceneMaker, steps: int) -> None:
    whole = stream(pipeline, scene(), LATENTS, steps)
    assert whole.shape == (LATENTS * 960, 2)
    assert np.isfinite(whole).all()
    assert np.any(whole)
    for length in (1, 2, 3, 4, 5):
        assert np.array_equal(stream(pipeline, scene(), length, steps), whole)


def test_a_told_contact_is_cut_into_chunks_of_any_length_alike(pipeline: Pipeline, scene: SceneMaker) -> None:
    """One at a border between latents, one that the frames of the latent before reach into."""
    frame = scene()
    (box,) = frame.boxes
    contacts = (ToldContact("left", 0.09), ToldContact("right", 0.097))
    telling = replace(frame, boxes=(replace(box, contacts=contacts),))
    whole = stream(pipeline, telling, LATENTS, 2)
    for length in (1, 2, 3, 5):
        assert np.array_equal(stream(pipeline, telling, length, 2), whole)


def test_the_same_tape_and_seed_give_the_same_sound_and_moved_boxes_another(
    pipeline: Pipeline, scene: SceneMaker
) -> None:
    tape = [scene(index / 30, index) for index in range(12)]
    moved = [replace(frame, boxes=tuple(replace(box, x0=2.0, x1=10.0) for box in frame.boxes)) for frame in tape]
    broken: list[int] = []
    first, again, other = (
        render_tape(pipeline, pipeline.bundle.cue_spec, frames, 0.4, watch=lambda made: broken.append(made.broken))
        for frames in (tape, tape, moved)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert sum(broken) == 0


def test_slots_that_are_left_out_change_nothing_that_is_heard(
    pipeline: Pipeline, scene: SceneMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cue encoder's form for the CPU is given the characters that are there; all six slots sound the same."""
    encoder: Any = pipeline._runners["cue_encoder"]
    assert encoder.trims
    tape = [scene(index / 30, index) for index in range(12)]
    trimmed = render_tape(pipeline, pipeline.bundle.cue_spec, tape, 0.4)
    monkeypatch.setattr(encoder, "trims", False)
    whole = render_tape(pipeline, pipeline.bundle.cue_spec, tape, 0.4)
    np.testing.assert_allclose(trimmed, whole, atol=1e-3)
    assert np.std(whole) > 0
