"""Latency: which cases there are, what a round says, and what stands for a case that does not serve."""

from typing import Any

import latency
import pytest
from latency import Case, Outcome, cases, notes, parser, rows, stage_rows
from one_stream import StreamPlan, StreamTimes
from rich.console import Console
from setting import Setting, why

from stereosync_runners.runner import RunnerError


def figures(rtf: float) -> dict[str, float]:
    """A round in which every stage took a millisecond."""
    times = StreamTimes(chunks_s=[rtf * 0.04], audio_s=0.04)
    times.stages([(stage, 0.001) for stage in latency.STAGES])
    return times.figures()


def test_the_command_line_takes_lists() -> None:
    found = parser().parse_args(["--device", "cpu", "cuda", "--threads", "1", "2", "--steps", "2"])
    assert (found.device, found.threads, found.steps) == (["cpu", "cuda"], [1, 2], [2])


def test_cases_are_all_combinations_and_a_gpu_has_no_threads() -> None:
    found = cases(["cpu", "cuda"], ["default"], [1, 2], [1, 2])
    assert len(found) == 2 * 2 + 2
    assert {case.setting.threads for case in found if case.setting.device == "cuda"} == {1}


def test_a_round_has_its_chunks_and_stages() -> None:
    found = figures(0.5)
    assert found["rtf"] == pytest.approx(0.5)
    assert found["first_sound_ms"] == found["chunk_p50_ms"] == pytest.approx(20.0)
    assert found["decoder_p99_ms"] == pytest.approx(1.0)


def test_a_row_is_compared_with_the_first_case_that_serves() -> None:
    outcomes = [
        Outcome(Case(Setting("cuda"), 2), reason="no GPU"),
        Outcome(Case(Setting("cpu"), 2), (figures(0.1), figures(0.3))),
        Outcome(Case(Setting("cpu", threads=2), 2), (figures(0.2), figures(0.6))),
    ]
    assert [row[2] for row in rows(outcomes)] == [1.0, pytest.approx(2.0)]
    assert len(stage_rows(outcomes)) == 2
    assert notes(outcomes) == ["not measured: cuda default: no GPU"]


def test_a_setting_that_does_not_serve_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def runners_for(_bundle: Any, setting: Setting) -> dict[str, Any]:
        if setting.device == "cuda":
            raise RunnerError("no GPU here")
        return {"backbone": object()}

    monkeypatch.setattr(latency, "runners_for", runners_for)
    monkeypatch.setattr(latency, "warm", lambda _bundle, _engines: None)
    monkeypatch.setattr(latency, "one_round", lambda _bundle, _engines, plan: figures(0.1 * plan.steps))
    bundle: Any = None
    asked = cases(["cuda", "cpu"], ["default"], [1, 2], [1])
    outcomes, devices = latency.measure(bundle, asked, StreamPlan(1.0, 1), 3, Console(quiet=True))
    assert [len(outcome.rounds) for outcome in outcomes] == [0, 0, 3, 3]
    assert outcomes[0].reason == "no GPU here"
    assert outcomes[3].figures["rtf"] == pytest.approx(0.2)
    assert devices == {"cpu default 1 thread": "cpu"}


def test_only_what_differs_from_the_runtimes_choice_is_asked_of_it() -> None:
    assert Setting().options() == {}
    asked = Setting("cuda", "fp16", sessions=8, cuda_graphs=False).options()
    assert asked == {"precision": "fp16", "sessions": 8, "cuda_graphs": False}


def test_an_error_is_one_line_and_an_unexpected_one_names_its_kind() -> None:
    assert why(RunnerError("no GPU\nmore")) == "no GPU"
    assert why(TypeError("no such option")) == "TypeError: no such option"


def test_a_plan_shows_every_frame_once_and_before_its_chunk() -> None:
    plan = StreamPlan(1.0, 2, chunk_ms=40, fps=30.0)
    shown = list(plan.frames())
    indices = [frame.index for _, frames in shown for frame in frames]
    assert len(shown) == 25
    assert indices == list(range(len(indices)))
    assert all(frame.capture_time_s <= start_s + 1e-9 for start_s, frames in shown for frame in frames)
    assert shown[0][1]
