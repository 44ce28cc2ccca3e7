"""Foresight: from chances that change with every frame to contacts that are planned once and made once.

Each frame says anew how likely each character's foot comes down in each 20 ms from shortly before it to 0.3 s after.
The forecasts of the last frames are averaged at the moments that they speak of; peaks become planned contacts. A plan
may move until its sound begins. From then on it stands, and nothing near it is planned again: a foot comes down once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stereosync.bundle import Forecast
from stereosync.scene import Float32Array

OVER_S, FADE_S = 0.13, 0.1  # forecasts of so long before count, the older the less
PEAK_REACH = 3  # bins each side in which a peak has no equal
LEAST_MASS = 0.7  # chance in the three bins of a peak, its own counted half more: equal sums are told apart
APART_S = 0.15  # between two contacts of one character
LATE_S = 0.04  # a contact that is seen so late is still made, at once
KEPT_S = 0.5

FloatArray = npt.NDArray[np.float64]
Chances = Mapping[int, Float32Array]  # by character id: (K,)


@dataclass(frozen=True)
class Foresight:
    """What was foreseen: `recent` forecasts by the time of their frame, and planned contact times by character."""

    recent: tuple[tuple[float, Chances], ...] = ()
    planned_s: Mapping[int, tuple[float, ...]] = field(default_factory=dict)


def foresee(spec: Forecast, before: Foresight, frame_s: float, chances: Chances, made_until_s: float) -> Foresight:
    """The next foresight after a frame. Sound is made up to `made_until_s`; what is planned before it stands."""
    recent = (*(one for one in before.recent if frame_s - OVER_S <= one[0] < frame_s), (frame_s, chances))
    planned_s = {
        character: tuple(time_s for time_s in times_s if time_s > frame_s - KEPT_S)
        for character, times_s in before.planned_s.items()
    }
    for character in chances:
        plan = [time_s for time_s in planned_s.get(character, ()) if time_s <= made_until_s]
        seen_s = peaks_s(_averaged(spec, recent, character), frame_s + spec.start_s, spec.step_s)
        for time_s in (max(time_s, made_until_s) for time_s in seen_s if time_s > made_until_s - LATE_S):
            if all(abs(time_s - other_s) >= APART_S for other_s in plan):
                plan.append(time_s)
        planned_s[character] = tuple(plan)
    return Foresight(recent, {character: times_s for character, times_s in planned_s.items() if times_s})


def contacts_of(
    spec: Forecast, foresight: Foresight, frame_s: float, ids: Sequence[int], like: Float32Array
) -> Float32Array:
    """Planned contacts as the backbone takes them, in the shape of the forecast `like` (1, C, K)."""
    out = np.zeros_like(like)
    bins_s = frame_s + spec.start_s + spec.step_s * np.arange(like.shape[-1])
    for slot, character in enumerate(ids):
        for time_s in foresight.planned_s.get(character, ()):
            np.maximum(out[0, slot], 1 - np.abs(bins_s - time_s) / spec.step_s, out=out[0, slot], casting="unsafe")
    return out


def _averaged(spec: Forecast, recent: Sequence[tuple[float, Chances]], character: int) -> FloatArray:
    """Chances (K,) of the newest frame's bins: the mean of what recent frames say of the same moments."""
    newest_s, newest = recent[-1][0], recent[-1][1][character]
    places = np.arange(len(newest))
    total, weights = np.zeros(len(newest)), np.zeros(len(newest))
    for frame_s, chances in recent:
        if character not in chances:
            continue
        own = places + (newest_s - frame_s) / spec.step_s  # places in the older forecast
        weight = math.exp(-(newest_s - frame_s) / FADE_S) * (own <= len(newest) - 1)
        total += weight * np.interp(own, places, chances[character])
        weights += weight
    return np.asarray(total / weights)


def peaks_s(chances: FloatArray, start_s: float, step_s: float) -> list[float]:
    """Times of the likely peaks of chances (K,), between bins where their neighbours say so."""
    padded = np.pad(chances, PEAK_REACH)
    near = np.lib.stride_tricks.sliding_window_view(padded, 3)[PEAK_REACH - 1 : len(chances) + PEAK_REACH - 1]  # (K, 3)
    mass = near.sum(1) + 0.5 * chances
    around = np.lib.stride_tricks.sliding_window_view(np.pad(mass, PEAK_REACH), 2 * PEAK_REACH + 1).max(1)
    at = np.flatnonzero((mass >= around) & (mass > LEAST_MASS))
    beside = (near[at, 2] - near[at, 0]) / near[at].sum(1)
    return [float(time_s) for time_s in start_s + step_s * (at + beside)]
