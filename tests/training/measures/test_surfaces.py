"""The ground classifier on made-up recordings that anybody could tell apart."""

import math

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from stereosync_scenes.walk import Contact
from stereosync_training.measures.step_features import step_features
from stereosync_training.measures.surfaces import (
    GroundClassifier,
    accuracy,
    clear_contacts,
    confusion,
    lesson,
    train_classifier,
)
from stereosync_training.sounds import SoundLibrary, StepRecording, mix_walk
from stereosync_training.sounds.recording import make_recording

GROUNDS = ("stone", "grass", "metal")
BANDS_HZ = {"stone": (100, 600), "grass": (1000, 2500), "metal": (4000, 9000)}


def recording(ground: str, seed: int = 0) -> StepRecording:
    """Noise in the ground's band that fades in 40 ms."""
    time_s = np.arange(12_000) / 48_000
    noise = np.random.default_rng(seed).standard_normal(12_000) * np.exp(-time_s / 0.04)
    band = butter(4, BANDS_HZ[ground], "bandpass", fs=48_000, output="sos")
    return make_recording(ground, "none", (0.3 * sosfilt(band, noise)).astype(np.float32))


def library(seed: int = 0) -> SoundLibrary:
    return SoundLibrary("test", {ground: (recording(ground, seed),) for ground in GROUNDS}, {}, frozenset())


@pytest.fixture(scope="module")
def classifier() -> GroundClassifier:
    return train_classifier(library(), walks=4)


def contact(time_s: float, ground: str, far_m: float = 3.0) -> Contact:
    return Contact(time_s, 0, "left", ground, (0.0, 0.0, far_m), 1.0)


def test_grounds_are_told_apart_in_other_recordings(classifier: GroundClassifier) -> None:
    assert sorted(classifier.grounds) == sorted(GROUNDS)
    truth = lesson(5, GROUNDS)
    judged = classifier.judge(mix_walk(truth, library(1), 0), truth.contacts)
    assert len(judged) == len(truth.contacts)
    assert accuracy(judged) > 0.9


def test_steps_on_the_wrong_ground_are_noticed(classifier: GroundClassifier) -> None:
    truth = lesson(5, GROUNDS)
    recordings = {ground: (recording(GROUNDS[index - 1]),) for index, ground in enumerate(GROUNDS)}
    judged = classifier.judge(mix_walk(truth, SoundLibrary("test", recordings, {}, frozenset()), 0), truth.contacts)
    assert accuracy(judged) < 0.1
    silence = classifier.judge(np.zeros((480_000, 2), np.float32), truth.contacts)
    assert accuracy(silence) < 0.6


def test_equal_recordings_give_equal_classifiers(classifier: GroundClassifier) -> None:
    np.testing.assert_array_equal(train_classifier(library(), walks=4).weights, classifier.weights)


def test_loudness_and_side_say_nothing_of_the_ground() -> None:
    truth = lesson(5, GROUNDS)
    sound = mix_walk(truth, library(), 0)
    times_s = [one.time_s for one in truth.contacts]
    features = step_features(sound, times_s)
    np.testing.assert_allclose(step_features(0.5 * sound[:, ::-1], times_s), features, atol=0.2)


def test_a_step_covered_by_another_ground_is_not_asked_for() -> None:
    covered = (contact(1.0, "stone"), contact(1.2, "grass"), contact(2.0, "grass"), contact(2.2, "grass"))
    assert [one.time_s for one in clear_contacts(covered)] == [2.0, 2.2]
    assert clear_contacts((contact(1.0, "stone", far_m=9.0),)) == []


def test_steps_cut_off_by_the_end_or_on_unknown_ground_are_left_out(classifier: GroundClassifier) -> None:
    sound = np.zeros((48_000, 2), np.float32)
    assert classifier.judge(sound, (contact(0.9, "stone"), contact(0.1, "snow"))).shape == (0, 2)
    assert math.isnan(accuracy(np.zeros((0, 2), np.int64)))


def test_the_confusion_counts_true_grounds_down() -> None:
    assert confusion(np.array([[0, 1], [0, 1], [1, 1]]), 2) == [[0, 2], [0, 1]]
