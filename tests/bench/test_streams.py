"""Streams and crowd: what is held, when the search ends, and who serves how many clients."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from clients import Arrival, Heard, Place
from crowd import CrowdPlan, Report
from server import COUNTERS, ServerOptions, counted, reported
from streams import notes, parser, row, search
from trial import Trial, judged

CHUNK_SAMPLES = 1920
PLAN = CrowdPlan(Place("", ""), count=2, processes=2, seconds=4.0)
ON_TIME = Arrival(slack_s=0.03, age_s=0.05, compute_ms=8.0, steps=2, samples=CHUNK_SAMPLES)


def trial(arrivals: list[Arrival], underruns: int = 0, **service: int) -> Trial:
    """Two sessions that heard the same."""
    heard = Heard(arrivals, Counter(underruns=underruns))
    counters = {**dict.fromkeys(COUNTERS, 0), **service}
    live = {"stages": {"chunk": {"p95_ms": 9.5}}}
    return judged(PLAN, ServerOptions(), [Report((heard,), 0.2), Report((heard,), 0.2)], counters, live, 2.0)


def test_a_trial_without_faults_is_held() -> None:
    found = trial([ON_TIME] * 100)
    assert found.held
    assert (found.received, found.expected) == (200, 200)
    assert (found.service_cores, found.client_cores) == (0.5, 0.1)
    assert found.chunk_p95_ms == 9.5
    assert row(found)[-1] == "held"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"arrivals": [ON_TIME] * 99 + [replace(ON_TIME, slack_s=-0.001)]}, "late at clients"),
        ({"arrivals": [ON_TIME] * 99 + [replace(ON_TIME, steps=0)]}, "concealed"),
        ({"arrivals": [ON_TIME] * 99 + [replace(ON_TIME, steps=1)]}, "degraded"),
        ({"arrivals": [ON_TIME] * 90}, "missing"),
        ({"arrivals": [ON_TIME] * 100, "underruns": 1}, "underruns"),
        ({"arrivals": [ON_TIME] * 100, "late_chunks": 1}, "late at the service"),
        ({"arrivals": [ON_TIME] * 100, "degraded_chunks": 1}, "degraded"),
    ],
)
def test_any_fault_on_either_side_is_told_and_not_held(bad: dict[str, Any], words: str) -> None:
    found = trial(**bad)
    assert not found.held
    assert len(found.faults) == 1
    assert words in found.faults[0]
    assert words in notes([found], "")[0]


def test_the_search_goes_upwards_and_ends_with_the_first_that_is_not_held() -> None:
    tried = list(search([8, 1, 4, 2], lambda count: replace(trial([ON_TIME] * 100), count=count, late=count // 4)))
    assert [one.count for one in tried] == [1, 2, 4]
    assert [one.held for one in tried] == [True, True, False]


@pytest.mark.parametrize(("count", "processes", "shares"), [(1, 2, [1]), (5, 2, [3, 2]), (6, 3, [2, 2, 2])])
def test_every_client_is_served_by_one_process(count: int, processes: int, shares: list[int]) -> None:
    assert replace(PLAN, count=count, processes=processes).shares() == shares


def test_a_precision_is_asked_of_the_service_only_if_one_was_given() -> None:
    assert "--precision" not in ServerOptions().arguments()
    assert ServerOptions(precision="int8", chunk_ms=60).arguments()[-2:] == ["--precision", "int8"]
    assert "--chunk-ms" in ServerOptions().arguments()


def test_what_was_counted_before_does_not_count() -> None:
    before = dict.fromkeys(COUNTERS, 3)
    assert counted(before, {**before, "late_chunks": 5}) == {**dict.fromkeys(COUNTERS, 0), "late_chunks": 2}


def test_a_report_that_lacks_a_figure_has_no_number() -> None:
    assert reported({"stages": {"chunk": {"p95_ms": 3}}}, "stages", "chunk", "p95_ms") == 3.0
    assert reported({}, "stages", "chunk", "p95_ms") != reported({}, "stages", "chunk", "p95_ms")


def test_the_command_line_takes_the_counts() -> None:
    found = parser().parse_args(["--counts", "1", "3", "--seconds", "5", "--steps", "4"])
    assert (found.counts, found.seconds, found.steps) == ([1, 3], 5.0, 4)
