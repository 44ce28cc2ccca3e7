"""The cost of one stream: the time of every stage and chunk, and compute time over audio time.

    python bench/latency.py [--device cpu] [--precision default fp32] [--steps 1 2 4] [--threads 1 2] [--out FILE.json]

Every combination of devices, precisions, steps and threads makes the same stream, cue code included, without waiting.
They take turns, round after round, so that their ratios come from one run; figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from conditions import machine, told
from one_stream import StreamPlan, StreamTimes, make_stream
from rich.console import Console, Group
from setting import BUNDLES_CHOICE, Setting, runners_for, why
from tables import console, median_of, ratio, table, tracked, write_json
from walkers import CHARACTERS, PICTURE

from stereosync.bundle import Bundle
from stereosync_runners.devices import device_of
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.pipeline import Pipeline

STAGES = ("cues", "cue_encoder", "backbone", "flow_head", "decoder")
POINTS = ("p50", "p95", "p99")
NO_CASE_SERVED = 1
STREAM = "not paced, cues included"


@dataclass(frozen=True)
class Case:
    """One combination."""

    setting: Setting
    steps: int

    def __str__(self) -> str:
        return f"{self.setting}, {self.steps} step{'s' if self.steps > 1 else ''}"


@dataclass(frozen=True)
class Outcome:
    """One case over all rounds, or why it was not measured. Flat figures of each round; see `StreamTimes.figures`."""

    case: Case
    rounds: tuple[Mapping[str, float], ...] = ()
    reason: str = ""

    @property
    def figures(self) -> dict[str, float]:
        """Medians over the rounds."""
        return median_of([dict(one) for one in self.rounds])


def cases(
    devices: Sequence[str], precisions: Sequence[str], steps: Sequence[int], threads: Sequence[int]
) -> list[Case]:
    """All combinations; the number of threads is the CPU's alone."""
    every = (
        Case(Setting(device, precision, thread if device == "cpu" else 1), step)
        for device, precision, thread, step in itertools.product(devices, precisions, threads, steps)
    )
    return list(dict.fromkeys(every))


def load(bundle: Bundle, settings: Sequence[Setting]) -> tuple[dict[Setting, Mapping[str, Any]], dict[Setting, str]]:
    """Warm runners by setting, and why the others have none."""
    runners: dict[Setting, Mapping[str, Any]] = {}
    reasons: dict[Setting, str] = {}
    for setting in dict.fromkeys(settings):
        try:
            runners[setting] = runners_for(bundle, setting)
            warm(bundle, runners[setting])
        except Exception as error:
            runners.pop(setting, None)
            reasons[setting] = why(error)
    return runners, reasons


def warm(bundle: Bundle, runners: Mapping[str, Any]) -> None:
    """Run every graph a few times."""
    Pipeline(bundle, runners, time.perf_counter).warm_up()


def measure(
    bundle: Bundle, asked: Sequence[Case], plan: StreamPlan, rounds: int, screen: Console
) -> tuple[list[Outcome], dict[str, str]]:
    """Every case in every round, and the device that each setting really ran on."""
    runners, reasons = load(bundle, [case.setting for case in asked])
    served = [case for case in asked if case.setting in runners]
    found: dict[Case, list[dict[str, float]]] = {case: [] for case in served}
    turns = [(number, case) for number in range(rounds) for case in served]
    for _, case in tracked(turns, lambda turn: f"round {turn[0] + 1}: {turn[1]}", screen):
        found[case].append(one_round(bundle, runners[case.setting], replace(plan, steps=case.steps)))
    outcomes = [Outcome(case, tuple(found.get(case, ())), reasons.get(case.setting, "")) for case in asked]
    return outcomes, {str(setting): device_of(made["backbone"]) for setting, made in runners.items()}


def one_round(bundle: Bundle, runners: Mapping[str, Any], plan: StreamPlan) -> dict[str, float]:
    """One stream's figures."""
    times = StreamTimes()
    return make_stream(Pipeline(bundle, runners, time.perf_counter, times.stages), plan, times).figures()


