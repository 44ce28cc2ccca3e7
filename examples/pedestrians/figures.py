"""Figures of a sound beside the walkers of a video. Nobody recorded what was heard there, so there is no truth:
each figure stands beside its value for the same sound at other times, which is chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gait import locking, onset_rhythm_hz
from stereosync.scene import Float32Array
from stereosync.stereo import level_db, level_difference_db
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray, detect_onsets
from stereosync_training.measures.panning import BOUND_DB, CENTRE_RAD, WINDOW_S, correlation, slope
from walking import Walkers

PIECE_S = 0.5  # of the level difference over time: one step of one walker or more
SPELL_S = 4.0  # over which onsets are counted
LEAST_SHIFT_S = 6.0  # of a sound that shall have nothing to do with its picture
SHIFTS = 200


@dataclass(frozen=True)
class Chance:
    """A figure beside what it is when the sound is turned round in time: mean and 95 % range over the shifts."""

    value: float
    mean: float
    low: float
    high: float


def piece_differences_db(stereo: Float32Array) -> FloatArray:
    """Level difference right minus left (k,) of each `PIECE_S` of (n, 2) samples, bounded."""
    size = round(PIECE_S * SAMPLE_RATE_HZ)
    pieces = stereo[: len(stereo) // size * size].reshape(-1, size, 2)
    return np.clip([level_difference_db(piece) for piece in pieces], -BOUND_DB, BOUND_DB)


def onset_windows(stereo: Float32Array, onsets_s: FloatArray) -> FloatArray:
    """Level difference and level in dB (k, 2) in the 80 ms after each onset."""
    starts = np.maximum(np.rint(onsets_s * SAMPLE_RATE_HZ).astype(int), 0)
    heard = [stereo[start : start + round(WINDOW_S * SAMPLE_RATE_HZ)] for start in starts]
    rows = [(float(np.clip(level_difference_db(one), -BOUND_DB, BOUND_DB)), level_db(one)) for one in heard if len(one)]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def at_times(walkers: Walkers, values: FloatArray, times_s: FloatArray) -> FloatArray:
    """`values` (t, ...) of `walkers` at the nearest of its times."""
    index = np.searchsorted(walkers.times_s, times_s).clip(0, len(walkers.times_s) - 1)
    return np.asarray(values[index])


def against_chance(figure: Callable[[float], float], duration_s: float) -> Chance:
    """`figure(shift_s)` for no shift, and for shifts of at least `LEAST_SHIFT_S` spread over the rest."""
    shifts = SHIFTS if duration_s > 3 * LEAST_SHIFT_S else 0
    others = np.array([figure(shift_s) for shift_s in np.linspace(LEAST_SHIFT_S, duration_s - LEAST_SHIFT_S, shifts)])
    others = others[np.isfinite(others)]
    if not len(others):
        return Chance(figure(0.0), math.nan, math.nan, math.nan)
    low, high = np.percentile(others, [2.5, 97.5])
    return Chance(figure(0.0), float(others.mean()), float(low), float(high))


def pan_follows(stereo: Float32Array, walkers: Walkers, expected_db: FloatArray) -> Chance:
    """Correlation of the level difference over time with `expected_db` (t,) at the times of `walkers`."""
    measured = piece_differences_db(stereo)
    middles_s = np.asarray((np.arange(len(measured)) + 0.5) * PIECE_S, dtype=np.float64)
    expected = at_times(walkers, expected_db, middles_s)

    def figure(shift_s: float) -> float:
        turned = np.roll(measured, round(shift_s / PIECE_S))
        known = np.isfinite(expected)
        return correlation(expected[known], turned[known])

    return against_chance(figure, len(stereo) / SAMPLE_RATE_HZ)


def right_side(onset_db: FloatArray, azimuth_rad: FloatArray) -> tuple[float, int]:
    """Share of onsets on the side of a walker beyond 10 degrees, and how many there are; NaN for none."""
    aside = np.abs(np.nan_to_num(azimuth_rad)) > CENTRE_RAD
    if not aside.any():
        return math.nan, 0
    return float(np.mean(np.sign(onset_db[aside]) == np.sign(azimuth_rad[aside]))), int(aside.sum())


def sides_follow(onsets_s: FloatArray, onset_db: FloatArray, walkers: Walkers, duration_s: float) -> Chance:
    """`right_side` of onsets with level differences `onset_db` (k,); a sound that leans to one side is chance."""
    azimuth, _ = walkers.nearest()

    def figure(shift_s: float) -> float:
        return right_side(onset_db, at_times(walkers, azimuth, (onsets_s + shift_s) % duration_s))[0]

    return against_chance(figure, duration_s)


def steps_lock(onsets_s: FloatArray, walkers: Walkers, phases_rad: FloatArray, duration_s: float) -> Chance:
    """The degree to which onsets keep to one phase of the step of the nearest walker; `phases_rad` is (t, n)."""
    nearest = walkers.nearest_column()
    phase = np.where(nearest >= 0, phases_rad[np.arange(len(nearest)), nearest], np.nan)

    def figure(shift_s: float) -> float:
        return locking(at_times(walkers, phase, (onsets_s + shift_s) % duration_s))

    return against_chance(figure, duration_s)


def spells(onsets_s: FloatArray, walkers: Walkers, duration_s: float) -> FloatArray:
    """Onsets a second and mean number of people who walk (k, 2), by spells of `SPELL_S`."""
    walking = walkers.walking.sum(axis=1)
    rows = []
    for start_s in np.arange(int(duration_s / SPELL_S + 1e-6)) * SPELL_S:
        heard = (onsets_s >= start_s) & (onsets_s < start_s + SPELL_S)
        seen = (walkers.times_s >= start_s) & (walkers.times_s < start_s + SPELL_S)
        rows.append((heard.sum() / SPELL_S, float(walking[seen].mean())))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def measure(stereo: Float32Array, walkers: Walkers, phases_rad: FloatArray) -> dict[str, float | Chance]:
    """All figures of (n, 2) samples that begin at time 0 of `walkers`; `phases_rad` (t, n) as `step_phases` gives."""
    duration_s = len(stereo) / SAMPLE_RATE_HZ
    onsets_s = detect_onsets(stereo)
    heard = onset_windows(stereo, onsets_s)  # (k, 2)
    azimuth, distance_m = walkers.nearest()
    near_m = at_times(walkers, distance_m, onsets_s)
    known = np.isfinite(near_m)
    by_spell = spells(onsets_s, walkers, duration_s)
    return {
        "pan_scene": pan_follows(stereo, walkers, walkers.expected_db()),
        "pan_nearest": pan_follows(stereo, walkers, np.degrees(azimuth)),
        "side_share": sides_follow(onsets_s, heard[:, 0], walkers, duration_s),
        "side_onsets": right_side(heard[:, 0], at_times(walkers, azimuth, onsets_s))[1],
        "pan_spread_db": float(np.std(piece_differences_db(stereo))),
        "onsets_per_s": len(onsets_s) / duration_s,
        "onsets_with_people": correlation(by_spell[:, 0], by_spell[:, 1]),
        "onset_rhythm_hz": onset_rhythm_hz(onsets_s, duration_s),
        "step_lock": steps_lock(onsets_s, walkers, phases_rad, duration_s),
        "level_slope_db": slope(np.log2(near_m[known]), heard[known, 1]),
        "level_dbfs": level_db(stereo),
    }
