"""The way from a foot to the ear: distance, air, and what stands in the way. Functions of numbers and arrays."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array

REFERENCE_DISTANCE_M = 2.0
NEAREST_M = 0.7
AIR_SHARE = 4.0  # times what real air absorbs: distance should be heard within a room's length
AIR_STEPS_HZ = 100.0
OPEN_CUTOFF_HZ, HIDDEN_CUTOFF_HZ = 16_000.0, 900.0
HIDDEN_LOSS_DB = 9.0


def distance_gain(distance_m: float) -> float:
    """Amplitude 1/d relative to 2 m, as of 0.7 m when nearer."""
    return REFERENCE_DISTANCE_M / max(distance_m, NEAREST_M)


def air_absorption_db_m(frequencies_hz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Attenuation (n,) in dB per metre of air at 20 degrees, 50 % humidity and 101.325 kPa.

    Source: ISO 9613-1:1993, equations 3 to 5, at the reference temperature and pressure.
    """
    squared = np.square(np.asarray(frequencies_hz, dtype=np.float64))
    kelvin, vapour_percent = 293.15, 1.155  # molar concentration of water vapour
    oxygen_hz = 24 + 4.04e4 * vapour_percent * (0.02 + vapour_percent) / (0.391 + vapour_percent)
    nitrogen_hz = 9 + 280 * vapour_percent
    oxygen = 0.01275 * math.exp(-2239.1 / kelvin) * oxygen_hz / (oxygen_hz**2 + squared)
    nitrogen = 0.1068 * math.exp(-3352.0 / kelvin) * nitrogen_hz / (nitrogen_hz**2 + squared)
    return np.asarray(8.686 * squared * (1.84e-11 + oxygen + nitrogen))


@lru_cache(maxsize=1)
def _air_table_db_m() -> npt.NDArray[np.float64]:
    return air_absorption_db_m(np.arange(0, 30_000, AIR_STEPS_HZ))


def air_gain(frequencies_hz: npt.NDArray[np.floating], distance_m: float) -> Float32Array:
    """Magnitude response (n,) of `distance_m` of air, four times as absorbing as real air."""
    absorbed_db = np.interp(frequencies_hz, AIR_STEPS_HZ * np.arange(len(_air_table_db_m())), _air_table_db_m())
    exponent = -AIR_SHARE * distance_m * math.log(10) / 20
    return np.asarray(np.exp(np.float32(exponent) * absorbed_db.astype(np.float32)))


def occlusion_gain(frequencies_hz: npt.NDArray[np.floating], occlusion: float) -> Float32Array:
    """Magnitude response (n,) of what hides a share `occlusion` (0 to 1) of the source: quieter and duller.

    A second-order low-pass whose cutoff falls from 16 kHz to 900 Hz, and a loss of up to 9 dB, as game engines do.
    """
    hidden = min(max(occlusion, 0.0), 1.0)
    cutoff_hz = OPEN_CUTOFF_HZ * (HIDDEN_CUTOFF_HZ / OPEN_CUTOFF_HZ) ** hidden
    loss = 10 ** (-HIDDEN_LOSS_DB * hidden / 20)
    return np.asarray(loss / np.sqrt(1 + (frequencies_hz / cutoff_hz) ** 4), dtype=np.float32)
