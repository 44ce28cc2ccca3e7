"""Timbre: has each step the colour and the attack that its ground gives it?

Both figures take both channels' power together, so that a step in the wrong place is not also one of the wrong colour,
and noise that the channels do not share is not lost in a sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfilt
from scipy.signal.windows import tukey

from stereosync.scene import Float32Array
from stereosync_scenes.walk import Contact
from stereosync_training.measures.onsets import NEAR_M, SAMPLE_RATE_HZ, FloatArray, distance_m

BEFORE_S, AFTER_S = 0.005, 0.1  # the window of a step, around its contact
FADE_S = 0.005  # at both ends of the window: a step that is cut off has energy in every band
BAND_EDGES_HZ = (60, 250, 1000, 3000, 8000, 16_000)
BANDS = tuple(f"{low}-{high} Hz" for low, high in pairwise(BAND_EDGES_HZ))
SILENCE_DBFS = -80.0
RISE_BEFORE_S = 0.02  # no decoder's frame begins earlier before the contact
PEAK_AFTER_S = 0.025  # what is loudest later is the toe or the room
RISE_SHARE = 0.1
ENVELOPE_S = 0.0005
ATTACK_LOWEST_HZ = 250.0
SETTLE_S = 0.02  # of the filter, before the rise may begin


@dataclass(frozen=True, eq=False)
class Timbre:
    """Separate contacts of one clip: on which ground, how far off in each band, and how fast they rise."""

    grounds: tuple[str, ...]  # (k,)
    errors_db: FloatArray  # (k, bands), heard minus true
    rises_s: FloatArray  # (k,), see `rise_s`; NaN also where the truth has no rise


def separate_contacts(contacts: tuple[Contact, ...]) -> list[Contact]:
    """Contacts nearer than 8 m whose window, 5 ms before to 100 ms after, overlaps that of no other, near or far."""
    apart_s = BEFORE_S + AFTER_S
    return [
        one
        for one in contacts
        if distance_m(one) < NEAR_M
        and not any(two is not one and abs(two.time_s - one.time_s) < apart_s for two in contacts)
    ]


def measure_timbre(heard: Float32Array, true: Float32Array, contacts: tuple[Contact, ...]) -> Timbre:
    """The steps of `heard` (n, 2) against `true` (n, 2), both at 48 kHz, whose windows lie inside."""
    span_s = (RISE_BEFORE_S + SETTLE_S, len(true) / SAMPLE_RATE_HZ - AFTER_S)
    inside = [one for one in separate_contacts(contacts) if span_s[0] <= one.time_s <= span_s[1]]
    errors_db = [band_levels_dbfs(heard, one.time_s) - band_levels_dbfs(true, one.time_s) for one in inside]
    rises_s = [rise_s(heard, one.time_s) if math.isfinite(rise_s(true, one.time_s)) else math.nan for one in inside]
    return Timbre(
        tuple(one.ground for one in inside),
        np.array(errors_db, dtype=np.float64).reshape(-1, len(BANDS)),
        np.array(rises_s, dtype=np.float64),
    )


def band_levels_dbfs(stereo: Float32Array, time_s: float) -> FloatArray:
    """Level (bands,) of the window around `time_s`: mean square of both channels' sum of powers, in dB.

    A band that is softer than -80 dBFS counts as -80: how silent silence is, nobody hears.
    """
    window = _span(stereo, time_s, BEFORE_S, AFTER_S)
    taper = tukey(len(window), 2 * FADE_S * SAMPLE_RATE_HZ / len(window))
    power = np.square(np.abs(np.fft.rfft(window * taper[:, None], axis=0))).sum(axis=1)
    power *= 2 / (len(window) * np.square(taper).sum())
    bins_hz = np.fft.rfftfreq(len(window), 1 / SAMPLE_RATE_HZ)
    places = np.digitize(bins_hz, BAND_EDGES_HZ)  # 0 is below the lowest band
    levels = np.bincount(places, weights=power, minlength=len(BANDS) + 2)[1 : len(BANDS) + 1]
    return np.asarray(10 * np.log10(levels + 10 ** (SILENCE_DBFS / 10)), dtype=np.float64)


def rise_s(stereo: Float32Array, time_s: float) -> float:
    """Seconds from a tenth of the peak to the peak of the envelope of the step at `time_s`.

    The envelope is the RMS over 0.5 ms of both channels' powers together, above 250 Hz; nothing rises faster than
    that. The peak is the largest from 5 ms before the contact to 25 ms after it; the rise begins where the envelope
    was last below a tenth of it, from 20 ms before the contact on. Endless if it never was; NaN if the peak is silent.
    """
    span = sosfilt(_attack_filter(), _span(stereo, time_s, RISE_BEFORE_S + SETTLE_S, PEAK_AFTER_S), axis=0)
    power = uniform_filter1d(np.square(span).sum(axis=1), round(ENVELOPE_S * SAMPLE_RATE_HZ))
    envelope = np.sqrt(power[round(SETTLE_S * SAMPLE_RATE_HZ) :].clip(min=0))
    first = round((RISE_BEFORE_S - BEFORE_S) * SAMPLE_RATE_HZ)
    peak = first + int(envelope[first:].argmax())
    if 20 * math.log10(envelope[peak] + 1e-12) < SILENCE_DBFS:
        return math.nan
    below = np.flatnonzero(envelope[:peak] < RISE_SHARE * envelope[peak])
    return (peak - int(below[-1])) / SAMPLE_RATE_HZ if len(below) else math.inf


@lru_cache(maxsize=1)
def _attack_filter() -> FloatArray:
    """Second-order sections of a high pass. Between the waves of a thud the envelope would fall below a tenth."""
    return np.asarray(butter(4, ATTACK_LOWEST_HZ, "highpass", fs=SAMPLE_RATE_HZ, output="sos"), dtype=np.float64)


def timbre_scores(clips: Sequence[Timbre]) -> dict[str, float]:
    """Over all `clips`: mean size of the bands' errors in dB, median rise in ms; NaN where nothing was measured."""
    errors_db, rises_s = (np.concatenate([getattr(clip, name) for clip in clips]) for name in ("errors_db", "rises_s"))
    return {"band_error_db": _mean(np.abs(errors_db)), "rise_ms": 1000 * _median(rises_s)}


