"""Serialized engines opened on the card, and the contexts in which they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.messages import ENGINE_TROUBLES, Said, new_logger, trouble

SCRATCH_ALIGNMENT_BYTES = 256


@dataclass(frozen=True, eq=False)
class Opened:
    """An engine on the card, with what must live as long as it does."""

    name: str
    trt: Any
    engine: Any
    said: Said
    keeps: tuple[Any, ...]  # logger and runtime

    @property
    def scratch_bytes(self) -> int:
        """Memory that a context needs while it runs; contexts that never run at once may share it."""
        return max(int(self.engine.device_memory_size_v2), SCRATCH_ALIGNMENT_BYTES)


def open_engine(trt: Any, name: str, serialized: bytes) -> Opened:
    """Put an engine on the card.

    Raises:
        RunnerError: it is of another version or card, damaged, or the card does not serve.
    """
    said = Said()
    logger = new_logger(trt, said)
    runtime = trt.Runtime(logger)
    engine = runtime.deserialize_cuda_engine(serialized)
    if engine is None:
        reason = _diagnosed(trt, runtime, serialized) or said.reason()
        raise RunnerError(f"the engine of {name} cannot be used: {trouble(reason, ENGINE_TROUBLES, 'build it again')}")
    return Opened(name, trt, engine, said, (runtime, logger))


def _diagnosed(trt: Any, runtime: Any, serialized: bytes) -> str:
    """The findings of the library's own check of an engine, where it has one."""
    if not hasattr(trt, "EngineInvalidityDiagnostics"):
        return ""
    _, found = runtime.get_engine_validity(serialized)
    known = trt.EngineInvalidityDiagnostics.__members__
    return ", ".join(name for name, flag in known.items() if int(found) & int(flag))


def new_context(opened: Opened, scratch: int) -> Any:
    """A context that uses memory at `scratch`.

    Raises:
        RunnerError: there is none to be had.
    """
    trt, engine = opened.trt, opened.engine
    managed = trt.ExecutionContextAllocationStrategy.USER_MANAGED
    if hasattr(trt, "DynamicShapesKernelSpecializationStrategy"):
        config = engine.create_runtime_config()
        config.set_execution_context_allocation_strategy(managed)
        # A kernel that is still to be compiled when a CUDA graph is captured would never get into it.
        config.dynamic_shapes_kernel_specialization_strategy = trt.DynamicShapesKernelSpecializationStrategy.EAGER
        context = engine.create_execution_context(config)
    else:
        context = engine.create_execution_context(managed)
    if context is None:
        reason = trouble(opened.said.reason(), ENGINE_TROUBLES, "build it again")
        raise RunnerError(f"the engine of {opened.name} makes no context: {reason}")
    context.set_device_memory(scratch, opened.scratch_bytes)
    return context
