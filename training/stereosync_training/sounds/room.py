"""A room's answer: reflections from walls where the size says they are, then a decay without direction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from stereosync.acoustics import hardness
from stereosync.scene import Float32Array
from stereosync_scenes.walk import Room
from stereosync_training.sounds.loudness import SAMPLE_RATE_HZ
from stereosync_training.sounds.space import distance_gain

SPEED_OF_SOUND_M_S = 343.0
WALL_GAIN = 0.4  # real walls scatter: only a part comes back from one point
FRONT_SHARE = 0.75  # of the room's size lies ahead of the ear, the rest behind it
WALL_BEHIND_FOOT_M = 0.3
CEILING_SHARE, LOWEST_CEILING_M, HIGHEST_CEILING_M = 0.3, 0.9, 6.0  # over the ear
LONGEST_RESPONSE_S = 1.5
RESPONSE_DECAY_DB = 50.0


@dataclass(frozen=True)
class Reflection:
    """A step heard once more: later than directly, `gain` times as loud as the step at 2 m, from a direction."""

    delay_s: float
    gain: float
    azimuth_rad: float


def is_outdoors(room: Room) -> bool:
    return room.size_m <= 0 or room.rt60_s <= 0


def wall_reflectance(room: Room) -> float:
    """Amplitude that a wall gives back, so that a cube of `size_m` decays by 60 dB in `rt60_s`."""
    return math.sqrt(hardness(room.size_m, room.rt60_s))


def reflections(position_m: tuple[float, float, float], room: Room) -> tuple[Reflection, ...]:
    """First reflections of a foot at `position_m` (camera space) from four walls and the ceiling; none outdoors.

    The ear stands on the room's middle line, so that the mirrored foot has mirrored reflections. A wall never stands
    before the foot. Source: J. B. Allen and D. A. Berkley, "Image method for efficiently simulating small-room
    acoustics", JASA 65 (1979), first order.
    """
    if is_outdoors(room):
        return ()
    x_m, y_m, z_m = position_m
    side_m = max(room.size_m / 2, abs(x_m) + WALL_BEHIND_FOOT_M)
    front_m = max(FRONT_SHARE * room.size_m, z_m + WALL_BEHIND_FOOT_M)
    back_m = min((FRONT_SHARE - 1) * room.size_m, z_m - WALL_BEHIND_FOOT_M)
    ceiling_m = min(max(CEILING_SHARE * room.size_m, LOWEST_CEILING_M), HIGHEST_CEILING_M)
    images = (
        (-2 * side_m - x_m, y_m, z_m),
        (2 * side_m - x_m, y_m, z_m),
        (x_m, y_m, 2 * front_m - z_m),
        (x_m, y_m, 2 * back_m - z_m),
        (x_m, 2 * ceiling_m - y_m, z_m),
    )
    return tuple(_reflection(image, position_m, room) for image in images)


def _reflection(image_m: tuple[float, float, float], position_m: tuple[float, float, float], room: Room) -> Reflection:
    length_m = math.hypot(*image_m)
    delay_s = (length_m - math.hypot(*position_m)) / SPEED_OF_SOUND_M_S
    # Two loudspeakers ahead can't tell behind from before.
    azimuth_rad = math.atan2(image_m[0], abs(image_m[2]))
    return Reflection(delay_s, WALL_GAIN * wall_reflectance(room) * distance_gain(length_m), azimuth_rad)


def wet_gain(distance_m: float, room: Room) -> float:
    """Amplitude of the room's decay for a step at `distance_m`, relative to the step at 2 m; 0 outdoors.

    It falls by 3 dB per doubling where the direct sound falls by 6, so far steps are wetter.
    """
    if is_outdoors(room):
        return 0.0
    room_gain = 0.055 + 0.045 * min(room.size_m / 20, 1.0) * min(room.rt60_s, 1.5)
    return room_gain * math.sqrt(distance_gain(distance_m))


@lru_cache(maxsize=32)
def room_response(room: Room, seed: int) -> Float32Array:
    """Read-only decay (n, 2) of `room`, unit energy per channel on average, decorrelated, after the first crossing.

    Source of the form: J. A. Moorer, "About this reverberation business", Computer Music Journal 3 (1979).
    """
    rng = np.random.default_rng(seed)
    seconds = min(room.rt60_s * RESPONSE_DECAY_DB / 60, LONGEST_RESPONSE_S)
    time_s = np.arange(max(int(seconds * SAMPLE_RATE_HZ), 1)) / SAMPLE_RATE_HZ
    noise = rng.standard_normal((len(time_s), 2), dtype=np.float32)
    # Walls and air take the treble first.
    low_pass = butter(1, 5000.0, fs=SAMPLE_RATE_HZ, output="sos")
    shaped = sosfilt(low_pass, noise, axis=0) * (10 ** (-3 * time_s / room.rt60_s))[:, None]
    delay = int(room.size_m / SPEED_OF_SOUND_M_S * SAMPLE_RATE_HZ)
    response = np.pad(shaped, ((delay, 0), (0, 0))).astype(np.float32)
    response *= np.float32(np.sqrt(2 / max(float(np.sum(np.square(response, dtype=np.float64))), 1e-20)))
    response.setflags(write=False)
    return response
