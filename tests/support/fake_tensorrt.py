"""Toy graphs for TensorRT, plain and pooled; a library and a card made of numpy and ONNX Runtime."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stereosync.bundle import GraphSpec, TensorSpec
from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.cuda import Card

if TYPE_CHECKING:
    import onnx

Array = npt.NDArray[Any]

WEIGHTS = np.linspace(-0.6, 0.7, 16, dtype=np.float32).reshape(4, 4)
ROW = (1, 4)
SPECS = {
    "plain": GraphSpec("plain.onnx", "", (TensorSpec("x", ROW),), (TensorSpec("y", ROW),), batched=True),
    "pooled": GraphSpec(
        "pooled.onnx",
        "",
        (TensorSpec("x", ROW), TensorSpec("m", ROW)),
        (TensorSpec("y", ROW), TensorSpec("next_m", ROW)),
        states=(("m", "next_m"),),
        batched=True,
    ),
}
TEXTS = {
    "plain": """<ir_version: 10, opset_import: ["" : 20]>
        plain (float[batch,4] x) => (float[batch,4] y) { a = MatMul (x, w)  y = Tanh (a) }""",
    "pooled": """<ir_version: 10, opset_import: ["" : 20]>
        pooled (float[batch,4] x, float[pool,4] pool_m, int64[batch] slots, bool[batch] fresh)
        => (float[batch,4] y, float[pool,4] next_pool_m)
        {
            axis = Constant <value_ints = [1]> ()
            zero = Constant <value_float = 0.0> ()
            kept = Gather <axis = 0> (pool_m, slots)
            f = Unsqueeze (fresh, axis)
            m = Where (f, zero, kept)
            s = Add (m, x)
            y = MatMul (s, w)
            next = Tanh (y)
            column = Unsqueeze (slots, axis)
            next_pool_m = ScatterND (pool_m, column, next)
        }""",
}


def model_of(kind: str) -> onnx.ModelProto:
    import onnx.parser
    from onnx import numpy_helper

    model = onnx.parser.parse_model(TEXTS[kind])
    model.graph.initializer.append(numpy_helper.from_array(WEIGHTS, "w"))
    return model


def stepped(x: Array, m: Array | float) -> tuple[Array, Array]:
    """What the pooled toy makes of a row (1, 4): its output and its next state."""
    y = (m + x) @ WEIGHTS
    return y, np.tanh(y)


@dataclass(frozen=True)
class Toys:
    """The toy graphs as files and as their bytes, by kind."""

    paths: Mapping[str, Path]
    serialized: Mapping[str, bytes]


class FakeCuda:
    """A card whose memory is numpy. What is put on its stream is done when somebody waits for it, not before."""

    def __init__(self, capturable: bool = True) -> None:
        self.memory: dict[int, Array] = {}
        self.queue: list[Callable[[], None]] = []
        self.capturing: list[Callable[[], None]] | None = None
        self.capturable = capturable
        self.captures = self.launches = self.graphs = 0
        self.streams: set[int] = set()
        self._addresses = itertools.count(1 << 20, 1 << 20)

    def card(self) -> Card:
        return Card("Toy 1", 90, "13.0")

    def allocate(self, size_bytes: int) -> int:
        assert 0 < size_bytes < 1 << 20
        address = next(self._addresses)
        self.memory[address] = np.full(size_bytes, 255, np.uint8)  # not a number, until somebody writes
        return address

    def free(self, address: int) -> None:
        del self.memory[address]

    def pinned(self, shape: Sequence[int], dtype: npt.DTypeLike) -> Array:
        return np.zeros(shape, dtype)

    def view(self, address: int, size_bytes: int) -> Array:
        base = address >> 20 << 20
        block = self.memory[base][address - base :]
        assert len(block) >= size_bytes
        return block[:size_bytes]

    def put(self, work: Callable[[], None]) -> None:
        (self.queue if self.capturing is None else self.capturing).append(work)

    def clear(self, address: int, size_bytes: int, stream: int) -> None:
        assert stream in self.streams
        self.put(lambda: self.view(address, size_bytes).fill(0))

    def copy_in(self, address: int, array: Array, stream: int) -> None:
        assert stream in self.streams
        assert array.flags.c_contiguous
        self.put(lambda: np.copyto(self.view(address, array.nbytes), array.view(np.uint8).reshape(-1)))

    def copy_out(self, array: Array, address: int, stream: int) -> None:
        assert stream in self.streams
        assert array.flags.c_contiguous
        self.put(lambda: np.copyto(array.view(np.uint8).reshape(-1), self.view(address, array.nbytes)))

    def new_stream(self) -> int:
        stream = next(self._addresses)
        self.streams.add(stream)
        return stream

    def free_stream(self, stream: int) -> None:
        self.streams.remove(stream)

    def wait(self, stream: int) -> None:
        assert stream in self.streams
        assert self.capturing is None
        queue, self.queue = self.queue, []
        for work in queue:
            work()

    def begin_capture(self, stream: int) -> None:
        assert stream in self.streams
        assert not self.queue
        self.capturing = []

    def end_capture(self, stream: int) -> object:
        assert stream in self.streams
        noted, self.capturing = self.capturing, None
        self.captures += 1
        if not self.capturable:
            raise RunnerError("CUDA refuses cudaStreamEndCapture (invalidated)")
        self.graphs += 1
        return noted

    def launch(self, graph: Any, stream: int) -> None:
        assert stream in self.streams
        self.launches += 1
        for work in graph:
            self.put(work)

    def free_graph(self, _graph: object) -> None:
        self.graphs -= 1


class FakeDtype(IntEnum):
    FLOAT = 1
    INT64 = 7
    BOOL = 9


class FakeSeverity(IntEnum):
    ERROR = 1
    WARNING = 2
    VERBOSE = 4


def fake_tensor(value: Any) -> Any:
    kind = value.type.tensor_type
    shape = tuple(dim.dim_value if dim.HasField("dim_value") else -1 for dim in kind.shape.dim)
    return SimpleNamespace(name=value.name, shape=shape, dtype=FakeDtype(kind.elem_type))


class FakeContext:
    def __init__(self, engine: FakeEngine, cuda: FakeCuda, how: Any) -> None:
        self.engine, self.cuda, self.how = engine, cuda, how
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.addresses: dict[str, int] = {}
        self.scratch = (0, 0)
        self.executed = 0
        self.fails = False

    def set_device_memory(self, memory: int, size: int) -> None:
        assert len(self.cuda.view(memory, size)) == size
        self.scratch = (memory, size)

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        self.shapes[name] = shape
        return shape[0] <= self.engine.largest

    def set_tensor_address(self, name: str, address: int) -> bool:
        self.addresses[name] = address
        return name in self.engine.tensors

    def execute_async_v3(self, stream: int) -> bool:
        assert stream in self.cuda.streams
        assert self.scratch[1] >= self.engine.device_memory_size_v2
        self.executed += 1
        if self.fails or self.engine.fails:
            self.engine.log(FakeSeverity.ERROR, "Error Code 1: Myelin (an illegal memory access)")
            return False
        self.cuda.put(self._compute)
        return True

    def _compute(self) -> None:
        given = {name: self._array(name, self.shapes[name]) for name in self.shapes}
        names = [name for name in self.addresses if name not in self.shapes]
        for name, made in zip(names, self.engine.session.run(names, given), strict=True):
            self._array(name, made.shape)[...] = made

    def _array(self, name: str, shape: tuple[int, ...]) -> Array:
        dtype = np.dtype({"FLOAT": "f4", "INT64": "i8", "BOOL": "?"}[self.engine.tensors[name].dtype.name])
        size_bytes = int(np.prod(shape)) * dtype.itemsize
        return self.cuda.view(self.addresses[name], size_bytes).view(dtype).reshape(shape)


class FakeEngine:
    device_memory_size_v2 = 1000
    largest = 1000
    fails = False

    def __init__(self, serialized: bytes, cuda: FakeCuda, log: Callable[[Any, str], None]) -> None:
        import onnx
        import onnxruntime

        graph = onnx.load_from_string(serialized).graph
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(serialized, options, providers=["CPUExecutionProvider"])
        self.tensors = {value.name: fake_tensor(value) for value in (*graph.input, *graph.output)}
        self.inputs = [value.name for value in graph.input]
        self.num_io_tensors = len(self.tensors)
        self.cuda, self.log = cuda, log
        self.contexts: list[FakeContext] = []

    def get_tensor_name(self, index: int) -> str:
        return list(self.tensors)[index]

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.tensors[name].shape)

    def get_tensor_dtype(self, name: str) -> Any:
        return self.tensors[name].dtype

    def get_tensor_mode(self, name: str) -> str:
        return "input" if name in self.inputs else "output"

    def create_runtime_config(self) -> Any:
        config = SimpleNamespace(dynamic_shapes_kernel_specialization_strategy=None, strategy=None)
        config.set_execution_context_allocation_strategy = lambda strategy: setattr(config, "strategy", strategy)
        return config

    def create_execution_context(self, how: Any) -> FakeContext:
        self.contexts.append(FakeContext(self, self.cuda, how))
        return self.contexts[-1]


class FakeLibrary:
    """As much of the library's module as is used; an engine is the bytes of its ONNX file."""

    __version__ = "10.14.1"
    TensorIOMode = SimpleNamespace(INPUT="input")
    ExecutionContextAllocationStrategy = SimpleNamespace(USER_MANAGED="user managed")

    NetworkDefinitionCreationFlag = SimpleNamespace(STRONGLY_TYPED=1)
    MemoryPoolType = SimpleNamespace(WORKSPACE="workspace")
    BuilderFlag = SimpleNamespace(TF32="tf32")

    ComputeCapability: SimpleNamespace  # these three only where a test says that the library has them
    EngineInvalidityDiagnostics: SimpleNamespace
    DynamicShapesKernelSpecializationStrategy: SimpleNamespace

    class ILogger:
        """Whose `log` the library calls."""

    def __init__(self, cuda: FakeCuda) -> None:
        self.cuda = cuda
        self.refuses = ""  # what opening an engine says, if it fails
        self.engines: list[FakeEngine] = []
        self.gives_up = ""  # what building says, if it fails
        self.built = 0
        self.shapes: dict[str, Any] = {}  # of the profile

    def Runtime(self, logger: Any) -> Any:
        return SimpleNamespace(deserialize_cuda_engine=lambda serialized: self._opened(serialized, logger))

    def _opened(self, serialized: bytes, logger: Any) -> FakeEngine | None:
        if self.refuses:
            logger.log(FakeSeverity.ERROR, self.refuses)
            return None
        self.engines.append(FakeEngine(serialized, self.cuda, logger.log))
        return self.engines[-1]

    def Builder(self, logger: Any) -> Any:
        nothing = dict.fromkeys(("set_memory_pool_limit", "clear_flag", "set_compute_capability"), ignore)
        profile = SimpleNamespace(set_shape=lambda name, *shapes: self.shapes.update({name: shapes}))
        return SimpleNamespace(
            create_network=lambda _flags: SimpleNamespace(),
            create_builder_config=lambda: SimpleNamespace(add_optimization_profile=ignore, **nothing),
            create_optimization_profile=lambda: profile,
            build_serialized_network=lambda network, _config: self._serialized(network, logger),
        )

    def OnnxParser(self, network: Any, _logger: Any) -> Any:
        return SimpleNamespace(parse_from_file=lambda path: self._parsed(network, Path(path)))

    def _parsed(self, network: Any, path: Path) -> bool:
        import onnx

        graph = onnx.load(path).graph
        network.serialized = path.read_bytes()
        network.num_inputs, network.num_outputs = len(graph.input), len(graph.output)
        network.get_input = lambda index: fake_tensor(graph.input[index])
        network.get_output = lambda index: fake_tensor(graph.output[index])
        return True

    def _serialized(self, network: Any, logger: Any) -> bytes | None:
        if self.gives_up:
            logger.log(FakeSeverity.ERROR, self.gives_up)
            return None
        self.built += 1
        return bytes(network.serialized)


def ignore(*_arguments: Any) -> None:
    """Does nothing."""
