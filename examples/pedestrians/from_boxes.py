"""A sound that has all that boxes can tell: a burst at each step that shows in a box's width, from where the box is.

What its figures reach is what figures of a video can reach at all; it is no truth, and no model.
"""

from __future__ import annotations

import numpy as np

from stereosync.scene import Float32Array
from stereosync.stereo import pan_gains
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray
from walking import Walkers

BURST_S, FADE_S = 0.12, 0.02
LEVEL_AT_1_M = 0.5
NOISE = 3e-4


def steps_from_boxes(walkers: Walkers, phases_rad: FloatArray, seconds: float, seed: int = 0) -> Float32Array:
    """Samples (n, 2): a burst of noise where a phase (t, n) of `step_phases` begins anew, amplitude over distance."""
    rng = np.random.default_rng(seed)
    sound = NOISE * rng.standard_normal((round(seconds * SAMPLE_RATE_HZ), 2))
    fade = np.exp(-np.arange(round(BURST_S * SAMPLE_RATE_HZ)) / (FADE_S * SAMPLE_RATE_HZ))
    turned = np.diff(phases_rad, axis=0) < -np.pi  # (t - 1, n); NaN is none
    for row, column in np.argwhere(turned & walkers.walking[1:]):
        start = round(float(walkers.times_s[row + 1]) * SAMPLE_RATE_HZ)
        gains = pan_gains(walkers.azimuth_rad[row + 1, column]) * LEVEL_AT_1_M / walkers.distance_m[row + 1, column]
        burst = (rng.standard_normal(len(fade)) * fade)[:, None] * gains
        sound[start : start + len(burst)] += burst[: max(len(sound) - start, 0)]
    return sound.astype(np.float32)
