"""One footstep, ready to be placed in a mix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy.fft

from stereosync.scene import Float32Array
from stereosync_training.sounds.loudness import SAMPLE_RATE_HZ

ComplexArray = np.ndarray[tuple[int, ...], np.dtype[np.complex64]]

BANDS = 24
LOWEST_HZ, HIGHEST_HZ = 80.0, 10_000.0  # sources of 22 kHz are empty above 11 kHz
BAND_FFT_SAMPLES = 16_384
SPARE_SAMPLES = 480  # silence after the step, for filters to ring out in


@dataclass(frozen=True, eq=False)
class StepRecording:
    """One footstep: `samples` (n,) at 48 kHz, attack at `PRE_ROLL_SAMPLES`, and their zero-padded spectrum."""

    name: str
    package: str
    samples: Float32Array
    spectrum: ComplexArray  # (padded_samples // 2 + 1,)
    padded_samples: int


def make_recording(name: str, package: str, samples: Float32Array) -> StepRecording:
    """The recording of a trimmed step (n,)."""
    padded_samples = scipy.fft.next_fast_len(len(samples) + SPARE_SAMPLES, real=True)
    return StepRecording(name, package, samples, scipy.fft.rfft(samples, padded_samples), padded_samples)


def band_levels_db(samples: Float32Array) -> npt.NDArray[np.float64]:
    """Tone of a sound (n,): level (BANDS,) in dB of bands evenly spaced in log frequency, relative to their mean.

    Only the first 0.34 s count.
    """
    power = np.square(np.abs(scipy.fft.rfft(samples[:BAND_FFT_SAMPLES], BAND_FFT_SAMPLES)).astype(np.float64))
    sums = np.add.reduceat(power, _band_edges())[:-1] + 1e-9
    level_db = 10 * np.log10(sums / np.diff(_band_edges()))
    return np.asarray(level_db - level_db.mean())


@lru_cache(maxsize=1)
def _band_edges() -> npt.NDArray[np.intp]:
    edges_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    return np.round(edges_hz * BAND_FFT_SAMPLES / SAMPLE_RATE_HZ).astype(np.intp)
