"""For every test: a tiny model as checkpoint and as bundle, made once a session by the real exporter; graphics."""

from __future__ import annotations

import copy
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import programs
import pytest
from made_scenes import SceneMaker

from stereosync.scene import Box, Camera, SceneFrame

if TYPE_CHECKING:
    import onnx
    from export_makers import Trace

    from stereosync_export.graphs import Graph
    from stereosync_model.model import Model

SEED = 5
LEVEL = 6.0  # nepers below full scale, of the patches that the tiny codec is fitted to
PARITY_STREAM_S = 1.0
VELOCITY_SCALE = 0.5  # of the flow head's last layer, which starts at zero and would make every latent its own noise


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`tiny.safetensors`: the model of the recipe `tiny` with weights drawn from a fixed seed."""
    import torch

    from stereosync_model.checkpoint import save_checkpoint
    from stereosync_model.model import Model
    from stereosync_training.recipe import read_recipe

    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = Model(read_recipe(Path("tiny")).model)
        torch.nn.init.normal_(model.generator.flow_head.out.weight, std=VELOCITY_SCALE)
        model.generator.noise_shares.fill_(0.3)
        model.patches.fit(torch.randn(1000, *model.patches.mean.shape) - LEVEL)
    path = tmp_path_factory.mktemp("checkpoint") / "tiny.safetensors"
    save_checkpoint(path, model, {"recipe": "tiny", "trained": False})
    return path


@pytest.fixture(scope="session")
def tiny_model(tiny_checkpoint: Path) -> Model:
    """The model of `tiny_checkpoint`, without gradients. Not to be changed: take a deep copy first."""
    from stereosync_model.checkpoint import load_checkpoint

    return load_checkpoint(tiny_checkpoint)[0].requires_grad_(False)


@pytest.fixture(scope="session")
def traced() -> Trace:
    """The real trace, which remembers by the graph's name: tracing takes most of an export's time. For `tiny_model`."""
    from stereosync_export import to_onnx

    models: dict[tuple[str, int, bool], onnx.ModelProto] = {}
    trace = to_onnx.trace

    def trace_once(graph: Graph, opset: int, trimmed: bool = False) -> onnx.ModelProto:
        if (graph.name, opset, trimmed) not in models:
            models[graph.name, opset, trimmed] = trace(graph, opset, trimmed)
        return copy.deepcopy(models[graph.name, opset, trimmed])

    return trace_once


@pytest.fixture(scope="session")
def tiny_bundle(tiny_checkpoint: Path, traced: Trace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `tiny`: a bundle of the tiny checkpoint in fp32."""
    from stereosync_export import to_onnx
    from stereosync_export.adapter import CheckpointAdapter
    from stereosync_export.build import ExportOptions, build_bundle

    folder = tmp_path_factory.mktemp("bundles") / "tiny"
    options = ExportOptions(stream_s=PARITY_STREAM_S)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(to_onnx, "trace", traced)
        return build_bundle(CheckpointAdapter.load(tiny_checkpoint), folder, options, say=lambda _: None).folder


@pytest.fixture(scope="session")
def graphics() -> None:
    """Skips, and says so in the summary, where nothing can be drawn."""
    from stereosync_scenes.graphics import GraphicsUnavailable, canvas

    try:
        canvas(256, 144)
    except GraphicsUnavailable as error:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"NO PICTURE IS TESTED: {error}", stacklevel=1)
        pytest.skip(f"NO PICTURE IS TESTED: {error}")


@pytest.fixture(scope="session")
def scene() -> SceneMaker:
    """A small frame at `time_s` with one box that walks to the right."""

    def make(time_s: float = 0.0, index: int = 0) -> SceneFrame:
        picture = np.full((36, 64, 3), 90, np.uint8)
        depth_m = np.full((18, 32), 5.0, np.float32)
        box = Box(1, "walker", 20.0 + index % 20, 8.0, 28.0 + index % 20, 30.0)
        return SceneFrame(index, time_s, Camera(math.radians(60), 16 / 9), picture, depth_m, (box,))

    return make


@pytest.fixture(scope="session")
def csharp_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The C# client's test program, compiled once: bridge/CONFORMANCE.md says what it does."""
    return programs.build_csharp(tmp_path_factory.mktemp("csharp"))


@pytest.fixture(scope="session")
def cpp_program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The C++ client's test program, compiled once."""
    return programs.build_cpp(tmp_path_factory.mktemp("cpp"))
