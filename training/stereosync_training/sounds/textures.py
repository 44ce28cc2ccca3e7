"""The three matters of a synthesised step: grains, modes and bubbles. Each is a function of times and a generator."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.signal import lfilter

from stereosync_training.sounds.loudness import SAMPLE_RATE_HZ
from stereosync_training.sounds.recipes import COLOUR_HZ

Array = npt.NDArray[np.float64]

LOWEST_MODE_HZ, HIGHEST_MODE_HZ = 90.0, 8000.0
MODE_REFERENCE_HZ = 500.0
TOUCH_S = 0.0004  # a shoe is never hard enough for a click shorter than this
SMALLEST_BUBBLE_M, LARGEST_BUBBLE_M = 0.0012, 0.006
BUBBLE_RISE = 0.1


def colour_gain(frequencies_hz: Array, colour_db: Array) -> Array:
    """Amplitude (n,) of a colour: straight lines in dB over log frequency, level beyond both ends."""
    level_db = np.interp(np.log(np.maximum(frequencies_hz, 1.0)), np.log(COLOUR_HZ), colour_db)
    return np.asarray(10 ** (level_db / 20))


def coloured(samples: Array, colour_db: Array) -> Array:
    """White `samples` (n,) in a colour."""
    padded = scipy.fft.next_fast_len(len(samples), real=True)
    gains = colour_gain(scipy.fft.rfftfreq(padded, 1 / SAMPLE_RATE_HZ), colour_db)
    return np.asarray(scipy.fft.irfft(scipy.fft.rfft(samples, padded) * gains, padded)[: len(samples)])


def grains(weight: Array, grains_hz: float, grain_s: float, rng: np.random.Generator) -> Array:
    """Noise (n,) whose energy jumps at random collisions, as often as `weight` (n,), 0 to 1, lets them happen.

    Source: P. R. Cook, "Modeling Bill's Gait: analysis and parametric synthesis of walking sounds", AES 22 (2002).
    """
    hits = rng.random(len(weight)) < weight * grains_hz / SAMPLE_RATE_HZ
    strength = np.where(hits, weight * rng.exponential(1.0, len(weight)), 0.0)
    energy = lfilter([1.0], [1.0, -np.exp(-1 / (grain_s * SAMPLE_RATE_HZ))], strength)
    return np.asarray(np.sqrt(np.maximum(energy, 0.0)) * rng.standard_normal(len(weight)))


def modes(samples: int, count: int, mode_s: float, colour_db: Array, rng: np.random.Generator) -> Array:
    """Ringing (samples,) of a struck body: `count` decaying modes, each with the energy that the colour has there.

    Source: K. van den Doel and D. K. Pai, "The sounds of physical shapes", Presence 7 (1998).
    """
    time_s = np.arange(samples) / SAMPLE_RATE_HZ
    spread = (np.arange(count) + rng.uniform(0, 1, count)) / count
    mode_hz = LOWEST_MODE_HZ * (HIGHEST_MODE_HZ / LOWEST_MODE_HZ) ** spread
    decay_s = mode_s * np.sqrt(MODE_REFERENCE_HZ / mode_hz) * rng.uniform(0.7, 1.4, count)
    # A band of equal width in octaves holds energy in proportion to its frequency.
    amplitude = colour_gain(mode_hz, colour_db) * np.sqrt(mode_hz / decay_s) * rng.uniform(0.5, 1.5, count)
    rings = np.sin(2 * np.pi * mode_hz[:, None] * time_s + rng.uniform(-0.5, 0.5, (count, 1)))
    decays = np.exp(-time_s / decay_s[:, None])
    return np.asarray(amplitude @ (rings * decays) * (1 - np.exp(-time_s / TOUCH_S)))


def bubbles(weight: Array, bubbles_hz: float, rng: np.random.Generator) -> Array:
    """Ringing bubbles (n,) that rise in pitch, as often as `weight` (n,), 0 to 1, lets them form.

    Source: K. van den Doel, "Physically-based models for liquid sounds", ACM TAP 2 (2005).
    """
    made = np.zeros(len(weight))
    for start in map(int, np.flatnonzero(rng.random(len(weight)) < weight * bubbles_hz / SAMPLE_RATE_HZ)):
        radius_m = SMALLEST_BUBBLE_M * (LARGEST_BUBBLE_M / SMALLEST_BUBBLE_M) ** rng.random()
        damping_hz = 0.13 / radius_m + 0.0072 * radius_m**-1.5
        heard_samples = int(6 / damping_hz * SAMPLE_RATE_HZ)
        time_s = np.arange(min(heard_samples, len(weight) - start)) / SAMPLE_RATE_HZ
        turns = 3.0 / radius_m * time_s * (1 + 0.5 * BUBBLE_RISE * damping_hz * time_s)
        strength = weight[start] * rng.exponential(1.0) * radius_m / LARGEST_BUBBLE_M
        made[start : start + len(time_s)] += strength * np.sin(2 * np.pi * turns) * np.exp(-damping_hz * time_s)
    return made
