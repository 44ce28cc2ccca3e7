"""A whole tape at once, without pacing: what evaluation and the offline audition hear. Equal input, equal samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from stereosync.cues import Cues, CueSpec, CueState, encode
from stereosync.scene import Float32Array, SceneFrame
from stereosync_runtime.empty_scene import without_characters
from stereosync_runtime.pacing import STALE_S, latent_ages
from stereosync_runtime.picture_size import shrunk
from stereosync_runtime.pipeline import Pipeline


def render_tape(
    pipeline: Pipeline,
    spec: CueSpec,
    frames: Iterable[SceneFrame],
    duration_s: float,
    lead_s: float = 0.1,
    steps: int = 2,
    seed: int = 0,
    chunk_latents: int | None = None,
) -> Float32Array:
    """Sound (round(duration_s * rate), 2) of `frames`, which are in order of capture time; time 0 is the first sample.

    Each chunk is made from the newest frame that is at least `lead_s` older than the chunk's start, so that the model
    predicts ahead as it must when it runs live. Every frame passes the cue code once, in order.
    """
    clock = pipeline.bundle.clock
    latents = chunk_latents or clock.chunk_latents
    total = round(duration_s * clock.sample_rate_hz)
    newest = _Newest(spec, frames)
    state = pipeline.initial(seed)
    tokens, cues = pipeline.no_cues(), None
    pieces: list[Float32Array] = [np.zeros((0, 2), dtype=np.float32)]
    for start in range(0, total, latents * clock.samples_per_latent):
        start_s = clock.seconds(start)
        found = newest.at(start_s - lead_s)
        if found is not None and found is not cues:
            tokens, cues = pipeline.encode(found), found
        capture_s = start_s if cues is None or newest.stale else cues.capture_time_s
        ages_s, _ = latent_ages(start_s, capture_s, latents, clock.latent_s, pipeline.bundle.max_lead_s)
        state, samples = pipeline.step(state, tokens, ages_s, steps)
        pieces.append(samples)
    return np.concatenate(pieces)[:total]


class _Newest:
    """The cues of the newest frame at a time that only goes forward; without its characters once it is stale."""

    def __init__(self, spec: CueSpec, frames: Iterable[SceneFrame]) -> None:
        self._spec = spec
        self._frames: Iterator[SceneFrame] = iter(frames)
        self._next = next(self._frames, None)
        self._state = CueState()
        self._cues: Cues | None = None
        self.stale = False

    def at(self, time_s: float) -> Cues | None:
        while self._next is not None and self._next.capture_time_s <= time_s + 1e-9:  # times are sums of floats
            self._state, self._cues = encode(self._spec, self._state, shrunk(self._next))
            self._next, self.stale = next(self._frames, None), False
        if self._cues is not None and not self.stale and time_s - self._cues.capture_time_s > STALE_S:
            self._cues, self.stale = without_characters(self._cues), True
        return self._cues
