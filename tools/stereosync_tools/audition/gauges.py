"""Gauges: what a client measures by itself. The client's thread writes all but the levels, the player's those."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_bridge.events import AudioReceived
from stereosync_bridge.messages import Playback
from stereosync_runtime.knowledge import words_of

QUANTILES = (50, 95, 99)
RECENT_CHUNKS = 50
KEPT_CHUNKS = 90_000  # an hour of them, so that memory stays flat
SILENT_DB = -120.0


def percentiles(values: Iterable[float], suffix: str = "") -> dict[str, float]:
    """`p50`, `p95` and `p99` (with `suffix`) of `values`, rounded to microseconds; empty without values."""
    known = np.fromiter(values, dtype=np.float64)
    if not known.size:
        return {}
    points = np.percentile(known, QUANTILES)
    return {f"p{quantile}{suffix}": round(float(point), 3) for quantile, point in zip(QUANTILES, points, strict=True)}


@dataclass(frozen=True)
class Reading:
    """The gauges at one moment, for the panel."""

    time_s: float
    levels_db: tuple[float, float]
    frame_to_chunk_ms: float
    lag_ms: float
    lead_ms: float
    buffered_ms: float
    steps: int
    compute_ms: float
    underruns: int
    counts: Mapping[str, int]
    stages_ms: Mapping[str, float]
    known: str = ""  # what is told and what is seen, as the service says


class Gauges:
    """Frame to chunk: capture of the newest frame used to the arrival of its chunk.

    Lead: age of that frame when the chunk is heard. Lag: how much older it then is than the service foresaw, so how
    much later than the picture a sound is heard; 0 is in time, positive is late. `delay_s` is the time from taking a
    sample out of the ring to hearing it.
    """

    def __init__(self, sample_rate_hz: int, delay_s: float = 0.0) -> None:
        self._rate_hz, self._delay_s = sample_rate_hz, delay_s
        self.frame_to_chunk_ms: deque[float] = deque(maxlen=KEPT_CHUNKS)
        self.counts: Counter[str] = Counter()
        self.levels_db = (SILENT_DB, SILENT_DB)
        self._recent: deque[tuple[float, float, float]] = deque(
            maxlen=RECENT_CHUNKS
        )  # age on arrival, lead and lag, ms
        self._lags_ms: deque[float] = deque(maxlen=KEPT_CHUNKS)
        self._steps, self._compute_ms = 0, 0.0
        self._known = ""

    def stats_told(self, values: Mapping[str, float]) -> None:
        """STATS of the service."""
        self._known = words_of(values) or self._known

    def chunk_arrived(self, event: AudioReceived, playback: Playback) -> None:
        """`playback` is the ring's, with the chunk in it."""
        chunk = event.chunk
        played_samples = playback.played_samples if chunk.epoch == playback.epoch else chunk.start_sample
        self.counts["chunks"] += 1
        self.counts["concealed"] += chunk.steps == 0
        self.counts["late"] += chunk.start_sample < played_samples
        self._steps, self._compute_ms = chunk.steps, chunk.compute_ms
        if event.capture_time_s is None:
            return
        old_s = event.arrival_s - event.capture_time_s
        heard_in_s = (chunk.start_sample - played_samples) / self._rate_hz + self._delay_s
        lead_ms = 1000 * (old_s + heard_in_s)
        self.frame_to_chunk_ms.append(1000 * old_s)
        self._recent.append((1000 * old_s, lead_ms, lead_ms - 1000 * chunk.age_s))
        self._lags_ms.append(lead_ms - 1000 * chunk.age_s)

    def sound_played(self, samples: Float32Array) -> None:
        """The newest samples heard, (n, 2)."""
        self.levels_db = (level_db(samples[:, 0]), level_db(samples[:, 1]))

    def lag_ms(self) -> dict[str, float]:
        """Percentiles of the lag over the whole run."""
        return percentiles(self._lags_ms)

    def reading(
        self, time_s: float, buffered_ms: float, underruns: int, stages_ms: Mapping[str, float] = MappingProxyType({})
    ) -> Reading:
        """Everything now; medians are over the last `RECENT_CHUNKS` chunks, `stages_ms` is told by the service."""
        arrived, lead, lag = np.median(self._recent or [(0.0, 0.0, 0.0)], axis=0)
        return Reading(
            time_s=time_s,
            levels_db=self.levels_db,
            frame_to_chunk_ms=float(arrived),
            lag_ms=float(lag),
            lead_ms=float(lead),
            buffered_ms=buffered_ms,
            steps=self._steps,
            compute_ms=self._compute_ms,
            underruns=underruns,
            counts=dict(self.counts),
            stages_ms=stages_ms,
            known=self._known,
        )
