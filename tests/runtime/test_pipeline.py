"""The pipeline: a pure step whose pieces equal the whole, that starts over after what is not finite."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_scenes import SceneMaker
from toy_graphs import Toy

from stereosync.bundle import BundleError, Forecast, TensorSpec
from stereosync.cues import CueState, encode
from stereosync_runtime.budget import StageTimes
from stereosync_runtime.foresight import Foresight
from stereosync_runtime.noise import unit_noise
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.stream import CueTokens, Part, StreamState

AGES_S = tuple(0.05 + 0.01 * index for index in range(10))


def stream(toy: Toy, pieces: list[int], steps: int = 2, seed: int = 1) -> np.ndarray:
    """The same ten latents, made in pieces."""
    pipeline = toy.pipeline()
    state, tokens = pipeline.initial(seed), pipeline.no_cues()
    made, place = [], 0
    for length in pieces:
        state, samples = pipeline.step(state, tokens, AGES_S[place : place + length], steps)
        made.append(samples)
        place += length
    return np.concatenate(made)


@pytest.mark.parametrize("pieces", [[1] * 10, [2] * 5, [3, 3, 3, 1], [4, 4, 2], [5, 5]])
def test_pieces_of_any_length_equal_the_whole(toy: Toy, pieces: list[int]) -> None:
    whole = stream(toy, [10])
    assert whole.shape == (9600, 2)
    assert whole.dtype == np.float32
    assert np.array_equal(stream(toy, pieces), whole)


def test_seed_steps_and_cues_each_change_the_sound(toy: Toy, scene: SceneMaker) -> None:
    pipeline = toy.pipeline()
    _, cues = encode(toy.bundle.cue_spec, CueState(), scene())
    with_cues = pipeline.step(pipeline.initial(1), pipeline.encode(cues), AGES_S, 2)[1]
    sounds = [stream(toy, [10]), stream(toy, [10], seed=2), stream(toy, [10], steps=1), with_cues]
    assert all(not np.array_equal(a, b) for i, a in enumerate(sounds) for b in sounds[:i])


def test_a_step_leaves_its_state_as_it_was(toy: Toy) -> None:
    pipeline = toy.pipeline()
    state, _ = pipeline.step(pipeline.initial(1), pipeline.no_cues(), (0.1,), 2)
    first = pipeline.step(state, pipeline.no_cues(), (0.1,), 2)[1]
    assert np.array_equal(first, pipeline.step(state, pipeline.no_cues(), (0.1,), 2)[1])


def test_output_is_bounded(toy: Toy) -> None:
    toy.runners["decoder"].spoil = lambda out: out | {"samples": out["samples"] * 1e6}
    assert np.abs(stream(toy, [10])).max() == 1.0


def test_stages_are_timed_by_the_clock_passed_in(toy: Toy) -> None:
    runs: Counter[str] = Counter()
    seconds: Counter[str] = Counter()

    def record(times: StageTimes) -> None:
        for stage, taken_s in times:
            runs[stage] += 1
            seconds[stage] += round(taken_s, 6)  # type: ignore[assignment]

    toy.runners["flow_head"].cost_s = 0.002
    pipeline = toy.pipeline(record)
    pipeline.step(pipeline.initial(0), pipeline.no_cues(), (0.0, 0.0, 0.0), 4)
    assert runs == {"cue_encoder": 1, "backbone": 3, "flow_head": 12, "decoder": 3}
    assert seconds["flow_head"] == pytest.approx(0.024)
    assert seconds["backbone"] == 0


def test_what_is_not_finite_is_concealed_counted_and_forgotten(toy: Toy) -> None:
    pipeline = toy.pipeline()
    state, _ = pipeline.step(pipeline.initial(1), pipeline.no_cues(), AGES_S, 2)
    toy.runners["backbone"].spoil = lambda out: {name: array * np.nan for name, array in out.items()}
    (made,) = pipeline.step_batch([Part(state, pipeline.no_cues(), (0.1,))], 2)
    broken, samples = made.state, made.samples
    assert made.broken == 1
    assert np.isfinite(samples).all()
    assert np.any(samples)
    toy.runners["backbone"].spoil = lambda out: out
    (made,) = pipeline.step_batch([Part(broken, pipeline.no_cues(), (0.1, 0.1))], 2)
    state, samples = made.state, made.samples
    assert made.broken == 0
    assert np.isfinite(samples).all()
    assert state.latent_index == 13


def test_concealment_starts_and_ends_without_a_jump(toy: Toy) -> None:
    pipeline = toy.pipeline()
    before, made = pipeline.step(pipeline.initial(1), pipeline.no_cues(), AGES_S, 2)
    concealed, held = pipeline.conceal(before, 2)
    assert np.array_equal(held[0], made[-1])
    _, after = pipeline.step(concealed, pipeline.no_cues(), (0.1,), 2)
    _, going_on = pipeline.conceal(concealed, 1)
    assert np.allclose(after[0], going_on[0])
    _, long = pipeline.conceal(before, 10)
    assert not np.any(long[-960:])


def test_noise_depends_on_seed_latent_and_drawer_only() -> None:
    draws = [unit_noise(*place, (4,)) for place in ((1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1))]
    assert len({draw.tobytes() for draw in draws}) == 4
    assert np.array_equal(unit_noise(1, 1, 0, (4,)), draws[2])
    many = unit_noise(5, 7, 0, (20_000,))
    assert abs(many.mean()) < 0.03
    assert abs(many.std() - 1) < 0.03


def plans(pipeline: Pipeline, state: StreamState, frame_s: float) -> tuple[StreamState, np.ndarray]:
    """What is planned for one walker whose foot comes down 0.1 s after a frame."""
    bins_s = -0.06 + 0.02 * np.arange(18)
    forecast = np.exp(-(((bins_s - 0.1) / 0.02) ** 2), dtype=np.float32)[None, None]
    tokens = CueTokens({"forecast": forecast}, frame_s, (7,))
    state, seen = pipeline._plan(Part(state, tokens, (0.1,)), tokens)
    return state, seen["contacts"]


def test_contacts_are_planned_from_the_forecast_and_again_when_time_runs_back(toy: Toy) -> None:
    pipeline = toy.pipeline()
    pipeline.bundle = replace(pipeline.bundle, forecast=Forecast(-0.06, 0.02))
    state, contacts = plans(pipeline, pipeline.initial(0), 50.0)
    assert contacts[0, 0].argmax() == 8
    assert contacts.sum() == pytest.approx(1, abs=0.02)
    made, contacts = plans(pipeline, replace(state, foresight=Foresight(), made_until_s=50.2), 50.01)
    assert not contacts.any()  # its sound was made without it
    _, contacts = plans(pipeline, made, 3.0)
    assert contacts[0, 0].argmax() == 8


@pytest.mark.parametrize(
    ("graph", "change", "words"),
    [
        ("flow_head", {"inputs": (TensorSpec("surprise", (1, 3)),)}, "wants 'surprise'"),
        ("flow_head", {"inputs": (TensorSpec("z", (1, 9)),)}, "wants 'z' as"),
        ("flow_head", {"outputs": (TensorSpec("velocity", (1, 9)),)}, "must give 'velocity'"),
        ("decoder", {"outputs": ()}, "'overlap'"),
        ("backbone", {"states": (("memory", "lost"),)}, "'lost' is missing"),
        ("cue_encoder", {"outputs": ()}, "wants 'tokens'"),
    ],
)
def test_graphs_that_do_not_fit_are_refused(toy: Toy, graph: str, change: dict[str, Any], words: str) -> None:
    graphs = toy.bundle.graphs | {graph: replace(toy.bundle.graphs[graph], **change)}
    toy.bundle = replace(toy.bundle, graphs=graphs)
    with pytest.raises(BundleError, match=words):
        toy.pipeline()


def test_the_sampler_starts_from_as_much_noise_as_the_bundle_says(toy: Toy) -> None:
    loud = stream(toy, [10])
    toy.bundle = replace(toy.bundle, sampler_noise=0.5)
    assert not np.array_equal(stream(toy, [10]), loud)
    toy.bundle = replace(toy.bundle, sampler_noise=0.0)
    starts: list[np.ndarray] = []
    flow_head = toy.runners["flow_head"].function
    toy.runners["flow_head"].function = lambda arrays: starts.append(arrays["z"]) or flow_head(arrays)
    stream(toy, [1])
    assert not starts[0].any()  # nothing is drawn but the decoder's noise
