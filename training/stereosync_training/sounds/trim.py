"""Cuts a raw recording to one footstep: the attack at a fixed sample, one hit only, one loudness."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from stereosync.scene import Float32Array
from stereosync_training.sounds.loudness import SAMPLE_RATE_HZ, moving_rms, weighted

__all__ = ["PRE_ROLL_SAMPLES", "SAMPLE_RATE_HZ", "attack_index", "one_hit", "trim_step"]

PRE_ROLL_SAMPLES = 48  # 1 ms before the attack, so that a fade-in need not blunt it
LOUDNESS_WINDOW_SAMPLES = 2400  # 50 ms
LOUDEST_RMS = 10 ** (-21 / 20)  # A-weighted: an ordinary step at 2 m in the middle then peaks at about -10 dBFS
DULLEST_RMS = 10 ** (-15 / 20)  # not weighted: a dull thud is not turned up beyond it,
HIGHEST_PEAK = 10 ** (-2 / 20)  # nor a sharp click beyond this
ATTACK_BELOW_PEAK_DB = 10.0
SECOND_STEP_AFTER_SAMPLES = 9600  # heel and toe of one step lie closer than 200 ms
SECOND_STEP_BELOW_PEAK_DB = 8.0
GAP_BELOW_PEAK_DB = 26.0
SILENCE_BELOW_PEAK_DB = 45.0
LONGEST_SAMPLES = 38_400  # 0.8 s: a longer splash would cover the steps after it
DECAY_AFTER_SAMPLES = 9600  # 0.2 s: some recordings are steady noise without an end of their own
SWELL_SAMPLES = 1920  # 40 ms
SWELL_BELOW_PEAK_DB = 3.0
LONGEST_SWELL_SAMPLES = 2880  # 60 ms
HIT_SAMPLES = 2400  # 50 ms that belong to the hit itself
HIT_WINDOW_SAMPLES = 720  # 15 ms: grains of gravel are shorter, toes are not
HIT_RISE_DB = 5.0
LOW_CUT_HZ = 40.0
_LOW_CUT = butter(2, LOW_CUT_HZ, "highpass", fs=SAMPLE_RATE_HZ, output="sos")


def envelope_db(samples: Float32Array, window_samples: int) -> Float32Array:
    """Moving RMS (n,) of `samples` (n,) in dB relative to its own maximum."""
    power = uniform_filter1d(np.square(samples, dtype=np.float64), window_samples, mode="constant")
    return np.asarray(10 * np.log10(power / max(float(power.max()), 1e-20) + 1e-12), dtype=np.float32)


def attack_index(samples: Float32Array) -> int:
    """First sample whose 2 ms RMS comes within 10 dB of the loudest.

    Where the sound then swells for more than 60 ms, the swell is no part of the step, and the search begins at its end.
    """
    loud = envelope_db(samples, 96) > -ATTACK_BELOW_PEAK_DB
    attack = int(np.argmax(loud))
    swell_end = int(np.argmax(envelope_db(samples, SWELL_SAMPLES) > -SWELL_BELOW_PEAK_DB))
    if swell_end - attack <= LONGEST_SWELL_SAMPLES:
        return attack
    return swell_end + int(np.argmax(loud[swell_end:]))


def first_step_length(samples: Float32Array) -> int:
    """Samples from an attack at 0 to the gap before a second step, or to the silence at the end."""
    level_db = envelope_db(samples, 480)
    gap = np.minimum.accumulate(level_db) < -GAP_BELOW_PEAK_DB
    second = gap & (level_db > -SECOND_STEP_BELOW_PEAK_DB)
    second[:SECOND_STEP_AFTER_SAMPLES] = False
    if not second.any():
        return int(np.flatnonzero(level_db > -SILENCE_BELOW_PEAK_DB)[-1]) + 1
    return int(np.argmin(level_db[: int(np.argmax(second))]))


def one_hit(step: Float32Array) -> Float32Array:
    """`step` (n,), whose attack is at its beginning, with what rises again after 50 ms turned down.

    The toe after the heel is part of a step, but as loud as the heel it is heard as another one. It keeps 5 dB over
    the quietest moment before it.
    """
    level = moving_rms(step, HIT_WINDOW_SAMPLES)
    quietest = np.minimum.accumulate(level[HIT_SAMPLES:])
    gain = np.ones(len(step), dtype=np.float32)
    gain[HIT_SAMPLES:] = np.minimum(1.0, quietest * np.float32(10 ** (HIT_RISE_DB / 20)) / level[HIT_SAMPLES:])
    return step * gain


def trim_step(recording: Float32Array) -> Float32Array:
    """One step (m,) of `recording` (n,) at 48 kHz: attack at `PRE_ROLL_SAMPLES`, faded ends, no DC, common loudness.

    Raises ValueError when the recording is silent.
    """
    if len(recording) < PRE_ROLL_SAMPLES or float(np.abs(recording).max()) < 1e-5:
        raise ValueError("the recording is silent or shorter than 1 ms; remove it from the folder")
    padded = np.pad(recording, 960, mode="edge")
    clean = np.asarray(sosfiltfilt(_LOW_CUT, padded), dtype=np.float32)[960:-960]
    attack = attack_index(clean)
    length = min(first_step_length(clean[attack:]), LONGEST_SAMPLES)
    step = np.pad(clean, (PRE_ROLL_SAMPLES, 0))[attack : attack + PRE_ROLL_SAMPLES + length]
    return level_step(fade_ends(one_hit(step)))


def level_step(step: Float32Array) -> Float32Array:
    """`step` (n,) such that its loudest 50 ms have the common A-weighted level, less for a thud or a click."""
    heard = LOUDEST_RMS / loudest_rms(weighted(step))
    dull, sharp = DULLEST_RMS / loudest_rms(step), HIGHEST_PEAK / float(np.abs(step).max())
    return step * np.float32(min(heard, dull, sharp))


def loudest_rms(step: Float32Array) -> float:
    """RMS of the loudest 50 ms of `step` (n,)."""
    return float(moving_rms(step, LOUDNESS_WINDOW_SAMPLES).max())


def fade_ends(step: Float32Array) -> Float32Array:
    """Raised-cosine fade over the pre-roll and over the last quarter of `step` (n,), or all that follows 0.2 s."""
    tail = max(len(step) // 4, len(step) - DECAY_AFTER_SAMPLES)
    gain = np.ones(len(step), dtype=np.float32)
    gain[:PRE_ROLL_SAMPLES] = np.sin(np.linspace(0, np.pi / 2, PRE_ROLL_SAMPLES)) ** 2
    gain[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail)).astype(np.float32) ** 2
    return step * gain
