"""Offline use in a few lines: frames to sound with a bundle, as a whole."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from stereosync.bundle import check_steps
from stereosync.errors import UserError, file_troubles
from stereosync.scene import Float32Array, SceneFrame
from stereosync_bridge.tape import TapeReader, frames
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.repeated_tape import demo_tape_path

DEMO = "demo"


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
