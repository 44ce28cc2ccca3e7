"""Engines: one graph each, plain arrays in, plain arrays out. The pipeline knows nothing else of ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from stereosync.bundle import GraphSpec, TensorSpec

Array = npt.NDArray[Any]

ONNX_TYPES = {
    "float32": "tensor(float)",
    "uint8": "tensor(uint8)",
    "int64": "tensor(int64)",
    "float16": "tensor(float16)",
}


class EngineError(RuntimeError):
    """A graph that cannot be run as asked; the message says why and what to do."""


class Engine(Protocol):
    """One graph that runs."""

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name, for every input by name; shapes and dtypes as the graph's `GraphSpec` has them."""
        ...


class OnnxEngine:
    """A graph in ONNX Runtime.

    Args:
        providers: execution providers in order of preference, with their options; the first must really serve.

    Raises:
        EngineError: the graph's signature is not what the bundle says, or the first provider does not serve it.
    """

    def __init__(
        self, path: Path, spec: GraphSpec, providers: Sequence[tuple[str, dict[str, str]]], threads: int = 1
    ) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # a provider that cannot load is reported below, in one sentence
        # Spinning threads take the cores that the game needs, and on a busy machine they are slower than none.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=list(providers))
        except Exception as error:  # ONNX Runtime's errors have no common class of their own
            raise EngineError(f"{path.name} does not load ({_first_line(error)}): export the bundle again") from error
        self.provider: str = self._session.get_providers()[0]
        _check_provider(self.provider, providers[0][0], path)
        _check_signature(path, "inputs", spec.inputs, self._session.get_inputs())
        _check_signature(path, "outputs", spec.outputs, self._session.get_outputs())
        self._outputs = [output.name for output in spec.outputs]

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name."""
        return dict(zip(self._outputs, self._session.run(self._outputs, dict(inputs)), strict=True))


def zeros(spec: TensorSpec) -> Array:
    """A zero array of a tensor's shape and dtype."""
    return np.zeros(spec.shape, dtype=np.dtype(spec.dtype))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _check_provider(found: str, asked: str, path: Path) -> None:
    """ONNX Runtime falls back to the CPU with no more than a printed line; only the session's own list tells."""
    if found != asked:
        raise EngineError(
            f"{path.name} runs on {found} where {asked} was asked for: its libraries or driver are missing; "
            "install them or use --device auto"
        )


def _check_signature(path: Path, side: str, specs: Sequence[TensorSpec], found: Sequence[Any]) -> None:
    said = {spec.name: (list(spec.shape), ONNX_TYPES.get(spec.dtype, spec.dtype)) for spec in specs}
    real = {tensor.name: (list(tensor.shape), tensor.type) for tensor in found}
    for name in sorted(said.keys() | real.keys()):
        if said.get(name) != real.get(name):
            raise EngineError(
                f"{path.name} and the manifest disagree about {side} {name!r}: the graph has {real.get(name, 'none')} "
                f"and the manifest {said.get(name, 'none')}; export the bundle again"
            )
