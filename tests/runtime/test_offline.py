"""A tape at once: deterministic, causal, and every frame seen in order."""

from typing import Any

import numpy as np
import pytest
from made_scenes import SceneMaker
from toy_graphs import Toy

from stereosync_runtime import sight
from stereosync_runtime.offline import render_tape


def tape(scene: SceneMaker, seconds: float = 1.0) -> list[Any]:
    return [scene(index / 30, index) for index in range(int(seconds * 30))]


def render(toy: Toy, frames: list[Any], **options: Any) -> np.ndarray:
    return render_tape(toy.pipeline(), toy.bundle.cue_spec, iter(frames), **({"duration_s": 1.0} | options))


def test_equal_input_gives_equal_samples_and_another_seed_others(toy: Toy, scene: SceneMaker) -> None:
    first = render(toy, tape(scene))
    assert first.shape == (48_000, 2)
    assert np.array_equal(first, render(toy, tape(scene)))
    assert not np.array_equal(first, render(toy, tape(scene), seed=1))
    assert render(toy, tape(scene), duration_s=0.03).shape == (1440, 2)
    assert render(toy, [], duration_s=0.0).shape == (0, 2)


def test_a_frame_is_heard_from_its_lead_on_and_not_before(toy: Toy, scene: SceneMaker) -> None:
    with_box = tape(scene)
    without = [*with_box[:15], *(offline_frame for offline_frame in map(_empty, with_box[15:]))]
    first, second = render(toy, with_box, lead_s=0.1), render(toy, without, lead_s=0.1)
    differs = np.flatnonzero(np.any(first != second, axis=1))[0]
    assert differs == pytest.approx((15 / 30 + 0.1) * 48_000, abs=1920)
    assert differs >= (15 / 30 + 0.1) * 48_000


def _empty(frame: Any) -> Any:
    from dataclasses import replace

    return replace(frame, boxes=())


def test_every_frame_passes_the_cue_code_in_order(toy: Toy, scene: SceneMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    sight.nothing(toy.bundle.cue_spec)
    real = sight.encode

    def spy(spec: Any, state: Any, frame: Any) -> Any:
        seen.append(frame.index)
        return real(spec, state, frame)

    monkeypatch.setattr(sight, "encode", spy)
    render(toy, tape(scene), lead_s=0.0)
    assert seen == list(range(29))


def test_a_scene_that_ended_a_second_ago_says_nothing(toy: Toy, scene: SceneMaker) -> None:
    runs: list[str] = []
    pipeline = toy.pipeline(lambda times: runs.extend(stage for stage, _ in times))
    render_tape(pipeline, toy.bundle.cue_spec, [scene(0.0)], 2.0, lead_s=0.1)
    assert runs.count("cue_encoder") == 3  # of the empty scene, of the frame, and of its place alone
    short = render(toy, [scene(0.0)], duration_s=3.0, lead_s=0.1)
    other = render(toy, [scene(0.0, 9)], duration_s=3.0, lead_s=0.1)
    assert not np.array_equal(short[:48_000], other[:48_000])
    assert np.allclose(short[-9600:], other[-9600:], atol=1e-6)
