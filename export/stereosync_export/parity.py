"""Parity: what the exported graphs compute against what PyTorch computes, per graph and over a whole stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch

from stereosync.bundle import Bundle
from stereosync.cues import Cues, CueState, encode
from stereosync.sampler import sample
from stereosync.scene import Box, Camera, SceneFrame
from stereosync_export.graphs import Graph

LIMITS = {"fp32": 1e-4, "fp16": 2e-2, "int8": 1e-1}  # largest relative error of any graph
STREAM_S, FRAME_EVERY = 10.0, 2  # latents per frame
SURE = 0.3  # chances above it are taken for contacts
AGE_S = 0.08
Arrays = dict[str, npt.NDArray[Any]]
Runner = Callable[[str, Arrays], Arrays]


def torch_runner(graphs: list[Graph]) -> Runner:
    """Runs the declared modules on arrays."""
    by_name = {graph.name: graph for graph in graphs}

    def run(name: str, inputs: Arrays) -> Arrays:
        graph = by_name[name]
        made = graph.run({key: torch.from_numpy(np.ascontiguousarray(inputs[key])) for key in graph.inputs})
        return {key: value.numpy() for key, value in made.items()}

    return run


def onnx_runner(bundle: Bundle) -> Runner:
    """Runs the bundle's graphs with ONNX Runtime on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    sessions = {
        name: onnxruntime.InferenceSession(str(bundle.folder / graph.file), options, providers=["CPUExecutionProvider"])
        for name, graph in bundle.graphs.items()
    }

    def run(name: str, inputs: Arrays) -> Arrays:
        graph = bundle.graphs[name]
        names = [output.name for output in graph.outputs]
        made = sessions[name].run(names, {spec.name: inputs[spec.name] for spec in graph.inputs})
        return dict(zip(names, made, strict=True))

    return run


def relative_error(true: npt.NDArray[Any], made: npt.NDArray[Any]) -> float:
    """Largest absolute difference over the largest magnitude of the truth."""
    return float(np.abs(true - made).max() / max(float(np.abs(true).max()), 1e-6))


def graph_errors(graphs: list[Graph], bundle: Bundle) -> dict[str, float]:
    """Relative error of each graph on inputs as a stream has them: each graph is fed with PyTorch's own values."""
    reference, made = torch_runner(graphs), onnx_runner(bundle)
    errors: dict[str, float] = {}

    def both(name: str, inputs: Arrays) -> Arrays:
        true, ours = reference(name, inputs), made(name, inputs)
        errors[name] = max(errors.get(name, 0.0), *(relative_error(true[key], ours[key]) for key in true))
        return true

    stream(both, graphs, bundle, seconds=1.0)
    return errors


def stream(run: Runner, graphs: list[Graph], bundle: Bundle, seconds: float, seed: int = 0) -> npt.NDArray[np.float32]:
    """A stream on its own history over made-up frames: samples (n, 2). The same seed draws the same noise."""
    rng = np.random.default_rng(seed)
    shapes = {graph.name: {name: tuple(x.shape) for name, x in graph.inputs.items()} for graph in graphs}
    state: Arrays = {
        name: np.zeros(shapes[graph.name][name], np.float32) for graph in graphs for name, _ in graph.states
    }
    latent = np.zeros((1, bundle.latent_dim), np.float32)
    cue_state, tokens, contacts, out = CueState(), {}, np.zeros(0, np.float32), []
    for i in range(round(seconds * bundle.clock.latent_rate_hz)):
        if i % FRAME_EVERY == 0:
            cue_state, cues = encode(bundle.cue_spec, cue_state, moving_frame(i, i * bundle.clock.latent_s))
            tokens = run("cue_encoder", cue_inputs(cues))
            contacts = (tokens.pop("forecast") > SURE).astype(np.float32)
        age_s = np.array([AGE_S], np.float32)
        blurred = latent + bundle.history_noise * rng.standard_normal(latent.shape, np.float32)
        made = run("backbone", {"latent": blurred, "age_s": age_s, **tokens, "contacts": contacts, **state})
        state |= {name: made[output] for name, output in (("window", "next_window"), ("filled", "next_filled"))}
        latent = _latent(run, made["context"], rng, bundle)
        noise = rng.standard_normal(shapes["decoder"]["noise"], np.float32)
        sound = run("decoder", {"latent": latent, "noise": noise, **state})
        state |= {name.removeprefix("next_"): value for name, value in sound.items() if name != "samples"}
        out.append(sound["samples"][0].T)
    return np.concatenate(out)


def _latent(run: Runner, context: npt.NDArray[Any], rng: np.random.Generator, bundle: Bundle) -> npt.NDArray[Any]:
    def velocity(z: npt.NDArray[Any], r: float, t: float) -> npt.NDArray[Any]:
        times = {"r": np.array([r], np.float32), "t": np.array([t], np.float32)}
        return run("flow_head", {"z": z, **times, "context": context})["velocity"]

    start = np.float32(bundle.sampler_noise) * rng.standard_normal((1, bundle.latent_dim), np.float32)
    return np.asarray(sample(velocity, start, bundle.schedules["2"]), np.float32)


def cue_inputs(cues: Cues) -> Arrays:
    """Cue arrays with a batch in front, by the graph's input names."""
    return {name: getattr(cues, name)[None] for name in ("picture", "crops", "numbers", "tracks", "present")}


def moving_frame(index: int, time_s: float) -> SceneFrame:
    """A made-up frame: textured ground, a figure that crosses the picture."""
    height, width = 90, 160
    y, x = np.mgrid[:height, :width]
    picture = np.stack([(x * 3 + y * 5) % 256, (x + y) % 256, y * 2 % 256], axis=-1).astype(np.uint8)
    depth = np.where(y > 40, 120.0 / np.maximum(y - 39.0, 1.0), np.inf).astype(np.float32)
    left = 20 + 30 * time_s % 100 + 2 * np.sin(11 * time_s)
    box = Box(1, "person", left, 30.0, left + 14 + 3 * np.cos(11 * time_s), 70.0)
    return SceneFrame(index, time_s, Camera(0.9, width / height), picture, depth, (box,))


def measure(graphs: list[Graph], bundle: Bundle) -> dict[str, Any]:
    """Everything that is written into the bundle: per graph, and over a stream of ten seconds."""
    true = stream(torch_runner(graphs), graphs, bundle, STREAM_S)
    made = stream(onnx_runner(bundle), graphs, bundle, STREAM_S)
    return {
        "graphs": graph_errors(graphs, bundle),
        "stream_seconds": STREAM_S,
        "stream_max_error": float(np.abs(true - made).max()),
        "stream_relative_error": relative_error(true, made),
        "engine": f"onnxruntime {onnxruntime.__version__} CPU against torch {torch.__version__}",
    }
