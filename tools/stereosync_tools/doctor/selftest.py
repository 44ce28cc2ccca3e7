"""A second of sound of somebody who walks, made on the processor: is it sound, and is it made in time?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from stereosync.bundle import Bundle
from stereosync.scene import Box, Camera, Float32Array, SceneFrame
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import Runner, RunnerError
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.stream import Made
from stereosync_tools.doctor.finding import REPORT, Finding

SECONDS = 1.0
FRAMES_HZ = 30
STEPS = 2  # as the service takes by default
SILENCE_DB = -90.0
CLIPPED = 0.01  # share of samples at full scale that is no accident
EASY, POSSIBLE = 0.5, 1.0  # seconds of work for a second of sound
FASTER = "stop what keeps the processor busy, or serve with --steps 1, or on an NVIDIA GPU with --device cuda"


@dataclass(frozen=True)
class Heard:
    """Figures of the sound that was made: errors that the pipeline concealed, the level of the weaker ear, the share of
    samples at full scale, and seconds of work for each second of sound."""

    errors: int
    level_db: float
    clipped: float
    steps: int
    work: float


def check_sound(heard: Heard) -> Finding:
    """A row of the report: the sound is finite, heard by both ears, and not clipped."""
    if heard.errors:
        text = f"{heard.errors} latents were not finite numbers"
        return Finding("self-test", "fail", text, f"pip install --force-reinstall onnxruntime, and {REPORT}")
    if heard.level_db < SILENCE_DB:
        return Finding("self-test", "fail", "an ear hears nothing", f"take another bundle, and {REPORT}")
    if heard.clipped > CLIPPED:
        text = f"{heard.clipped:.0%} of the samples are at full scale"
        return Finding("self-test", "warn", text, f"take another bundle, and {REPORT}")
    return Finding("self-test", "ok", f"a second of sound at {heard.level_db:.0f} dB, all of it finite")


def check_speed(heard: Heard) -> Finding:
    """A row of the report: a second of sound is made in time beside a game."""
    text = f"a second of sound takes {heard.work:.2f} s on one thread in {heard.steps} steps"
    if heard.work < EASY:
        return Finding("speed", "ok", text)
    if heard.work < POSSIBLE:
        return Finding("speed", "warn", f"{text}, which is tight beside a game", FASTER)
    return Finding("speed", "fail", f"{text}, which is too slow", FASTER)


def walker(seconds: float) -> list[SceneFrame]:
    """Frames of a box that goes from left to right in a grey room."""
    picture = np.full((72, 128, 3), 90, np.uint8)
    depth_m = np.full((72, 128), 5.0, np.float32)
    camera = Camera(math.radians(60), 16 / 9)
    frames = []
    for index in range(round(seconds * FRAMES_HZ)):
        left_px = 20.0 + 2 * index / seconds
        box = Box(1, "walker", left_px, 16.0, left_px + 16, 60.0)
        frames.append(SceneFrame(index, index / FRAMES_HZ, camera, picture, depth_m, (box,)))
    return frames


def play(
    pipeline: Pipeline, seconds: float = SECONDS, watch: Callable[[Made], None] = lambda _made: None
) -> tuple[Float32Array, int]:
    """Sound (n, 2) of the walker, and the sampler steps that it was made in."""
    steps = min(pipeline.ladder, key=lambda count: abs(count - STEPS))
    sound = render_tape(pipeline, pipeline.bundle.cue_spec, walker(seconds), seconds, steps=steps, watch=watch)
    return sound, steps


def listen(pipeline: Pipeline, clock: Callable[[], float], seconds: float = SECONDS) -> Heard:
    """Make sound with warm runners, and look at it."""
    pipeline.warm_up()
    started_s, broken = clock(), 0

    def count(made: Made) -> None:
        nonlocal broken
        broken += made.broken

    samples, steps = play(pipeline, seconds, count)
    work = (clock() - started_s) / seconds
    power = float(np.square(samples, dtype=np.float64).mean(axis=0).min())
    clipped = float((np.abs(samples) >= 1).mean())
    return Heard(broken, 10 * math.log10(max(power, 1e-20)), clipped, steps, work)


def check_playing(
    bundle: Bundle, runners: Callable[[], Mapping[str, Runner]], clock: Callable[[], float]
) -> list[Finding]:
    """Both rows of the report, or the reason why nothing can be made."""
    try:
        heard = listen(Pipeline(bundle, runners(), clock), clock)
    except (RunnerError, ValueError) as error:  # of which BundleError is one
        return [Finding("self-test", "fail", f"nothing can be made: {error}", "mend that, then run it again")]
    return [check_sound(heard), check_speed(heard)]


def look_at_playing(bundle: Bundle) -> list[Finding]:
    """The bundle on this machine's processor."""

    def open_runners() -> Mapping[str, Runner]:
        return load_runners(bundle, RunnerRequest("cpu"), say=lambda _text: None)

    return check_playing(bundle, open_runners, time.perf_counter)
