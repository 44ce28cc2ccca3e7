"""Loudness to an ear: A-weighted levels, so that rumble counts for little and hiss for something."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.ndimage import uniform_filter1d

from stereosync.scene import Float32Array

SAMPLE_RATE_HZ = 48_000
FLOOR = 1e-10


def a_weighting(frequencies_hz: npt.ArrayLike) -> Float32Array:
    """Amplitude gains (n,) of the A curve, 1 at 1 kHz. Source: IEC 61672-1:2013, annex E."""
    squared = np.square(np.asarray(frequencies_hz, dtype=np.float64))

    def response(f2: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        poles = (f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12194.0**2)
        return np.asarray(12194.0**2 * f2**2 / poles)

    return np.asarray(response(squared) / response(np.array([1000.0**2])), dtype=np.float32)


def weighted(samples: Float32Array) -> Float32Array:
    """`samples` (n, channels) or (n,) as the A curve lets them through."""
    padded = scipy.fft.next_fast_len(len(samples) + 4800, real=True)
    gains = a_weighting(scipy.fft.rfftfreq(padded, 1 / SAMPLE_RATE_HZ))
    spectrum = scipy.fft.rfft(samples, padded, axis=0) * gains.reshape(-1, *[1] * (samples.ndim - 1))
    return np.asarray(scipy.fft.irfft(spectrum, padded, axis=0)[: len(samples)], dtype=np.float32)


def moving_rms(samples: Float32Array, window_samples: int) -> Float32Array:
    """RMS (n,) of (n,) over a window centred on each sample; outside is silence."""
    power = uniform_filter1d(np.square(samples, dtype=np.float64), window_samples, mode="constant")
    return np.asarray(np.sqrt(np.maximum(power, FLOOR**2)), dtype=np.float32)
