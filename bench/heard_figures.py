"""Figures of what was heard, on a walk's own time axis. The definitions are those of `stereosync-evaluate`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from carrying import Carried
from scipy.ndimage import uniform_filter1d

from stereosync.scene import Float32Array
from stereosync_scenes.walk import Contact, WalkTruth
from stereosync_training.measures.levels import seam_ratio
from stereosync_training.measures.onsets import FloatArray, OnsetCounts, count_onsets, detect_onsets, onset_scores
from stereosync_training.measures.panning import measure_steps, panning_scores

CHUNK_SAMPLES = 1920
AROUND_SAMPLES = 481  # 10 ms
FLOOR = 1e-7


@dataclass(frozen=True)
class Heard:
    """One walk as it was heard: `longest_gap` and `seam` are of the raw recording, the rest is held against truth."""

    longest_gap: int  # samples of silence at a stretch, after the first sound
    seam: float  # steps at the joints of chunks over those elsewhere
    onsets: OnsetCounts
    steps: FloatArray  # (k, 5)


def longest_gap(samples: Float32Array) -> int:
    """The longest run of exact silence in (n, 2) samples after the first sound and before the last."""
    sounding = np.flatnonzero(samples.any(axis=1))
    return int(np.diff(sounding).max(initial=1)) - 1


def seam(samples: Float32Array, chunk_samples: int = CHUNK_SAMPLES) -> float:
    """Steps at the joints of chunks over those at other places, of (n, 2) samples that were played without a break.

    Each second difference is held against its surroundings, because a foot that happens to come down at a joint is
    no seam; then as `seam_ratio`: the largest at any joint over what other places have in the median.
    """
    first = int(np.flatnonzero(samples.any(axis=1))[0])  # the first sound is the first chunk's
    steps = np.abs(np.diff(samples[first:].astype(np.float64), n=2, axis=0)).max(axis=1)
    around = np.sqrt(uniform_filter1d(steps**2, AROUND_SAMPLES).clip(0)) + FLOOR
    at_sample = np.pad(steps / around, (1, 1))  # value k is centred on sample k
    chunks = len(at_sample) // chunk_samples
    profile = at_sample[: chunks * chunk_samples].reshape(chunks, chunk_samples)[1:-1].max(axis=0, initial=0.0)
    return seam_ratio(profile)


def audible(truth: WalkTruth, from_s: float) -> tuple[Contact, ...]:
    """The contacts after `from_s`, when the session had begun and its first frames had been seen."""
    return tuple(contact for contact in truth.contacts if contact.time_s >= from_s)


def judge(carried: Carried, timeline: Float32Array, truth: WalkTruth, from_s: float) -> Heard:
    """Figures of a recording; `timeline` (n, 2) is the same sound on the walk's time axis."""
    contacts = audible(truth, from_s)
    onsets_s = detect_onsets(timeline)
    counts = count_onsets(onsets_s[onsets_s >= from_s - 0.05], contacts)
    return Heard(longest_gap(carried.samples), seam(carried.samples), counts, measure_steps(timeline, contacts))


def shifted(timeline: Float32Array, by_s: float, rate_hz: int = 48_000) -> Float32Array:
    """The same sound later: a control that a figure of time must notice."""
    return np.roll(timeline, round(by_s * rate_hz), axis=0)


def pool(walks: list[Heard]) -> dict[str, float]:
    """The figures of several walks together."""
    seams = [walk.seam for walk in walks if not math.isnan(walk.seam)]
    return {
        **onset_scores([walk.onsets for walk in walks]),
        **panning_scores(np.concatenate([walk.steps for walk in walks])),
        "longest_gap_samples": max(walk.longest_gap for walk in walks),
        "seam_ratio": max(seams) if seams else math.nan,
    }
