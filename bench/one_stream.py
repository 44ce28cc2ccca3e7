"""One stream as it is made live, but without waiting: cue code, then the pipeline."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from tables import percentiles_ms
from walkers import Reel

from stereosync.bundle import Bundle
from stereosync.cues import CueState, encode
from stereosync.scene import Float32Array, SceneFrame
from stereosync_runtime.budget import StageTimes
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.sight import latent_ages

LEAD_S = 0.1


@dataclass(frozen=True)
class StreamPlan:
    """The plan of a stream: `seconds` of sound in chunks of `chunk_ms`, from `fps` frames a second."""

    seconds: float
    steps: int
    chunk_ms: int = 40
    fps: float = 30.0

    @property
    def chunks(self) -> int:
        return max(1, round(self.seconds * 1000 / self.chunk_ms))

    def latents(self, bundle: Bundle) -> int:
        """Latents in a chunk."""
        return round(self.chunk_ms / 1000 / bundle.clock.latent_s)

    def frames(self) -> Iterator[tuple[float, list[SceneFrame]]]:
        """The time of each chunk in the stream, and the frames that came since the one before."""
        reel, shown = Reel(), 0
        for number in range(self.chunks):
            start_s = number * self.chunk_ms / 1000
            until = int(start_s * self.fps) + 1
            yield start_s, [reel.frame(index, index / self.fps) for index in range(shown, until)]
            shown = max(shown, until)


@dataclass
class StreamTimes:
    """The times of a stream. A chunk's has all in it: cues of the frames since the last one, and every graph."""

    stages_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    chunks_s: list[float] = field(default_factory=list)
    pieces: list[Float32Array] = field(default_factory=list)  # (n, 2) each
    audio_s: float = 0.0

    def stages(self, times: StageTimes) -> None:
        """Runs of stages; a pipeline takes it as its recorder."""
        for name, seconds in times:
            self.stages_s[name].append(seconds)

    @property
    def rtf(self) -> float:
        """Compute time over audio time."""
        return sum(self.chunks_s) / self.audio_s

    @property
    def sound(self) -> Float32Array:
        """All samples (n, 2)."""
        return np.concatenate(self.pieces)

    def figures(self) -> dict[str, float]:
        """Flat figures: `rtf`, `first_sound_ms` (from the first frame to the first chunk), percentiles by stage."""
        out = {"rtf": self.rtf, "first_sound_ms": self.chunks_s[0] * 1000}
        for name, seconds in {**self.stages_s, "chunk": self.chunks_s}.items():
            out |= {f"{name}_{point}": value for point, value in percentiles_ms(seconds).items()}
        return out


def make_stream(pipeline: Pipeline, plan: StreamPlan, times: StreamTimes) -> StreamTimes:
    """One stream from its beginning; everything is added to `times`, which should be the pipeline's recorder."""
    bundle, latents = pipeline.bundle, plan.latents(pipeline.bundle)
    state, cue_state, captured_s = pipeline.initial(0), CueState(), 0.0
    for start_s, frames in plan.frames():
        began_s = time.perf_counter()
        for frame in frames:
            seen_s, captured_s = time.perf_counter(), frame.capture_time_s
            cue_state, cues = encode(bundle.cue_spec, cue_state, frame)
            times.stages([("cues", time.perf_counter() - seen_s)])
        if frames:
            tokens = pipeline.encode(cues)
        ages_s, _ = latent_ages(start_s + LEAD_S, captured_s, latents, bundle.clock.latent_s, bundle.max_lead_s)
        state, samples = pipeline.step(state, tokens, ages_s, plan.steps)
        times.chunks_s.append(time.perf_counter() - began_s)
        times.pieces.append(samples)
        times.audio_s += bundle.clock.seconds(len(samples))
    return times
