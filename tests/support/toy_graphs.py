"""A toy bundle: four graphs of a few operators with real states, in numpy and in ONNX, and what drives them by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import told_toy

from stereosync.bundle import Bundle, GraphSpec, TensorSpec, sha256_of, write_bundle
from stereosync.clock import Clock
from stereosync.cues import CueSpec
from stereosync.sampler import SCHEDULES
from stereosync_runners.fake import FakeRunner
from stereosync_runtime.budget import StageTimes
from stereosync_runtime.pipeline import Pipeline, ignore_times

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

DIM = 8
SAMPLES = (1, 2, Clock().samples_per_latent)
TOKENS = (1, 6, 10)

GRAPHS = {
    "cue_encoder": """
        (uint8[1,7,72,128] picture, uint8[1,6,5,32,32] crops, float[1,6,10] numbers, float[1,6,32,9] tracks,
         float[1,6] present) => (float[1,6,10] tokens)
        {
            axis = Constant <value_ints = [2]> ()
            mask = Unsqueeze (present, axis)
            tokens = Mul (numbers, mask)
        }""",
    "backbone": """
        (float[1] age_s, float[1,6,10] tokens, float[1,8] memory)
        => (float[1,8] context, float[1,8] memory_next)
        {
            seen = ReduceSum <keepdims = 0> (tokens)
            half = Constant <value_float = 0.5> ()
            kept = Mul (memory, half)
            with_age = Add (kept, age_s)
            all = Add (with_age, seen)
            context = Tanh (all)
            memory_next = Identity (context)
        }""",
    "flow_head": """
        (float[1,8] z, float[1] r, float[1] t, float[1,8] context) => (float[1,8] velocity)
        {
            away = Sub (z, context)
            span = Sub (t, r)
            velocity = Add (away, span)
        }""",
    "decoder": """
        (float[1,8] latent, float[1,2,960] noise, float[1,2,960] overlap)
        => (float[1,2,960] samples, float[1,2,960] overlap_next)
        {
            level = ReduceMean <keepdims = 0> (latent)
            tenth = Constant <value_float = 0.1> ()
            loud = Mul (level, tenth)
            made = Mul (noise, loud)
            half = Constant <value_float = 0.5> ()
            kept = Mul (overlap, half)
            samples = Add (made, kept)
            overlap_next = Identity (samples)
        }""",
}
STATES = {"backbone": (("memory", "memory_next"),), "decoder": (("overlap", "overlap_next"),)}


def cue_encoder(arrays: Arrays) -> dict[str, Array]:
    return {"tokens": arrays["numbers"] * arrays["present"][:, :, None]}


def backbone(arrays: Arrays) -> dict[str, Array]:
    total = arrays["memory"] * np.float32(0.5) + arrays["age_s"] + arrays["tokens"].sum()
    context = np.tanh(total)
    return {"context": context, "memory_next": context}


def flow_head(arrays: Arrays) -> dict[str, Array]:
    return {"velocity": arrays["z"] - arrays["context"] + (arrays["t"] - arrays["r"])}


def decoder(arrays: Arrays) -> dict[str, Array]:
    samples = arrays["noise"] * (arrays["latent"].mean() * np.float32(0.1)) + arrays["overlap"] * np.float32(0.5)
    return {"samples": samples, "overlap_next": samples}


FUNCTIONS = {"cue_encoder": cue_encoder, "backbone": backbone, "flow_head": flow_head, "decoder": decoder}


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass
class Toy:
    """The toy bundle on fake runners."""

    bundle: Bundle
    clock: HandClock
    runners: dict[str, FakeRunner]

    def pipeline(self, record: Callable[[StageTimes], None] = ignore_times) -> Pipeline:
        return Pipeline(self.bundle, self.runners, self.clock, record)


def _on_fakes(bundle: Bundle, functions: Mapping[str, Callable[[Arrays], dict[str, Array]]]) -> Toy:
    clock = HandClock()
    runners = {name: FakeRunner(functions[name], spec, clock.wait) for name, spec in bundle.graphs.items()}
    return Toy(bundle, clock, runners)


def graph_spec(name: str) -> GraphSpec:
    """The toy graph's signature, read from its text."""
    onnx = pytest.importorskip("onnx")
    graph = onnx.parser.parse_graph(f"{name} {GRAPHS[name]}")
    return GraphSpec(
        f"{name}.onnx", "", _tensors(graph.input), _tensors(graph.output), STATES.get(name, ()), "fp32", opset=20
    )


def _tensors(values: Any) -> tuple[TensorSpec, ...]:
    import onnx

    return tuple(
        TensorSpec(
            value.name,
            tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim),
            str(onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)),
        )
        for value in values
    )


@pytest.fixture(scope="session")
def toy_bundle() -> Bundle:
    """The toy's manifest, without files."""
    return Bundle(
        name="toy",
        version="0",
        clock=Clock(),
        cue_spec=CueSpec(),
        latent_dim=DIM,
        schedules={str(steps): times for steps, times in SCHEDULES.items()},
        graphs={name: graph_spec(name) for name in GRAPHS},
        max_lead_s=0.2,
    )


@pytest.fixture
def toy(toy_bundle: Bundle) -> Toy:
    """The toy bundle on fake runners that take no time."""
    return _on_fakes(toy_bundle, FUNCTIONS)


@pytest.fixture
def telling_toy(toy_bundle: Bundle) -> Toy:
    """The toy bundle with the arrays that can be told; its backbone writes down what it is given."""
    functions = FUNCTIONS | {"cue_encoder": told_toy.cue_encoder, "backbone": told_toy.Backbone()}
    return _on_fakes(told_toy.can_be_told(toy_bundle), functions)


@pytest.fixture(scope="session")
def toy_folder(toy_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy bundle as a folder of real ONNX graphs."""
    import onnx

    folder = tmp_path_factory.mktemp("toy")
    graphs = {}
    for name, text in GRAPHS.items():
        path = folder / f"{name}.onnx"
        onnx.save(onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 20]> {name} {text}'), path)
        graphs[name] = replace(toy_bundle.graphs[name], sha256=sha256_of(path))
    write_bundle(replace(toy_bundle, graphs=graphs), folder)
    return folder
