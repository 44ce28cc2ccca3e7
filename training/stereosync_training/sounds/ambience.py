"""The sound of a place behind the steps: calm loops, each as loud as there is much of it to be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync.scene import Float32Array
from stereosync_training.sounds.calm import calm
from stereosync_training.sounds.loudness import moving_rms, weighted

QUIETEST_DBFS, LOUDEST_DBFS = -58.0, -42.0  # of the loud parts, A-weighted: nothing to be seen of it, and the most
VARIATION_DB = 1.5
SIDE_GAIN = 0.35
LOOP_FADE_SAMPLES = 9600
LEVEL_WINDOW_SAMPLES = 2400  # 50 ms
LEVEL_HOP_SAMPLES = 1200
LOUD_QUANTILE = 0.9
PEAK_ABOVE_LOUD_DB = 4.0
MOST_GAIN_DB = 10.0  # that a quiet moment gets over its whole recording


@dataclass(frozen=True, eq=False)
class Ambience:
    """A seamless loop: `samples` (n, 1) or (n, 2) at 48 kHz, and the `levels` (m,) of its moments, 40 a second.

    Levels are A-weighted amplitudes (RMS of 50 ms over all channels).
    """

    samples: Float32Array
    levels: Float32Array

    @property
    def loudness(self) -> float:
        """Amplitude of the loud parts of the whole loop."""
        return loud_part(self.levels)


def make_ambience(recording: Float32Array) -> Ambience:
    """The calm loop of `recording` (n, channels) without DC."""
    loop = calm(_make_loop(recording))
    return Ambience(loop, _moment_levels(loop))


def loud_part(levels: Float32Array) -> float:
    """Amplitude that stands for moments of `levels` (m,): nine of ten are below it, and none is far above."""
    peak = float(levels.max()) * 10 ** (-PEAK_ABOVE_LOUD_DB / 20)
    return max(float(np.quantile(levels, LOUD_QUANTILE)), peak, 1e-6)


def level_dbfs(amount: float) -> float:
    """Loudness of an ambience of which there is `amount`, 0 to 1."""
    return QUIETEST_DBFS + (LOUDEST_DBFS - QUIETEST_DBFS) * min(max(amount, 0.0), 1.0)


def ambience_bed(ambience: Ambience, amount: float, samples: int, rng: np.random.Generator) -> Float32Array:
    """Background (2, samples) from a random moment of `ambience` on, as loud as `amount` asks."""
    loop = ambience.samples.T
    start = int(rng.integers(loop.shape[1]))
    bed = _repeat(loop, start, samples)
    if len(loop) == 1:
        # Another moment of the same recording as side signal: wide, and still mono when summed.
        side = SIDE_GAIN * _repeat(loop, int(rng.integers(loop.shape[1])), samples)
        bed = np.concatenate([bed + side, bed - side])
    moments = _repeat(ambience.levels[None], start // LEVEL_HOP_SAMPLES, samples // LEVEL_HOP_SAMPLES + 1)
    loudness = max(loud_part(moments), ambience.loudness * 10 ** (-MOST_GAIN_DB / 20))
    level_db = level_dbfs(amount) + VARIATION_DB * rng.uniform(-1, 1)
    return bed * np.float32(10 ** (level_db / 20) / loudness)


def _moment_levels(loop: Float32Array) -> Float32Array:
    squares = [np.square(moving_rms(channel, LEVEL_WINDOW_SAMPLES)) for channel in weighted(loop).T]
    return np.asarray(np.sqrt(np.mean(squares, axis=0))[::LEVEL_HOP_SAMPLES], dtype=np.float32)


def _make_loop(samples: Float32Array) -> Float32Array:
    """Blend the end of `samples` (n, channels) into its beginning, so that it can be repeated without a seam."""
    samples = samples - samples.mean(axis=0)
    fade = min(LOOP_FADE_SAMPLES, len(samples) // 4)
    rise = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None]
    loop = samples[: len(samples) - fade].copy()
    loop[:fade] = loop[:fade] * rise + samples[len(samples) - fade :] * rise[::-1]
    return loop


def _repeat(loop: Float32Array, start: int, samples: int) -> Float32Array:
    """`samples` of `loop` (channels, n) from `start` on, round and round."""
    turns = -(-(start + samples) // loop.shape[1])
    return np.tile(loop, (1, turns))[:, start : start + samples]
