"""Graphs in ONNX Runtime, with states on the host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.bundle import GraphSpec, TensorSpec
from stereosync.bundle_spec import BATCH, CHARACTERS
from stereosync_runners.runner import Array, Form, RunnerError, state_inputs, zeros

Provider = tuple[str, dict[str, str]]

ONNX_TYPES = {
    "float32": "tensor(float)",
    "uint8": "tensor(uint8)",
    "int64": "tensor(int64)",
    "float16": "tensor(float16)",
    "bool": "tensor(bool)",
}


@dataclass(frozen=True, eq=False)
class Row:
    """One stream's state: a row of arrays (B, ...), by the name of the input."""

    arrays: Mapping[str, Array]
    index: int


def zero_row(spec: GraphSpec) -> Row:
    """The state before the first run."""
    return Row({tensor.name: zeros(tensor) for tensor in state_inputs(spec)}, 0)


def gathered(rows: Sequence[Row]) -> dict[str, Array]:
    """The states of a batch (B, ...): without a copy where they still lie together as a run left them."""
    first = rows[0].arrays
    together = all(row.arrays is first and row.index == index for index, row in enumerate(rows))
    if together and all(len(array) == len(rows) for array in first.values()):
        return dict(first)
    return {name: np.concatenate([row.arrays[name][row.index : row.index + 1] for row in rows]) for name in first}


class OnnxRunner:
    """A graph in ONNX Runtime, with states on the host.

    Args:
        form: the graph's file to run: the spec itself or one of its other forms, which must not be pooled.
        providers: execution providers in order of preference, with their options; the first must really serve.

    Raises:
        RunnerError: the graph's signature is not what the bundle says, or the first provider does not serve it.
    """

    def __init__(
        self, folder: Path, spec: GraphSpec, providers: Sequence[Provider], threads: int = 1, form: Form | None = None
    ) -> None:
        self.form = form or spec
        self._spec = spec
        self._providers, self._threads = providers, threads
        self._path = folder / self.form.file
        # Shapes that are known at load are worth a tenth of a run: one stream, the usual case, has its own session.
        self._one = open_session(self._path, providers, threads, 1 if spec.batched else None)
        self._many: Any = None
        self.provider: str = self._one.get_providers()[0]
        self.device = device_name(self.provider)
        self.trims: bool = getattr(self.form, "trimmed", False)  # empty slots of characters may be left out
        check_provider(self.provider, providers[0][0], self._path)
        check_signature(self._path, "inputs", spec.inputs, self._one.get_inputs())
        check_signature(self._path, "outputs", spec.outputs, self._one.get_outputs())
        self._outputs = [output.name for output in spec.outputs]

    def initial(self) -> Row:
        """Zeros."""
        return zero_row(self._spec)

    def run(self, inputs: Mapping[str, Array], states: Sequence[Any] = ()) -> tuple[dict[str, Array], list[Any]]:
        """Outputs and next states. A graph that is not batched runs once for each stream."""
        batch = len(next(iter(inputs.values())))
        given = {**inputs, **(gathered(states) if states else {})}
        made = self._made(given, batch)
        following = {name: made.pop(replaced) for name, replaced in self._spec.states}
        return made, [Row(following, index) for index in range(batch)] if states else []

    def save(self, state: Any) -> dict[str, Array]:
        """Copies of the state's row."""
        return {name: array[state.index : state.index + 1].copy() for name, array in state.arrays.items()}

    def load(self, arrays: Mapping[str, Array]) -> Row:
        """A row of its own."""
        return Row(arrays, 0)

    def _made(self, given: Mapping[str, Array], batch: int) -> dict[str, Array]:
        if batch == 1:
            return dict(zip(self._outputs, self._one.run(self._outputs, given), strict=True))
        if not self._spec.batched:
            alone = [self._made({name: array[i : i + 1] for name, array in given.items()}, 1) for i in range(batch)]
            return {name: np.concatenate([made[name] for made in alone]) for name in self._outputs}
        if self._many is None:
            self._many = open_session(self._path, self._providers, self._threads)
        return dict(zip(self._outputs, self._many.run(self._outputs, given), strict=True))


def open_session(
    path: Path,
    providers: Sequence[Provider],
    threads: int = 1,
    batch: int | None = None,
    config: Mapping[str, str] | None = None,
    free: Mapping[str, int] | None = None,
) -> Any:
    """An ONNX Runtime session; `batch` and `free` fix free dimensions, `config` are session entries.

    Raises:
        RunnerError: the file does not load.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # a provider that cannot load is reported by `check_provider`, in one sentence
    # Spinning threads take the cores that the game needs, and on a busy machine they are slower than none.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    for name, value in (config or {}).items():
        options.add_session_config_entry(name, value)
    for name, size in {**(free or {}), **({} if batch is None else {BATCH: batch})}.items():
        options.add_free_dimension_override_by_name(name, size)
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=list(providers))
    except Exception as error:  # ONNX Runtime's errors have no common class of their own
        raise RunnerError(f"{path.name} does not load ({first_line(error)}): export the bundle again") from error


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def check_provider(found: str, asked: str, path: Path) -> None:
    """ONNX Runtime falls back to the CPU with no more than a printed line; only the session's own list tells."""
    if found != asked:
        raise RunnerError(
            f"{path.name} runs on {found} where {asked} was asked for: its libraries or driver are missing; "
            "stereosync-doctor says which; or use --device auto"
        )


def check_signature(path: Path, side: str, specs: Sequence[TensorSpec], found: Sequence[Any]) -> None:
    """Compare the graph's own tensors with the manifest's, the batch apart.

    Raises:
        RunnerError: the message names the tensor that disagrees.
    """
    said = {spec.name: (list(spec.shape[1:]), ONNX_TYPES.get(spec.dtype, spec.dtype)) for spec in specs}
    real = {tensor.name: (_as_said(tensor.shape[1:], said.get(tensor.name)), tensor.type) for tensor in found}
    for name in sorted(said.keys() | real.keys()):
        if said.get(name) != real.get(name):
            raise RunnerError(
                f"{path.name} and the manifest disagree about {side} {name!r}: the graph has {real.get(name, 'none')} "
                f"and the manifest {said.get(name, 'none')}; export the bundle again"
            )


def _as_said(real: Sequence[Any], said: tuple[list[int], str] | None) -> list[Any]:
    """A graph's own shape; what it leaves free among the characters is as the manifest has it."""
    shape = said[0] if said is not None and len(said[0]) == len(real) else real
    return [size if free == CHARACTERS else free for free, size in zip(real, shape, strict=True)]


def device_name(provider: str) -> str:
    """The project's name of the device behind a provider."""
    return {"CPUExecutionProvider": "cpu", "CUDAExecutionProvider": "cuda"}.get(provider, "ort-tensorrt")
