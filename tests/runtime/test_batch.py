"""Streams made together sound as each alone: on the host's runners, on a device's, and in whatever precision."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_scenes import SceneMaker

from stereosync.bundle import Bundle
from stereosync.cues import CueState, encode
from stereosync_runners.device_runner import DeviceRunner
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest, form_for
from stereosync_runners.onnx_runner import Row, gathered
from stereosync_runners.providers import CPU
from stereosync_runners.runner import Runner, RunnerError
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.stream import CueTokens, Part, StreamState

Open = Callable[[Bundle], Mapping[str, Runner]]
CPU_FIRST = [CPU]
SEEDS, LATENTS = (3, 4, 5), 2
ROUNDING = 1e-3  # of full scale: sums in another order, in a model of random weights that makes much of little


def on_the_host(bundle: Bundle) -> Mapping[str, Runner]:
    return load_runners(bundle, RunnerRequest("cpu"), say=lambda _text: None)


def on_a_device(bundle: Bundle) -> Mapping[str, Runner]:
    """A device's runners on the CPU provider: pools, slots, bound buffers, batches of 1 and 4."""
    return {
        name: DeviceRunner(bundle.folder, spec, form_for(spec, "cuda", None), [CPU], sessions=4, together=4)
        for name, spec in bundle.graphs.items()
    }


def pipeline_of(folder: Path, runners: Open) -> Pipeline:
    bundle = open_bundle(str(folder))
    return Pipeline(bundle, runners(bundle), time.perf_counter)


def seen(pipeline: Pipeline, scene: SceneMaker, seed: int) -> CueTokens:
    """Each stream looks at another frame."""
    return pipeline.encode(encode(pipeline.bundle.cue_spec, CueState(), scene(0.0, seed))[1])


def ages_s(seed: int, chunk: int) -> tuple[float, ...]:
    return tuple(0.05 + 0.01 * seed + 0.02 * (chunk * LATENTS + latent) for latent in range(LATENTS))


def alone(pipeline: Pipeline, scene: SceneMaker, seed: int, chunks: int, steps: int = 2) -> np.ndarray[Any, Any]:
    state, tokens, pieces = pipeline.initial(seed), seen(pipeline, scene, seed), []
    for chunk in range(chunks):
        state, samples = pipeline.step(state, tokens, ages_s(seed, chunk), steps)
        pieces.append(samples)
    return np.concatenate(pieces)


@pytest.mark.parametrize("runners", [on_the_host, on_a_device])
@pytest.mark.parametrize("steps", [1, 2])
def test_a_batch_of_sessions_equals_each_alone(tiny_bundle: Path, scene: SceneMaker, runners: Open, steps: int) -> None:
    """Also when streams join late, leave early and change their order."""
    pipeline = pipeline_of(tiny_bundle, runners)
    true = {seed: alone(pipeline_of(tiny_bundle, on_the_host), scene, seed, 4, steps) for seed in SEEDS}
    states: dict[int, StreamState] = {seed: pipeline.initial(seed) for seed in SEEDS}
    tokens = {seed: seen(pipeline, scene, seed) for seed in SEEDS}
    made: dict[int, list[np.ndarray[Any, Any]]] = {seed: [] for seed in SEEDS}
    for order in ([3, 4], [5, 4, 3], [5, 3], [3, 5, 4], [4], [5]):
        parts = [Part(states[seed], tokens[seed], ages_s(seed, len(made[seed]))) for seed in order]
        for seed, one in zip(order, pipeline.step_batch(parts, steps), strict=True):
            states[seed] = one.state
            made[seed].append(one.samples)
    for seed in SEEDS:
        np.testing.assert_allclose(np.concatenate(made[seed]), true[seed], atol=ROUNDING)
    assert np.abs(true[3] - true[4]).max() > 0.1


def test_tokens_of_several_frames_equal_those_of_each(tiny_bundle: Path, scene: SceneMaker) -> None:
    pipeline = pipeline_of(tiny_bundle, on_the_host)
    frames = [encode(pipeline.bundle.cue_spec, CueState(), scene(0.1 * index, index))[1] for index in range(3)]
    for frame, tokens in zip(frames, pipeline.encode_batch(frames), strict=True):
        assert tokens.captured_s == frame.capture_time_s
        for name, array in pipeline.encode(frame).arrays.items():
            np.testing.assert_allclose(tokens.arrays[name], array, atol=1e-5)


