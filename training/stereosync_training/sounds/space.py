"""What a place does to a sound: distance, air and the room's echo. Pure functions of numbers and arrays."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from stereosync.scene import Float32Array
from stereosync.stereo import FULL_PAN_AZIMUTH_RAD, pan_gains
from stereosync_scenes.walk import Room
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ

REFERENCE_DISTANCE_M = 2.0
NEAREST_M = 0.7
SPEED_OF_SOUND_M_S = 343.0
AIR_CUTOFF_HZ_M = 120_000.0  # stronger than real air: distance should be heard within a room's length
EARLY_TAPS = 6
EARLY_SHARE = 0.4  # of the response's energy
LONGEST_RESPONSE_S = 1.5
RESPONSE_DECAY_DB = 50.0


def distance_gain(distance_m: float) -> float:
    """Amplitude 1/d relative to 2 m, as of 0.7 m when nearer."""
    return REFERENCE_DISTANCE_M / max(distance_m, NEAREST_M)


def air_gain(frequencies_hz: npt.NDArray[np.floating], distance_m: float) -> Float32Array:
    """Magnitude response (n,) of the air: a first-order low-pass whose cutoff falls with distance."""
    cutoff_hz = AIR_CUTOFF_HZ_M / max(distance_m, NEAREST_M)
    return np.asarray(1 / np.sqrt(1 + (frequencies_hz / cutoff_hz) ** 2), dtype=np.float32)


def wet_gain(distance_m: float, room: Room) -> float:
    """Amplitude of the room's echo for a step at `distance_m`, relative to the step at 2 m; 0 outdoors.

    The echo falls by 3 dB per doubling where the direct sound falls by 6, so far steps are wetter.
    """
    if room.size_m <= 0 or room.rt60_s <= 0:
        return 0.0
    room_gain = 0.10 + 0.08 * min(room.size_m / 20, 1.0) * min(room.rt60_s, 1.5)
    return room_gain * math.sqrt(distance_gain(distance_m))


@lru_cache(maxsize=32)
def room_response(room: Room, seed: int) -> Float32Array:
    """Read-only echo (n, 2) of `room`, unit energy per channel on average: early reflections, then decorrelated decay.

    Source of the form: J. A. Moorer, "About this reverberation business", Computer Music Journal 3 (1979).
    """
    rng = np.random.default_rng(seed)
    crossing_s = room.size_m / SPEED_OF_SOUND_M_S
    early = _early_reflections(crossing_s, rng)
    late = _late_decay(room.rt60_s, crossing_s, rng)
    response = np.zeros((max(len(early), len(late)), 2), dtype=np.float32)
    response[: len(early)] += early * np.sqrt(EARLY_SHARE)
    response[: len(late)] += late * np.sqrt(1 - EARLY_SHARE)
    response.setflags(write=False)
    return response


def _unit_energy(response: Float32Array) -> Float32Array:
    return response * np.float32(np.sqrt(2 / max(float(np.sum(np.square(response, dtype=np.float64))), 1e-20)))


def _early_reflections(crossing_s: float, rng: np.random.Generator) -> Float32Array:
    delays_s = crossing_s * rng.uniform(0.4, 2.0, EARLY_TAPS) + 0.002
    gains = rng.choice((-1.0, 1.0), EARLY_TAPS) * 0.002 / delays_s
    pans = pan_gains(rng.uniform(-FULL_PAN_AZIMUTH_RAD, FULL_PAN_AZIMUTH_RAD, EARLY_TAPS))
    early = np.zeros((int(delays_s.max() * SAMPLE_RATE_HZ) + 1, 2), dtype=np.float32)
    np.add.at(early, (delays_s * SAMPLE_RATE_HZ).astype(int), gains[:, None] * pans)
    return _unit_energy(early)


def _late_decay(rt60_s: float, crossing_s: float, rng: np.random.Generator) -> Float32Array:
    seconds = min(rt60_s * RESPONSE_DECAY_DB / 60, LONGEST_RESPONSE_S)
    time_s = np.arange(max(int(seconds * SAMPLE_RATE_HZ), 1)) / SAMPLE_RATE_HZ
    noise = rng.standard_normal((len(time_s), 2), dtype=np.float32)
    # Walls and air take the treble first.
    low_pass = butter(1, 5000.0, fs=SAMPLE_RATE_HZ, output="sos")
    shaped = sosfilt(low_pass, noise, axis=0) * (10 ** (-3 * time_s / rt60_s))[:, None]
    delay = int(crossing_s * SAMPLE_RATE_HZ)
    return _unit_energy(np.pad(shaped, ((delay, 0), (0, 0))).astype(np.float32))
