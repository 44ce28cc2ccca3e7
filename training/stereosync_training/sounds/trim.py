"""From a raw recording to one footstep: the attack at a fixed sample, one step only, one loudness."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from stereosync.scene import Float32Array

SAMPLE_RATE_HZ = 48_000
PRE_ROLL_SAMPLES = 48  # 1 ms before the attack, so that a fade-in need not blunt it
LOUDNESS_WINDOW_SAMPLES = 2400  # 50 ms
LOUDEST_RMS = 10 ** (-21 / 20)  # gives an ordinary step at 2 m, panned to the middle, a peak of about -10 dBFS
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
    return fade_ends(step) * np.float32(LOUDEST_RMS / loudest_rms(step))


def loudest_rms(step: Float32Array) -> float:
    """RMS of the loudest 50 ms of `step` (n,)."""
    power = uniform_filter1d(np.square(step, dtype=np.float64), LOUDNESS_WINDOW_SAMPLES, mode="constant")
    return float(np.sqrt(max(float(power.max()), 1e-20)))


def fade_ends(step: Float32Array) -> Float32Array:
    """Raised-cosine fade over the pre-roll and over the last quarter of `step` (n,), or all that follows 0.2 s."""
    tail = max(len(step) // 4, len(step) - DECAY_AFTER_SAMPLES)
    gain = np.ones(len(step), dtype=np.float32)
    gain[:PRE_ROLL_SAMPLES] = np.sin(np.linspace(0, np.pi / 2, PRE_ROLL_SAMPLES)) ** 2
    gain[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail)).astype(np.float32) ** 2
    return step * gain
