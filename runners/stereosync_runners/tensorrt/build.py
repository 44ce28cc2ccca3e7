"""A graph's ONNX file to an engine. One made ahead of time cannot be opened without its card, so its tensors are read
from the network that it was built from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import NATIVE, Backend, check_request, import_library
from stereosync_runners.tensorrt.bindings import FREE, Binding, Bindings, network_bindings
from stereosync_runners.tensorrt.messages import (
    CARD_TROUBLES,
    Progress,
    Said,
    ignore_progress,
    new_logger,
    new_monitor,
    trouble,
)

MIB = 1 << 20


@dataclass(frozen=True)
class BuildOptions:
    """Options of a build: the batch at least, usually and at most; rows of the pools, which are fixed; what the builder
    may use of the card's memory; the compute capabilities to build for (`NATIVE`: of the card that is here)."""

    batch: tuple[int, int, int] = (1, 4, 64)
    pool_rows: int = 65
    workspace_mib: int = 1024
    capabilities: tuple[int, ...] = NATIVE

    @property
    def profile(self) -> str:
        """The shapes it can run, for the key."""
        return f"batch {'/'.join(map(str, self.batch))}, pool {self.pool_rows}"

    @property
    def other(self) -> str:
        """The other options, for the key."""
        return f"workspace {self.workspace_mib} MiB, no TF32"


@dataclass(frozen=True)
class Built:
    """A serialized engine, its tensors, and the seconds that building it took."""

    engine: bytes
    bindings: Bindings
    seconds: float


def build_engine(
    backend: Backend,
    name: str,
    graph: Path,
    options: BuildOptions,
    clock: Callable[[], float],
    progress: Progress = ignore_progress,
) -> Built:
    """Build an engine of the ONNX file `graph`, which messages call `name`.

    Args:
        clock: seconds; only its differences are used.
        progress: told phases and shares, from threads of the library.

    Raises:
        RunnerError: the library is missing, does not serve the cards asked for, or cannot take the graph.
    """
    check_request(backend, options.capabilities)
    trt, said = import_library(backend), Said()
    logger = new_logger(trt, said)
    builder = _builder(trt, logger, backend, said)
    started_s = clock()
    network, parser = _parsed(trt, builder, logger, name, graph)
    bindings = network_bindings(network)
    config = _config(trt, builder, backend, bindings, options)
    monitor = new_monitor(trt, progress)
    if monitor is not None:
        config.progress_monitor = monitor
    serialized = builder.build_serialized_network(network, config)
    del parser  # it owns the weights, so it must live until here
    if serialized is None:
        raise RunnerError(f"{backend.module} cannot build graph {name}: {_not_built(said.reason(), backend, options)}")
    return Built(bytes(serialized), bindings, clock() - started_s)


def _builder(trt: Any, logger: Any, backend: Backend, said: Said) -> Any:
    try:
        return trt.Builder(logger)
    except TypeError as error:  # how its bindings report that there is none
        raise RunnerError(
            f"{backend.module} has no builder here: {trouble(said.reason(), CARD_TROUBLES, 'use --device cuda or cpu')}"
        ) from error


def _parsed(trt: Any, builder: Any, logger: Any, name: str, graph: Path) -> tuple[Any, Any]:
    """The network and its parser. The precision is in the graph, so the network is strongly typed."""
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, logger)
    if not parser.parse_from_file(str(graph)):
        errors = "; ".join(_parser_error(parser.get_error(index)) for index in range(parser.num_errors))
        raise RunnerError(f"graph {name} ({graph.name}) cannot be parsed: {errors}; export the bundle again")
    return network, parser


def _parser_error(error: Any) -> str:
    if error.node() < 0:
        return str(error.desc())
    return f"node {error.node_name() or error.node()}, operator {error.node_operator()}: {error.desc()}"


def _config(trt: Any, builder: Any, backend: Backend, bindings: Bindings, options: BuildOptions) -> Any:
    config = builder.create_builder_config()
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, options.workspace_mib * MIB)
    config.clear_flag(trt.BuilderFlag.TF32)  # what the graph calls float32 stays that
    if hasattr(trt.BuilderFlag, "REQUIRE_USER_ALLOCATION"):
        config.set_flag(trt.BuilderFlag.REQUIRE_USER_ALLOCATION)  # or runs cannot be captured as CUDA graphs
    if backend.ahead:
        _set_capabilities(trt, config, options.capabilities)
    profile = builder.create_optimization_profile()
    for binding in bindings:
        if binding.is_input and FREE in binding.shape:
            profile.set_shape(binding.name, *_shapes(binding, options))
    config.add_optimization_profile(profile)
    return config


def _set_capabilities(trt: Any, config: Any, capabilities: tuple[int, ...]) -> None:
    names = [f"SM{capability}" for capability in capabilities] or ["CURRENT"]
    config.num_compute_capabilities = len(names)
    for index, name in enumerate(names):
        config.set_compute_capability(getattr(trt.ComputeCapability, name), index)


def _shapes(binding: Binding, options: BuildOptions) -> list[tuple[int, ...]]:
    """Least, usual and largest shape of an input."""
    sizes = (options.pool_rows,) * 3 if binding.name.startswith("pool_") else options.batch
    return [tuple(size if length == FREE else length for length in binding.shape) for size in sizes]


def _not_built(reason: str, backend: Backend, options: BuildOptions) -> str:
    if backend.ahead and options.capabilities == NATIVE and "cuda" in reason.lower():
        return f"there is no card that it could be built for ({reason}): name some with --sm, as 86,89"
    return trouble(reason, CARD_TROUBLES, "use --device cuda, and report it with the bundle's name")
