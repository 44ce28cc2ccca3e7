"""The inputs and outputs of an engine, and whether they are those of the bundle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stereosync.bundle import GraphSpec, TensorSpec
from stereosync_runners.runner import RunnerError, plain_inputs, plain_outputs, state_inputs

FREE = -1  # a dimension that is given when the engine runs: batch or pool
ROWS, FRESH = "slots", "fresh"  # inputs by the names that bundles give them

DTYPES = {
    "FLOAT": "float32",
    "HALF": "float16",
    "BF16": "bfloat16",
    "INT8": "int8",
    "INT32": "int32",
    "INT64": "int64",
    "UINT8": "uint8",
    "BOOL": "bool",
}


@dataclass(frozen=True)
class Binding:
    """One input or output: shape with `FREE` for free dimensions, dtype by numpy's name."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    is_input: bool


Bindings = tuple[Binding, ...]


def pool_of(state: str) -> tuple[str, str]:
    """The pooled graph's input and output for a state."""
    return f"pool_{state}", f"next_pool_{state}"


def expected_bindings(spec: GraphSpec) -> Bindings:
    """The inputs and outputs of a graph's device form, which is pooled if the graph has states."""
    return tuple(_expected(spec))


def _expected(spec: GraphSpec) -> Iterator[Binding]:
    yield from (_free(tensor.name, tensor, True) for tensor in plain_inputs(spec))
    yield from (_free(tensor.name, tensor, False) for tensor in plain_outputs(spec))
    for tensor in state_inputs(spec):
        read, written = pool_of(tensor.name)
        yield _free(read, tensor, True)
        yield _free(written, tensor, False)
    if spec.states:
        yield Binding(ROWS, (FREE,), "int64", True)
        yield Binding(FRESH, (FREE,), "bool", True)


def _free(name: str, tensor: TensorSpec, is_input: bool) -> Binding:
    return Binding(name, (FREE, *tensor.shape[1:]), tensor.dtype, is_input)


def network_bindings(network: Any) -> Bindings:
    """The inputs and outputs of a parsed network."""
    inputs = [_binding(network.get_input(index), True) for index in range(network.num_inputs)]
    outputs = [_binding(network.get_output(index), False) for index in range(network.num_outputs)]
    return (*inputs, *outputs)


def _binding(tensor: Any, is_input: bool) -> Binding:
    return Binding(tensor.name, tuple(tensor.shape), _dtype(tensor.dtype), is_input)


def engine_bindings(trt: Any, engine: Any) -> Bindings:
    """The inputs and outputs of an engine that was deserialized."""
    names = [engine.get_tensor_name(index) for index in range(engine.num_io_tensors)]
    return tuple(
        Binding(
            name,
            tuple(engine.get_tensor_shape(name)),
            _dtype(engine.get_tensor_dtype(name)),
            engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT,
        )
        for name in names
    )


def _dtype(dtype: Any) -> str:
    return DTYPES.get(dtype.name, str(dtype.name))


def check_bindings(bindings: Iterable[Binding], expected: Iterable[Binding], graph: str) -> None:
    """Compare an engine's tensors with those that the bundle says.

    Raises:
        RunnerError: the message names the tensor that disagrees.
    """
    said = {binding.name: binding for binding in expected}
    real = {binding.name: binding for binding in bindings}
    for name in sorted(said.keys() | real.keys()):
        if said.get(name) != real.get(name):
            raise RunnerError(
                f"the engine of graph {graph} and the manifest disagree about {name!r}: the engine has "
                f"{_in_words(real.get(name))} and the manifest {_in_words(said.get(name))}; export the bundle again"
            )


def _in_words(binding: Binding | None) -> str:
    if binding is None:
        return "none"
    return f"{'an input' if binding.is_input else 'an output'} {list(binding.shape)} {binding.dtype}"
