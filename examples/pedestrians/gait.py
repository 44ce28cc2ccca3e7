"""Steps that show in boxes: a walker's box is widest when the feet are apart, once a step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.signal import butter, hilbert, sosfiltfilt, welch

from stereosync_training.measures.onsets import FloatArray
from tracks import BoxTrack

STEP_RATES_HZ = (1.2, 3.0)  # from a stroll to a quick walk
SHORTEST_S = 4.0
WINDOW_S = 3.2
ENVELOPE_HZ = 50.0
DENSITY_S = 0.04  # how far an onset is spread when onsets are compared with themselves


def width_ripple(track: BoxTrack, pictures_per_s: float) -> FloatArray:
    """Box width over box height (n,), only what changes at the rate of steps."""
    wide = (track.corners_px[:, 2] - track.corners_px[:, 0]) / (track.corners_px[:, 3] - track.corners_px[:, 1])
    band = butter(2, STEP_RATES_HZ, "bandpass", fs=pictures_per_s, output="sos")
    return np.asarray(sosfiltfilt(band, wide - wide.mean(), padlen=min(len(wide) - 1, 15)))


def step_rate_hz(track: BoxTrack, pictures_per_s: float) -> float:
    """Steps a second by the strongest ripple of the width; NaN for a track that is too short to tell."""
    if len(track.corners_px) < SHORTEST_S * pictures_per_s:
        return math.nan
    window = round(WINDOW_S * pictures_per_s)
    rates_hz, power = welch(width_ripple(track, pictures_per_s), fs=pictures_per_s, nperseg=window, nfft=8 * window)
    within = (rates_hz >= STEP_RATES_HZ[0]) & (rates_hz <= STEP_RATES_HZ[1])
    return float(rates_hz[within][power[within].argmax()])


def step_phases(tracks: Sequence[BoxTrack], times_s: FloatArray, pictures_per_s: float) -> FloatArray:
    """Phase (t, n) of each track's width ripple, 0 where it is widest; NaN where there is no track or a short one."""
    phases = np.full((len(times_s), len(tracks)), np.nan)
    for column, track in enumerate(tracks):
        if len(track.corners_px) < SHORTEST_S * pictures_per_s:
            continue
        place = times_s * pictures_per_s - track.first
        inside = (place >= 0) & (place <= len(track.corners_px) - 1)
        unwrapped = np.unwrap(np.angle(hilbert(width_ripple(track, pictures_per_s))))
        phases[inside, column] = np.interp(place[inside], np.arange(len(unwrapped)), unwrapped) % (2 * np.pi)
    return phases


def locking(phases_rad: FloatArray) -> float:
    """Length of the mean of unit vectors at `phases_rad` (k,): 1 when all are one, near 0 for chance; NaN for none."""
    known = phases_rad[np.isfinite(phases_rad)]
    return float(np.abs(np.exp(1j * known).mean())) if len(known) else math.nan


def onset_rhythm_hz(onsets_s: FloatArray, duration_s: float) -> float:
    """The rate within `STEP_RATES_HZ` at which onsets repeat most, by autocorrelation; NaN for fewer than eight."""
    if len(onsets_s) < 8:
        return math.nan
    axis_s = np.arange(0, duration_s, 1 / ENVELOPE_HZ)
    density = np.exp(-0.5 * ((axis_s[:, None] - onsets_s) / DENSITY_S) ** 2).sum(axis=1)
    density -= density.mean()
    low, high = (round(ENVELOPE_HZ / rate_hz) for rate_hz in STEP_RATES_HZ[::-1])
    alike = [float(density[lag:] @ density[:-lag]) / (len(density) - lag) for lag in range(low, high + 1)]
    return ENVELOPE_HZ / (low + int(np.argmax(alike)))
