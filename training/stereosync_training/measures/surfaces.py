"""Surfaces: can one hear what ground a step is on?

A softmax regression on what a step sounds like, trained on recordings that the model never heard, mixed as the truth of
walks is mixed: at any distance and side, in rooms, re-pitched, over ambience. Everything is drawn from fixed seeds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from stereosync.scene import Float32Array
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.walk import Contact, WalkTruth
from stereosync_training.measures.onsets import NEAR_M, SAMPLE_RATE_HZ, FloatArray, distance_m
from stereosync_training.measures.step_features import AFTER_S, step_features
from stereosync_training.sounds import SoundLibrary, mix_walk, random_truth

IntArray = npt.NDArray[np.int64]

BEFORE_S = 0.25  # a step of another character on another ground so shortly before still rings on
TRAINING_WALKS = 60
STEPS_PER_WALK = 20
STEP_EVERY_S = 0.5
TRAINING_SEED = 77_000_000  # far from the seeds of walks
PENALTY = 0.1


def clear_contacts(contacts: tuple[Contact, ...]) -> list[Contact]:
    """Contacts nearer than 8 m that no step on another ground covers."""
    return [one for one in contacts if distance_m(one) < NEAR_M and not any(_covers(two, one) for two in contacts)]


def _covers(two: Contact, one: Contact) -> bool:
    return two.ground != one.ground and -BEFORE_S < two.time_s - one.time_s < AFTER_S


@dataclass(frozen=True, eq=False)
class GroundClassifier:
    """`weights` (features + 1, grounds) on standardised features and 1."""

    grounds: tuple[str, ...]
    middle: FloatArray  # (features,)
    scale: FloatArray  # (features,)
    weights: FloatArray

    def guess(self, features: Float32Array) -> IntArray:
        """Index of the likeliest ground (k,) of features (k, f)."""
        return np.asarray((_with_one((features - self.middle) / self.scale) @ self.weights).argmax(axis=1))

    def judge(self, stereo: Float32Array, contacts: tuple[Contact, ...]) -> IntArray:
        """True and guessed ground (k, 2), as indices, of the clear contacts of (n, 2) samples."""
        clear = [
            contact
            for contact in clear_contacts(contacts)
            if contact.ground in self.grounds and (contact.time_s + AFTER_S) * SAMPLE_RATE_HZ <= len(stereo)
        ]
        if not clear:
            return np.zeros((0, 2), dtype=np.int64)
        true = [self.grounds.index(contact.ground) for contact in clear]
        guessed = self.guess(step_features(stereo, [contact.time_s for contact in clear]))
        return np.stack([np.array(true, dtype=np.int64), guessed], axis=1)


def train_classifier(library: SoundLibrary, walks: int = TRAINING_WALKS) -> GroundClassifier:
    """The classifier that the recordings of `library` teach. Equal libraries give equal classifiers."""
    grounds = tuple(ground for ground in GROUNDS if ground in library.steps_by_ground)
    truths = [lesson(TRAINING_SEED + number, grounds) for number in range(walks)]
    features = np.concatenate(
        [
            step_features(mix_walk(truth, library, truth.seed), [one.time_s for one in truth.contacts])
            for truth in truths
        ]
    ).astype(np.float64)
    labels = np.array([grounds.index(one.ground) for truth in truths for one in truth.contacts])
    middle, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    return GroundClassifier(grounds, middle, scale, _regress((features - middle) / scale, labels, len(grounds)))


def lesson(seed: int, grounds: Sequence[str]) -> WalkTruth:
    """Lone steps, each by somebody else somewhere else on any of `grounds`, in one room with one ambience."""
    rng = np.random.default_rng(seed)
    like = random_truth(seed)
    contacts = []
    for number in range(STEPS_PER_WALK):
        azimuth_rad, far_m = rng.uniform(-1, 1), math.exp(rng.uniform(math.log(1.0), math.log(NEAR_M)))
        place = (far_m * math.sin(azimuth_rad), 0.0, far_m * math.cos(azimuth_rad))
        ground = grounds[(seed * STEPS_PER_WALK + number) % len(grounds)]
        foot = ("left", "right")[int(rng.integers(2))]
        contacts.append(Contact((number + 1) * STEP_EVERY_S, number, foot, ground, place, rng.uniform(0.5, 2.0)))
    return WalkTruth(seed, (STEPS_PER_WALK + 2) * STEP_EVERY_S, tuple(contacts), like.room, like.place)


def _with_one(values: FloatArray) -> FloatArray:
    return np.concatenate([values, np.ones((len(values), 1))], axis=1)


def _regress(values: FloatArray, labels: IntArray, classes: int) -> FloatArray:
    """Weights (f + 1, classes) of the softmax regression of `labels` (n,) on `values` (n, f), with an L2 penalty."""
    inputs = _with_one(values)
    wanted = np.eye(classes)[labels]
    shape = (inputs.shape[1], classes)

    def cost(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        logits = inputs @ weights
        logits -= logits.max(axis=1, keepdims=True)
        log_share = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        slope = inputs.T @ (np.exp(log_share) - wanted) / len(inputs) + PENALTY * weights
        value = -float((log_share * wanted).sum()) / len(inputs) + PENALTY / 2 * float(np.square(weights).sum())
        return value, slope.ravel()

    found = minimize(cost, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x.reshape(shape))


def accuracy(judged: IntArray) -> float:
    """Share of right guesses of (k, 2); NaN for none."""
    return float(np.mean(judged[:, 0] == judged[:, 1])) if len(judged) else math.nan


def confusion(judged: IntArray, grounds: int) -> list[list[int]]:
    """Counts of each true ground (row) taken for each ground (column)."""
    counts = np.zeros((grounds, grounds), dtype=np.int64)
    np.add.at(counts, (judged[:, 0], judged[:, 1]), 1)
    return counts.tolist()
