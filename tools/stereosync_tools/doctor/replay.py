"""Runs of a graph, recorded from a stream on the processor and played to another runner: how far does it stray?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stereosync.bundle import Bundle
from stereosync_runners.runner import Array, Runner
from stereosync_runtime.pipeline import Pipeline
from stereosync_tools.doctor.selftest import play

SMALLEST = 1e-6  # what a relative error is taken of at least, as in the bundle's own parity figures
WARM_UP = 3  # runs that are not timed


@dataclass(frozen=True)
class Run:
    """One run of a graph: the inputs (1, ...) that are no states, and the outputs."""

    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]


@dataclass(frozen=True)
class Strayed:
    """The worst output's largest difference, and that over the largest right value; a run's median time."""

    largest: float
    relative: float
    p50_ms: float


@dataclass
class Recorder:
    """A runner that notes every run."""

    runner: Runner
    runs: list[Run] = field(default_factory=list)

    def initial(self) -> object:
        return self.runner.initial()

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        made, following = self.runner.run(inputs, states)
        self.runs.append(Run(_copied(inputs), _copied(made)))
        return made, following

    def save(self, state: object) -> dict[str, Array]:
        return self.runner.save(state)

    def load(self, arrays: Mapping[str, Array]) -> object:
        return self.runner.load(arrays)


def _copied(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: array.copy() for name, array in arrays.items()}


def record(bundle: Bundle, runners: Mapping[str, Runner], clock: Callable[[], float]) -> dict[str, list[Run]]:
    """Every run of every graph for a second of one stream, from its first."""
    recorders = {name: Recorder(runner) for name, runner in runners.items()}
    play(Pipeline(bundle, recorders, clock))
    return {name: recorder.runs for name, recorder in recorders.items()}


def replay(runner: Runner, runs: Sequence[Run], stateful: bool, clock: Callable[[], float]) -> Strayed:
    """Give another runner the same inputs in the same order, on states of its own."""
    states: list[Any] = [runner.initial()] if stateful else []
    made, times_s = [], []
    for run in runs:
        started_s = clock()
        outputs, states = runner.run(run.inputs, states)
        times_s.append(clock() - started_s)
        made.append(outputs)
    p50_ms = float(np.median(times_s[WARM_UP:] or times_s)) * 1000
    differences = [_difference(name, runs, made) for name in runs[0].outputs]
    largest, relative = np.max(differences, axis=0)  # which what is not a number passes through
    return Strayed(float(largest), float(relative), p50_ms)


def _difference(name: str, runs: Sequence[Run], made: Sequence[Mapping[str, Array]]) -> tuple[float, float]:
    """The largest difference of an output over all runs, and relative to its largest value."""
    true = np.stack([run.outputs[name] for run in runs])
    largest = float(np.abs(true - np.stack([outputs[name] for outputs in made])).max())
    return largest, largest / max(float(np.abs(true).max()), SMALLEST)
