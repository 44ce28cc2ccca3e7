"""Concealment, where nothing could be made in time: the last sound, held and faded, and the way back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array

FADE_S = 0.06  # long enough to be no click, short enough to be no stutter
REJOIN_S = 0.005


def concealment(tail: Float32Array, elapsed: int, count: int, sample_rate_hz: int) -> Float32Array:
    """Samples (count, 2) that go on from `tail` (n, 2), from `elapsed` samples after its end.

    The tail is read backwards and forwards in turn, so that no sample jumps, under a falling cosine; then silence.
    """
    place = elapsed + np.arange(count)
    swing = place % (2 * len(tail))
    held = tail[np.where(swing < len(tail), len(tail) - 1 - swing, swing - len(tail))]
    fade = np.clip(place / (FADE_S * sample_rate_hz), 0.0, 1.0)
    gain = 0.5 + 0.5 * np.cos(np.pi * fade)
    return np.asarray(held * gain[:, None], dtype=np.float32)


def rejoin(samples: Float32Array, going_on: Float32Array, sample_rate_hz: int) -> Float32Array:
    """`samples` (n, 2) with its first milliseconds faded in over the concealment that would have gone on."""
    count = min(round(REJOIN_S * sample_rate_hz), len(samples))
    rise: npt.NDArray[np.float32] = np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)[:, None]
    joined = samples.copy()
    joined[:count] = samples[:count] * rise + going_on[:count] * (1 - rise)
    return joined
