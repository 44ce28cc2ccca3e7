"""YAMNet against values of its authors' network, and the distance between sets of embeddings."""

from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.signal import butter, sosfilt

from stereosync.scene import Float32Array
from stereosync_training.embeddings.distance import frechet_distance
from stereosync_training.embeddings.sounds import (
    clip_peaks,
    distance_of_halves,
    distances_of_spoils,
    embed_mid,
    embed_side,
    in_order,
)
from stereosync_training.embeddings.yamnet import CLASSES, DIMENSIONS, RATE_HZ, Yamnet, log_mel, patches

CHECK = Path(__file__).with_name("yamnet_check.npz")  # three seconds of sound and what a 32-bit YAMNet makes of it


def steps(seed: int, seconds: int = 4) -> Float32Array:
    """Stereo bursts of noise twice a second, of lengths and on a side of their own, over the rumble of a place."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(24_000) / 48_000
    decays_s = rng.uniform(0.02, 0.1, (2 * seconds, 1))
    bursts = rng.standard_normal((2 * seconds, 24_000)) * np.exp(-time_s / decays_s)
    low_pass = butter(1, rng.uniform(800, 8000), fs=48_000, output="sos")
    rumble = sosfilt(butter(1, 100, fs=48_000, output="sos"), rng.standard_normal(bursts.size))
    mono = sosfilt(low_pass, bursts, axis=1).ravel() + 0.02 * rumble / rumble.std()
    return (mono[:, None] * rng.uniform(0.2, 1.0, 2)).astype(np.float32)


def test_the_network_gives_what_its_authors_gives() -> None:
    network, check = Yamnet.load(), np.load(CHECK)
    mel = log_mel(check["waveform_16k"])
    np.testing.assert_allclose(mel, check["log_mel"], atol=1e-4)
    embeddings = network.embed(check["waveform_16k"])
    assert embeddings.shape == (6, DIMENSIONS)
    np.testing.assert_allclose(embeddings, check["embedding"], atol=0.03)  # weights are rounded to 16 bits
    scores = network.scores(embeddings)
    assert scores.shape == (6, CLASSES)
    np.testing.assert_allclose(scores, check["scores"], atol=0.01)


@pytest.mark.parametrize(("samples", "count"), [(100, 1), (15_600, 1), (15_601, 2), (3 * RATE_HZ, 6)])
def test_sounds_are_filled_up_to_whole_patches(samples: int, count: int) -> None:
    assert patches(log_mel(np.zeros(samples, np.float32))).shape == (count, 96, 64)


def test_the_distance_is_that_of_gaussians() -> None:
    rng = np.random.default_rng(0)
    mixing = rng.standard_normal((3, 3))
    one, two = rng.standard_normal((5000, 3)), 2 * rng.standard_normal((4000, 3)) @ mixing + 1
    first, second = np.cov(one.T), np.cov(two.T)
    apart = np.square(one.mean(0) - two.mean(0)).sum()
    expected = apart + np.trace(first + second - 2 * np.real(sqrtm(first @ second)))
    assert frechet_distance(one, two) == pytest.approx(expected, rel=1e-6)
    assert frechet_distance(two, one) == pytest.approx(expected, rel=1e-6)


def test_the_distance_is_exact_for_fewer_embeddings_than_dimensions() -> None:
    """One on each axis: the covariances share no direction, so nothing is taken off their traces."""
    one, two = np.zeros((2, 100)), np.zeros((2, 100))
    one[:, 3], two[:, 70] = (-1, 1), (-2, 2)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(one, one + 1) == pytest.approx(100)
    assert frechet_distance(one, two) == pytest.approx(2 + 8)
    with pytest.raises(ValueError, match="two embeddings or more"):
        frechet_distance(one[:1], two)


def test_known_harms_raise_the_distance_in_order() -> None:
    found = distances_of_spoils([steps(seed) for seed in range(4)])
    assert in_order(found), found


def test_harms_out_of_order_are_noticed() -> None:
    assert in_order({"a": {"1": 0.1, "2": 0.2}})
    assert not in_order({"a": {"1": 0.1, "2": 0.2}, "b": {"1": 0.3, "2": 0.2}})
    assert not in_order({"a": {"1": 0.0}})


def test_mid_and_side_are_what_they_say() -> None:
    sound = steps(0, 2)
    mono, turned = np.repeat(sound[:, :1], 2, axis=1), sound * np.array([1, -1], np.float32)
    np.testing.assert_allclose(embed_side([turned]), embed_mid([sound]), atol=1e-5)
    silence = embed_side([np.zeros_like(sound)])
    np.testing.assert_array_equal(embed_side([mono]), silence)
    assert np.abs(embed_side([sound]) - silence).max() > 0.1


def test_halves_of_one_kind_are_nearer_than_another_kind() -> None:
    kind = [steps(seed) for seed in range(4)]
    harsh = [clip_peaks(sound, 40) for sound in kind]
    assert (
        0
        < distance_of_halves(kind)
        < distance_of_halves([sound for pair in zip(kind, harsh, strict=True) for sound in pair])
    )
