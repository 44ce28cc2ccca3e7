"""Runners for comparing: the declared modules in PyTorch, and a reference whose every run is held against others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from stereosync.bundle import GraphSpec
from stereosync_export.graphs import Graph
from stereosync_runners.onnx_runner import Row, gathered, zero_row
from stereosync_runners.runner import Array, Runner, RunnerError

SMALLEST = 1e-6  # what a relative error is taken of at least


class TorchRunner:
    """A declared module as a runner: arrays in, arrays out, states as rows."""

    def __init__(self, graph: Graph, spec: GraphSpec) -> None:
        self._graph, self._spec = graph, spec

    def initial(self) -> Row:
        return zero_row(self._spec)

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        given = {**inputs, **(gathered([_row(state) for state in states]) if states else {})}
        tensors = {  # what nothing depends on is not given
            name: torch.from_numpy(np.ascontiguousarray(given[name])) if name in given else example
            for name, example in self._graph.inputs.items()
        }
        wanted = {tensor.name for tensor in self._spec.outputs}  # a bundle of before may have fewer
        made = {name: value.numpy() for name, value in self._graph.run(tensors).items() if name in wanted}
        following = {name: made.pop(replaced) for name, replaced in self._spec.states}
        return made, [Row(following, index) for index in range(len(states))]

    def save(self, state: object) -> dict[str, Array]:
        row = _row(state)
        return {name: array[row.index : row.index + 1].copy() for name, array in row.arrays.items()}

    def load(self, arrays: Mapping[str, Array]) -> Row:
        return Row(arrays, 0)


def _row(state: object) -> Row:
    if not isinstance(state, Row):
        raise RunnerError(f"a {type(state).__name__} is no state of a module in PyTorch")
    return state


@dataclass
class Deviation:
    """The error of one tensor over many runs."""

    largest: float = 0.0  # difference
    magnitude: float = 0.0  # of the truth, at most
    finite: int = 0  # values that are finite
    values: int = 0

    def add(self, true: Array, made: Array) -> None:
        """One more run."""
        good = np.isfinite(made)
        self.values += made.size
        self.finite += int(good.sum())
        self.largest = max(self.largest, float(np.abs(true[good] - made[good]).max(initial=0.0)))
        self.magnitude = max(self.magnitude, float(np.abs(true).max(initial=0.0)))

    @property
    def relative(self) -> float:
        """Largest difference over the largest magnitude of the truth; infinite where a value is not finite."""
        return self.largest / max(self.magnitude, SMALLEST) if self.finite == self.values else float("inf")


@dataclass(eq=False)
class ComparedRunner:
    """Runs the reference, feeds every other runner the very same inputs and states, and notes how far each strays."""

    reference: Runner
    others: Mapping[str, Runner]
    deviations: dict[str, dict[str, Deviation]] = field(default_factory=dict)  # by other, then by tensor

    def initial(self) -> object:
        return self.reference.initial()

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        made, following = self.reference.run(inputs, states)
        kept = [self.reference.save(state) for state in states]
        true = [self.reference.save(state) for state in following]
        for name, runner in self.others.items():
            theirs, ends = runner.run(inputs, [runner.load(arrays) for arrays in kept])
            self._compare(name, made, theirs)
            for truth, end in zip(true, ends, strict=True):
                self._compare(name, truth, runner.save(end))
        return made, following

    def _compare(self, other: str, true: Mapping[str, Array], made: Mapping[str, Array]) -> None:
        deviations = self.deviations.setdefault(other, {})
        for name, values in true.items():
            deviations.setdefault(name, Deviation()).add(values, made[name])

    def save(self, state: object) -> dict[str, Array]:
        return self.reference.save(state)

    def load(self, arrays: Mapping[str, Array]) -> object:
        return self.reference.load(arrays)