def test_pieces_equal_the_whole_on_a_device(tiny_bundle: Path, scene: SceneMaker) -> None:
    pipeline = pipeline_of(tiny_bundle, on_a_device)
    tokens = seen(pipeline, scene, 3)
    _, whole = pipeline.step(pipeline.initial(3), tokens, (*ages_s(3, 0), *ages_s(3, 1)), 2)
    np.testing.assert_array_equal(alone(pipeline, scene, 3, 2), whole)


def test_a_stream_moves_to_other_runners_without_a_seam(tiny_bundle: Path, scene: SceneMaker) -> None:
    true = alone(pipeline_of(tiny_bundle, on_the_host), scene, 3, 3)
    pipeline = pipeline_of(tiny_bundle, on_the_host)
    state, pieces = pipeline.initial(3), []
    for chunk, runners in enumerate([None, on_a_device, on_the_host]):
        if runners is not None:
            (state,) = pipeline.replace_runners(runners(pipeline.bundle), [state])
        state, samples = pipeline.step(state, seen(pipeline, scene, 3), ages_s(3, chunk), 2)
        pieces.append(samples)
    np.testing.assert_allclose(np.concatenate(pieces), true, atol=ROUNDING)


def test_a_device_has_as_many_places_as_sessions_and_gets_them_back(tiny_bundle: Path, scene: SceneMaker) -> None:
    pipeline = pipeline_of(tiny_bundle, on_a_device)
    tokens = seen(pipeline, scene, 1)
    states = [pipeline.step(pipeline.initial(seed), tokens, (0.1,), 1)[0] for seed in range(4)]
    with pytest.raises(RunnerError, match="--max-sessions"):
        pipeline.step(pipeline.initial(9), tokens, (0.1,), 1)
    states.pop()
    pipeline.step(pipeline.initial(9), tokens, (0.1,), 1)


def test_a_state_that_was_used_is_refused_by_a_device(tiny_bundle: Path, scene: SceneMaker) -> None:
    pipeline = pipeline_of(tiny_bundle, on_a_device)
    tokens, first = seen(pipeline, scene, 1), pipeline.initial(1)
    pipeline.step(first, tokens, (0.1,), 1)
    with pytest.raises(RunnerError, match="good for one run"):
        pipeline.step(first, tokens, (0.1,), 1)


def test_rows_that_lie_together_are_not_copied() -> None:
    arrays = {"memory": np.arange(6.0).reshape(3, 2)}
    rows = [Row(arrays, index) for index in range(3)]
    assert gathered(rows)["memory"] is arrays["memory"]
    np.testing.assert_array_equal(gathered(rows[::-1])["memory"], arrays["memory"][::-1])
    np.testing.assert_array_equal(gathered(rows[1:2])["memory"], arrays["memory"][1:2])


def test_a_pooled_graph_is_asked_for_where_there_are_states(tiny_bundle: Path) -> None:
    spec = open_bundle(str(tiny_bundle)).graphs["decoder"]
    with pytest.raises(RunnerError, match="keeps no pool"):
        DeviceRunner(tiny_bundle, spec, spec, [CPU], sessions=1)


def test_a_captured_run_names_no_other_provider(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ONNX Runtime refuses a session that forbids the CPU and names it."""
    asked: list[Any] = []

    def noted(_path: Path, providers: Any, _threads: int, size: int, config: Any, free: Any) -> Any:
        asked.append((providers, size, config, free))
        raise RunnerError("enough")

    monkeypatch.setattr("stereosync_runners.device_runner.open_session", noted)
    spec = open_bundle(str(tiny_bundle)).graphs["decoder"]
    other = ("OtherExecutionProvider", {})
    for captures in (True, False):
        with pytest.raises(RunnerError, match="enough"):
            DeviceRunner(tiny_bundle, spec, form_for(spec, "cuda", None), [*CPU_FIRST, other], 3, 2, captures)
    (captured, _, config, free), (plain, *_) = asked
    assert captured == [("CPUExecutionProvider", {"enable_cuda_graph": "1"})]
    assert config == {"session.disable_cpu_ep_fallback": "1"}
    assert free == {"pool": 4}
    assert plain == [*CPU_FIRST, other]
