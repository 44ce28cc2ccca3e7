"""The self-test: sound or not, in time or not."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from judging import Judge
from toy_graphs import Array, Toy

from stereosync_runners.runner import Runner, RunnerError
from stereosync_tools.doctor.selftest import Heard, check_playing, check_sound, check_speed, listen, play, walker

Spoil = Callable[[dict[str, Array]], dict[str, Array]]
GOOD = Heard(errors=0, level_db=-40.0, clipped=0.0, steps=2, work=0.2)


@pytest.mark.parametrize(
    ("change", "verdict", "cause", "cure"),
    [
        ({}, "ok", "at -40 dB, all of it finite", ""),
        ({"errors": 3}, "fail", "3 latents were not finite", "pip install --force-reinstall onnxruntime"),
        ({"level_db": -120.0}, "fail", "an ear hears nothing", "another bundle"),
        ({"clipped": 0.2}, "warn", "20% of the samples are at full scale", "another bundle"),
    ],
)
def test_what_is_heard_is_judged(judge: Judge, change: dict[str, Any], verdict: str, cause: str, cure: str) -> None:
    judge(check_sound(replace(GOOD, **change)), verdict, cause, cure)


@pytest.mark.parametrize(
    ("work", "verdict", "cause"),
    [(0.49, "ok", "takes 0.49 s"), (0.5, "warn", "tight"), (0.99, "warn", "tight"), (1.0, "fail", "too slow")],
)
def test_sound_must_be_made_in_less_time_than_it_lasts(judge: Judge, work: float, verdict: str, cause: str) -> None:
    judge(check_speed(replace(GOOD, work=work)), verdict, cause, "" if verdict == "ok" else "--steps 1")


def test_the_walker_moves_and_stays_in_the_picture() -> None:
    frames = walker(1.0)
    boxes = [frame.boxes[0] for frame in frames]
    assert len(frames) == 30
    assert all(later.x0 > box.x0 for box, later in pairwise(boxes))
    assert boxes[-1].x1 < 128


def test_the_work_of_a_second_is_measured_after_warming_up(toy: Toy) -> None:
    pipeline = toy.pipeline()
    toy.runners["backbone"].cost_s = 0.01
    heard = listen(pipeline, toy.clock)
    assert heard.work == pytest.approx(50 * 0.01)
    assert (heard.errors, heard.steps) == (0, 2)
    assert heard.level_db > -90


def test_what_only_first_runs_cost_is_not_counted(toy: Toy) -> None:
    runs: list[int] = []

    def slow_at_first(out: dict[str, Array]) -> dict[str, Array]:
        toy.clock.now_s += 1.0 if len(runs) < 3 else 0.0
        runs.append(1)
        return out

    toy.runners["backbone"].spoil = slow_at_first
    assert listen(toy.pipeline(), toy.clock).work == 0


def test_steps_that_the_bundle_lacks_are_not_asked_for(toy: Toy) -> None:
    toy.bundle = replace(toy.bundle, schedules={"1": (1.0, 0.0)})
    samples, steps = play(toy.pipeline(), 0.1)
    assert steps == 1
    assert samples.shape == (4800, 2)


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda out: {name: array * np.nan for name, array in out.items()}, "not finite"),
        (lambda out: {name: array * 0 for name, array in out.items()}, "hears nothing"),
    ],
)
def test_a_decoder_that_is_broken_is_heard(judge: Judge, toy: Toy, spoil: Spoil, cause: str) -> None:
    toy.runners["decoder"].spoil = spoil
    sound, _ = check_playing(toy.bundle, lambda: toy.runners, toy.clock)
    judge(sound, "fail", cause)


def test_one_silent_ear_is_heard(judge: Judge, toy: Toy) -> None:
    ears = np.array([1.0, 0.0], np.float32)[None, :, None]
    toy.runners["decoder"].spoil = lambda out: {name: array * ears for name, array in out.items()}
    judge(check_playing(toy.bundle, lambda: toy.runners, toy.clock)[0], "fail", "an ear hears nothing")


def test_runners_that_do_not_load_are_told(judge: Judge, toy: Toy) -> None:
    def runners() -> dict[str, Runner]:
        raise RunnerError("decoder.onnx does not load: export it again")

    (found,) = check_playing(toy.bundle, runners, toy.clock)
    judge(found, "fail", "nothing can be made: decoder.onnx does not load", "run it again")
