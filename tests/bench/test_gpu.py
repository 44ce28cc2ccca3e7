"""GPU: a part that fails does not stop the others, and nothing begins after its time."""

from dataclasses import replace
from typing import Any

import batch
import gpu
import numpy as np
import pytest
from batch import Batched, upwards
from gpu import Part, Run, differences, parser, run_parts
from one_stream import StreamPlan
from rich.console import Console
from setting import Setting

QUIET = Console(quiet=True)
BUNDLE: Any = None
RUN = Run(BUNDLE, ("cuda",), ("fp32", "fp16"), (1, 2), StreamPlan(0.1, 2), 1, 0.1, end_s=float("inf"))


def failing(_run: Run, _screen: Console) -> Part:
    raise RuntimeError("out of memory\nmore lines")


def test_a_part_that_fails_says_why_and_the_others_run() -> None:
    done = run_parts({"bad": failing, "good": lambda _run, _screen: Part(found=[1])}, RUN, QUIET)
    assert done["bad"].reason == "RuntimeError: out of memory"
    assert done["good"].found == [1]


def test_no_part_begins_when_the_time_is_over() -> None:
    done = run_parts({"late": failing}, replace(RUN, end_s=0.0), QUIET)
    assert done["late"].reason == "no time was left"


def test_settings_are_devices_and_precisions() -> None:
    assert RUN.settings() == [Setting("cuda", "fp32"), Setting("cuda", "fp16")]


def fake(p99_ms: dict[int, float]) -> Any:
    def batched(_bundle: Any, setting: Setting, plan: StreamPlan) -> Batched:
        if setting.sessions not in p99_ms:
            raise MemoryError("no room")
        span = {"p50_ms": 1.0, "p99_ms": p99_ms[setting.sessions]}
        return Batched(setting, setting.sessions, plan.chunk_ms, span, span, span)

    return batched


SETTINGS = [Setting("cuda", sessions=count) for count in (1, 2, 4, 8)]


@pytest.mark.parametrize(
    ("p99_ms", "in_time"),
    [({1: 5.0, 2: 39.0, 4: 41.0, 8: 50.0}, [True, True, False]), ({1: 5.0}, [True, False])],
)
def test_streams_are_added_until_they_are_late_or_fail(
    monkeypatch: pytest.MonkeyPatch, p99_ms: dict[int, float], in_time: list[bool]
) -> None:
    monkeypatch.setattr(batch, "batched", fake(p99_ms))
    assert [one.in_time for one in upwards(BUNDLE, SETTINGS, RUN.plan, lambda: False)] == in_time


def test_no_streams_are_added_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "batched", fake({1: 5.0}))
    assert list(upwards(BUNDLE, SETTINGS, RUN.plan, lambda: True)) == []


def test_equal_sounds_do_not_differ_and_half_as_loud_is_six_decibels() -> None:
    sound = np.random.default_rng(0).standard_normal((1000, 2)).astype(np.float32)
    same, half = differences(sound, sound), differences(sound, sound / 2)
    assert (same["largest"], same["level_db"]) == (0.0, 0.0)
    assert half["relative"] == pytest.approx(0.5)
    assert half["level_db"] == pytest.approx(-6.02, abs=0.01)
    assert half["correlation"] == pytest.approx(1.0)


def test_a_dry_run_is_on_the_cpu_and_short() -> None:
    run = gpu.planned(parser().parse_args(["--dry-run"]))
    assert run.devices == ("cpu",)
    assert run.plan.seconds < 1
