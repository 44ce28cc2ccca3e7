"""Offline, without pacing: frames to sound with a bundle, as a whole. Equal input, equal samples."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from stereosync.bundle import check_steps
from stereosync.cues import CueSpec
from stereosync.errors import UserError, file_troubles
from stereosync.scene import Float32Array, SceneFrame
from stereosync_bridge.tape import TapeReader, frames
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.sight import aged, latent_ages, look, unsighted
from stereosync_runtime.stream import Made, Part

DEMO = "demo"
ROUNDING_S = 1e-9  # times are sums of floats


def generate(
    frames: Iterable[SceneFrame],
    bundle: str = DEFAULT_BUNDLE,
    seed: int = 0,
    seconds: float | None = None,
    steps: int = 2,
    lead_s: float = 0.0,
    device: str = "cpu",
) -> Float32Array:
    """Stereo sound of frames, (round(seconds * 48000), 2) in [-1, 1]. Equal arguments give equal samples.

    Args:
        frames: in order of `capture_time_s`, where 0 is the first sample; they are read as the sound goes on.
        bundle: the name of a packaged bundle, or the path of an exported folder.
        seconds: how much sound; by default until one frame's time after the last frame, so that they must end.
        steps: of the sampler, 1, 2 or 4.
        lead_s: only frames that are at least so old are seen, as a live service has them.
        device: "cpu", "cuda", "tensorrt", "rtx" or "auto".

    Raises:
        BundleError, RunnerError: the bundle or the device does not serve.
        UserError: `steps` or `seconds` is out of its rule, or there are no frames to tell how long.
    """
    if seconds is None:
        frames = list(frames)
        seconds = _duration_s(frames)
    if not 0 < seconds < float("inf"):
        raise UserError(f"seconds must be above 0, got {seconds}")
    opened = open_bundle(bundle)
    check_steps(opened, steps)
    runners = load_runners(opened, RunnerRequest(device), say=lambda _text: None)
    pipeline = Pipeline(opened, runners, time.perf_counter)
    return render_tape(pipeline, opened.cue_spec, frames, seconds, lead_s, steps, seed)


def _duration_s(frames: list[SceneFrame]) -> float:
    if not frames:
        raise UserError("there are no frames: give some, or say how many seconds of sound are wanted")
    first_s, last_s = frames[0].capture_time_s, frames[-1].capture_time_s
    return last_s + (last_s - first_s) / max(len(frames) - 1, 1)


def tape_frames(tape: str | Path = DEMO) -> Iterator[SceneFrame]:
    """The frames of a tape, the first at time 0; "demo" is the tape that ships with the package.

    Raises:
        UserError, TapeError, WireError: the tape cannot be read.
    """
    with file_troubles():
        reader = TapeReader(demo_tape_path() if tape == DEMO else Path(tape))
        first_s: float | None = None
        for time_s, frame in frames(reader):
            first_s = time_s if first_s is None else first_s
            yield replace(frame, capture_time_s=time_s - first_s)


def demo_tape_path() -> Path:
    """The tape that ships with the package."""
    return Path(str(files("stereosync_runtime") / "demo.tape"))


def render_tape(
    pipeline: Pipeline,
    spec: CueSpec,
    frames: Iterable[SceneFrame],
    duration_s: float,
    lead_s: float = 0.1,
    steps: int = 2,
    seed: int = 0,
    chunk_latents: int | None = None,
    watch: Callable[[Made], None] = lambda _made: None,
) -> Float32Array:
    """Sound (round(duration_s * rate), 2) of `frames`, which are in order of capture time; time 0 is the first sample.

    Each chunk is made from the newest frame that is at least `lead_s` older than the chunk's start, so that the model
    predicts ahead as it must when it runs live. Every frame passes the cue code once, in order. `watch` is shown every
    chunk as it was made.
    """
    clock = pipeline.bundle.clock
    latents = chunk_latents or clock.chunk_latents
    total = round(duration_s * clock.sample_rate_hz)
    coming = iter(frames)
    frame, sight, state = next(coming, None), unsighted(spec), pipeline.initial(seed)
    pieces: list[Float32Array] = [np.zeros((0, 2), dtype=np.float32)]
    for start in range(0, total, latents * clock.samples_per_latent):
        start_s = clock.seconds(start)
        while frame is not None and frame.capture_time_s <= start_s - lead_s + ROUNDING_S:
            sight = look(spec, sight, frame)
            frame = next(coming, None)
        sight = aged(sight, start_s - lead_s)
        ages_s, _ = latent_ages(start_s, sight.captured_s(start_s), latents, clock.latent_s, pipeline.bundle.max_lead_s)
        (made,) = pipeline.step_batch([Part(state, sight.newest, ages_s)], steps)
        state, sight = made.state, replace(sight, tokens=made.tokens)
        pieces.append(made.samples)
        watch(made)
    return np.concatenate(pieces)[:total]
