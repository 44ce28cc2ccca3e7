"""A runner that is a function of arrays: for tests of what stands above runners, without ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stereosync.bundle import GraphSpec
from stereosync_runners.onnx_runner import Row, gathered, zero_row
from stereosync_runners.runner import Array, RunnerError

Arrays = Mapping[str, Array]


@dataclass
class FakeRunner:
    """Takes `cost_s`, which `wait` is told, for every run; `spoil` may change what comes out.

    `function` maps the inputs of one stream (1, ...) to all outputs, next states among them.
    """

    function: Callable[[Arrays], dict[str, Array]]
    spec: GraphSpec
    wait: Callable[[float], None] = lambda _seconds: None
    cost_s: float = 0.0
    spoil: Callable[[dict[str, Array]], dict[str, Array]] = lambda outputs: outputs

    def initial(self) -> Row:
        return zero_row(self.spec)

    def run(self, inputs: Arrays, states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        """Row by row, so that what mixes a batch does not pass unseen."""
        self.wait(self.cost_s)
        count = len(next(iter(inputs.values())))
        rows = [self._alone(inputs, states, index) for index in range(count)]
        made = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
        following = {name: made.pop(replaced) for name, replaced in self.spec.states}
        return made, [Row(following, index) for index in range(count)] if states else []

    def _alone(self, inputs: Arrays, states: Sequence[object], index: int) -> dict[str, Array]:
        given = {name: array[index : index + 1] for name, array in inputs.items()}
        return self.spoil(self.function(given | (gathered([_row(states[index])]) if states else {})))

    def save(self, state: object) -> dict[str, Array]:
        row = _row(state)
        return {name: array[row.index : row.index + 1].copy() for name, array in row.arrays.items()}

    def load(self, arrays: Arrays) -> Row:
        return Row(arrays, 0)


def _row(state: object) -> Row:
    if not isinstance(state, Row):
        raise RunnerError(f"a {type(state).__name__} is no state of a fake")
    return state
