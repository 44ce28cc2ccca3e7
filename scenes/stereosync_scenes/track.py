"""Tracks: paths on the ground, sampled evenly in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RATE_HZ = 50  # of the sampled tracks
LEAD_S = 2.0  # tracks start this much before the walk and end this much after it


def rise(track_start_s: float, time_s: float, length: int) -> tuple[int, float]:
    """Index of the sample at or before `time_s` and the fraction on the way to the next one, kept inside the track."""
    place = min(max((time_s - track_start_s) * RATE_HZ, 0.0), length - 1.001)
    index = int(place)
    return index, place - index


def track_times_s(duration_s: float) -> FloatArray:
    """Times (N,) of the samples of a track for a walk of `duration_s`."""
    return np.asarray(np.arange(int(np.ceil((duration_s + 2 * LEAD_S) * RATE_HZ)) + 2) / RATE_HZ - LEAD_S)


@dataclass(frozen=True, eq=False)
class Track:
    """A sampled path on the ground: `position_m` (N, 2), unwrapped `heading_rad` (N,), `speed_m_s` (N,)."""

    start_s: float
    position_m: FloatArray
    heading_rad: FloatArray
    speed_m_s: FloatArray

    def _blend(self, samples: FloatArray, time_s: float) -> FloatArray:
        index, part = rise(self.start_s, time_s, len(samples))
        blended: FloatArray = samples[index] + part * (samples[index + 1] - samples[index])
        return blended

    def position_at(self, time_s: float) -> FloatArray:
        return self._blend(self.position_m, time_s)  # (2,)

    def heading_at(self, time_s: float) -> float:
        return float(self._blend(self.heading_rad, time_s))

    def speed_at(self, time_s: float) -> float:
        return float(self._blend(self.speed_m_s, time_s))

    @property
    def end_s(self) -> float:
        return self.start_s + (len(self.position_m) - 1) / RATE_HZ
