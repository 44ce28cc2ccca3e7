"""BiasSkill: does the sound lean to the right side more often than chance? Definition after WorldSonus.

Sound at 24 kHz in windows of one second; a window leans by d = (E_R - E_L) / (E_R + E_L). Chance is the same output
dealt to the wrong clips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from stereosync.scene import Float32Array

SAMPLE_RATE_HZ = 24_000
Sides = npt.NDArray[np.int8]  # -1 left, +1 right, 0 neither


@dataclass(frozen=True)
class BiasSkill:
    """`percent` is (A - chance) / (1 - chance) in %, `p` the share of derangements as good, `chance` their mean."""

    percent: float
    p: float
    chance: float


def lean(stereo: Float32Array, least_lean: float, least_rms: float) -> Sides:
    """Side (windows,) to which each whole second of (n, 2) samples at 48 kHz leans."""
    slow = resample_poly(np.asarray(stereo, dtype=np.float64), 1, 2, axis=0)
    whole = len(slow) // SAMPLE_RATE_HZ
    energy = np.square(slow[: whole * SAMPLE_RATE_HZ]).reshape(whole, SAMPLE_RATE_HZ, 2).sum(axis=1)
    balance = (energy[:, 1] - energy[:, 0]) / (energy.sum(axis=1) + 1e-12)
    rms = np.sqrt(energy.sum(axis=1) / (2 * SAMPLE_RATE_HZ))
    clear = (np.abs(balance) >= least_lean) & (rms >= least_rms)
    return np.where(clear, np.sign(balance), 0).astype(np.int8)


def truth_sides(stereo: Float32Array) -> Sides:
    """Sides (windows,) of the true sound; 0 marks a window that is not asked for."""
    return lean(stereo, 0.3, 1e-4)


def heard_sides(stereo: Float32Array) -> Sides:
    """Sides (windows,) of an output; 0 is never right."""
    return lean(stereo, 0.1, 1e-3)


def balanced_accuracy(truth: Sides, heard: Sides) -> float:
    """Mean of the accuracies on the left and on the right, (clips, windows) each; NaN when truth has only one side."""
    shares = [np.mean(heard[truth == side] == side) if (truth == side).any() else math.nan for side in (-1, 1)]
    return float(np.mean(shares))


def skill_percent(truth: Sides, heard: Sides, chance: float) -> float:
    """Balanced accuracy as a share of what is left above `chance`, in %."""
    return 100 * (balanced_accuracy(truth, heard) - chance) / (1 - chance) if chance < 1 else math.nan


def bias_skill(truth: Sides, heard: Sides, seed: int = 0, derangements: int = 10_000) -> BiasSkill:
    """Skill of `heard` against `truth`, (clips, windows) each; NaN for one clip or when truth has one side only."""
    reached = balanced_accuracy(truth, heard)
    if len(truth) < 2 or math.isnan(reached):
        return BiasSkill(math.nan, math.nan, math.nan)
    dealt = deal(len(truth), derangements, np.random.default_rng(seed))
    own = np.arange(len(truth))
    null = np.zeros(derangements)
    for side in (-1, 1):
        right = (truth == side).astype(float) @ (heard == side).astype(float).T  # (truth's clip, output's clip)
        null += right[own, dealt].sum(axis=1) / np.count_nonzero(truth == side) / 2
    chance = float(null.mean())
    p = (1 + np.count_nonzero(null >= reached - 1e-12)) / (1 + derangements)
    return BiasSkill(skill_percent(truth, heard, chance), float(p), chance)


def deal(clips: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Random derangements (count, clips): permutations that leave no clip in its place."""
    kept: list[npt.NDArray[np.intp]] = []
    while sum(map(len, kept)) < count:
        drawn = rng.permuted(np.tile(np.arange(clips), (1000, 1)), axis=1)
        kept.append(drawn[(drawn != np.arange(clips)).all(axis=1)])
    return np.concatenate(kept)[:count]
