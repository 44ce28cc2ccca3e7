"""A whole tape at once, without pacing: what evaluation and the offline audition hear. Equal input, equal samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from stereosync.cues import CueSpec
from stereosync.scene import Float32Array, SceneFrame
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.sight import aged, latent_ages, look, unsighted
from stereosync_runtime.stream import Made, Part

ROUNDING_S = 1e-9  # times are sums of floats


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