def timbre_by_ground(clips: Sequence[Timbre]) -> dict[str, dict[str, float]]:
    """The scores of each ground and, as "all", of all: contacts, mean size of the error in each band, median rise."""
    grounds = np.array([ground for clip in clips for ground in clip.grounds], dtype=np.str_)
    errors_db, rises_s = (np.concatenate([getattr(clip, name) for clip in clips]) for name in ("errors_db", "rises_s"))
    chosen = {ground: grounds == ground for ground in np.unique(grounds).tolist()}
    chosen["all"] = np.ones(len(grounds), dtype=np.bool_)
    return {ground: _row(errors_db[at], rises_s[at]) for ground, at in chosen.items()}


def _row(errors_db: FloatArray, rises_s: FloatArray) -> dict[str, float]:
    sizes = np.abs(errors_db)
    values = {
        "contacts": len(errors_db),
        **{band: _mean(size) for band, size in zip(BANDS, sizes.T, strict=True)},
        "band_error_db": _mean(sizes),
        "rise_ms": 1000 * _median(rises_s),
    }
    return {name: value for name, value in values.items() if not math.isnan(value)}


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else math.nan


def _median(values: FloatArray) -> float:
    """The median of what is known; NaN for none, and where most are endless."""
    known = values[~np.isnan(values)]
    middle = float(np.median(known)) if len(known) else math.nan
    return middle if math.isfinite(middle) else math.nan


def _span(stereo: Float32Array, time_s: float, before_s: float, after_s: float) -> FloatArray:
    start, stop = (round((time_s + offset_s) * SAMPLE_RATE_HZ) for offset_s in (-before_s, after_s))
    return np.asarray(stereo[start:stop], dtype=np.float64)
