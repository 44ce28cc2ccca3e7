"""Ambience without events: what nobody sees happen should not be heard as a step that no foot makes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.ndimage import uniform_filter1d

from stereosync.scene import Float32Array

WINDOW_SAMPLES, HOP_SAMPLES = 512, 128
BAND_BINS = 3
MOMENT_FRAMES = 3  # 8 ms
AROUND_FRAMES = 375  # 1 s, twice
EVENT_ABOVE_DB = 1.0
GAP_BELOW_DB = 2.0
FILL_POWER = 2.0  # noise of overlapping windows is not in phase and adds up to less than a sound that is
SEED = 0  # of the noise that fills gaps: a recording is always calmed alike

Power = npt.NDArray[np.float32]


def calm(loop: Float32Array) -> Float32Array:
    """`loop` (n, channels), which goes round, with events turned down and gaps filled, band by band; (m, channels).

    A band's moment may be 1 dB louder than the two seconds around it, and noise fills what lies more than 2 dB below
    them, so a hammer's blow or a drop is part of a murmur. m is n without what does not fill a hop.
    """
    hops = len(loop) // HOP_SAMPLES
    rng = np.random.default_rng(SEED)
    channels = [_calm_channel(channel, rng) for channel in loop[: hops * HOP_SAMPLES].T]
    return np.stack(channels, axis=1)


def _calm_channel(loop: Float32Array, rng: np.random.Generator) -> Float32Array:
    window = np.sqrt(np.hanning(WINDOW_SAMPLES + 1)[:-1]).astype(np.float32)
    spectra = scipy.fft.rfft(_frames(loop) * window, axis=1)
    power = np.square(np.abs(spectra))
    around = _smooth(_smooth(power, AROUND_FRAMES, BAND_BINS), AROUND_FRAMES, 1)
    moment = _smooth(power, MOMENT_FRAMES, BAND_BINS)
    kept = np.minimum(moment, around * np.float32(10 ** (EVENT_ABOVE_DB / 10)))
    gain = np.sqrt(kept / np.maximum(moment, 1e-20))
    missing = np.maximum(around * np.float32(10 ** (-GAP_BELOW_DB / 10)) - kept, 0.0)
    noise = rng.standard_normal((*spectra.shape, 2), dtype=np.float32).view(np.complex64)[..., 0]
    fill = noise * np.sqrt(missing * np.float32(0.5 * FILL_POWER))
    calmed = scipy.fft.irfft(spectra * gain + fill, axis=1) * window
    return _overlap_add(np.asarray(calmed, dtype=np.float32)) * np.float32(2 * HOP_SAMPLES / WINDOW_SAMPLES)


def _smooth(power: Power, frames: int, bins: int) -> Power:
    """Moving mean of (hops, bins) over time, which goes round, and frequency."""
    over_time = uniform_filter1d(power, frames, axis=0, mode="wrap")
    return np.asarray(uniform_filter1d(over_time, bins, axis=1))


def _frames(loop: Float32Array) -> Float32Array:
    """Windows (hops, WINDOW_SAMPLES) of `loop` (hops * HOP_SAMPLES,), round its end."""
    round_the_end = np.take(loop, np.arange(len(loop) + WINDOW_SAMPLES - HOP_SAMPLES), mode="wrap")
    return np.lib.stride_tricks.sliding_window_view(round_the_end, WINDOW_SAMPLES)[::HOP_SAMPLES]


def _overlap_add(frames: Float32Array) -> Float32Array:
    """The loop (hops * HOP_SAMPLES,) whose windows are `frames` (hops, WINDOW_SAMPLES)."""
    parts = frames.reshape(len(frames), -1, HOP_SAMPLES)
    shifted = [np.roll(parts[:, part], part, axis=0) for part in range(parts.shape[1])]
    return np.asarray(np.sum(shifted, axis=0, dtype=np.float32).reshape(-1))