def rows(outcomes: Sequence[Outcome]) -> list[list[object]]:
    """RTF, its ratio to that of the first case, time to the first sound and percentiles of chunks, in ms."""
    measured = [outcome for outcome in outcomes if outcome.rounds]
    return [_row(outcome, measured[0]) for outcome in measured]


def _row(outcome: Outcome, base: Outcome) -> list[object]:
    figures = outcome.figures
    slower = ratio([one["rtf"] for one in outcome.rounds], [one["rtf"] for one in base.rounds])
    chunk = [figures[f"chunk_{point}_ms"] for point in POINTS]
    return [str(outcome.case), figures["rtf"], slower, figures["first_sound_ms"], *chunk]


def stage_rows(outcomes: Sequence[Outcome]) -> list[list[object]]:
    """Percentiles of one run of every stage, in ms."""
    return [
        [
            str(outcome.case),
            *(_joined([outcome.figures[f"{stage}_{point}_ms"] for point in POINTS]) for stage in STAGES),
        ]
        for outcome in outcomes
        if outcome.rounds
    ]


def _joined(values: Sequence[float]) -> str:
    return "/".join(f"{value:.2f}" for value in values)


def notes(outcomes: Sequence[Outcome]) -> list[str]:
    """The cases that were not measured, and why."""
    reasons = {f"{outcome.case.setting}: {outcome.reason}" for outcome in outcomes if outcome.reason}
    return [f"not measured: {reason}" for reason in sorted(reasons)]


def tables(outcomes: Sequence[Outcome]) -> tuple[Group, Group]:
    """Stages, and what they come to."""
    stages = tuple(f"{stage} {'/'.join(POINTS)}" for stage in STAGES)
    columns = ("case", "RTF", "x first", "first sound ms", *(f"chunk {point} ms" for point in POINTS))
    return (
        table("One stream: ms a run of a stage, medians over the rounds", ("case", *stages), stage_rows(outcomes)),
        table("One stream: medians over the rounds", columns, rows(outcomes), notes(outcomes)),
    )


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the file has it."""
    case = {**asdict(outcome.case.setting), "steps": outcome.case.steps}
    if not outcome.rounds:
        return {**case, "reason": outcome.reason}
    return {**case, "median": outcome.figures, "rounds": [dict(one) for one in outcome.rounds]}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description="What one stream costs.")
    out.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH")
    out.add_argument("--device", nargs="+", default=["cpu"])
    out.add_argument("--precision", nargs="+", default=[BUNDLES_CHOICE], help=f"fp32, int8, fp16 or {BUNDLES_CHOICE}")
    out.add_argument("--steps", nargs="+", type=int, help="default: all that the bundle has")
    out.add_argument("--threads", nargs="+", type=int, default=[1])
    out.add_argument("--seconds", type=float, default=10.0, help="of sound, in each round")
    out.add_argument("--rounds", type=int, default=3)
    out.add_argument("--chunk-ms", type=int, default=40)
    out.add_argument("--fps", type=float, default=30.0)
    out.add_argument("--out", type=Path, metavar="FILE.json")
    return out


def main() -> int:
    """Measure and print."""
    options, screen = parser().parse_args(), console()
    bundle = open_bundle(options.bundle)
    steps = options.steps or sorted(int(steps) for steps in bundle.schedules)
    stream = {name: getattr(options, name) for name in ("fps", "chunk_ms", "seconds", "rounds")}
    found = machine(bundle=bundle.name, picture=PICTURE, characters=CHARACTERS, **stream, stream=STREAM)
    screen.print(told(found), highlight=False)
    plan = StreamPlan(options.seconds, steps[0], options.chunk_ms, options.fps)
    asked = cases(options.device, options.precision, steps, options.threads)
    outcomes, devices = measure(bundle, asked, plan, options.rounds, screen)
    screen.print(*tables(outcomes), sep="\n")
    write_json(options.out, {"conditions": {**found, "devices": devices}, "runs": [as_json(one) for one in outcomes]})
    return 0 if any(outcome.rounds for outcome in outcomes) else NO_CASE_SERVED


if __name__ == "__main__":
    sys.exit(main())
