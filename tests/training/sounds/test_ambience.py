"""Ambience: as loud as there is much of it, without events that could be taken for steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from stereosync.scene import Float32Array
from stereosync_scenes.walk import Room, WalkTruth
from stereosync_training.measures.onsets import detect_onsets
from stereosync_training.sounds import SoundLibrary, mix_walk
from stereosync_training.sounds.ambience import (
    LOUDEST_DBFS,
    QUIETEST_DBFS,
    VARIATION_DB,
    Ambience,
    ambience_bed,
    level_dbfs,
    make_ambience,
)
from stereosync_training.sounds.calm import calm
from stereosync_training.sounds.loudness import weighted

RATE_HZ = 48_000
CLIP_SAMPLES = 3 * RATE_HZ


def hiss(channels: int, seconds: float = 4.0) -> Float32Array:
    rng = np.random.default_rng(channels)
    return 0.1 * rng.standard_normal((int(seconds * RATE_HZ), channels)).astype(np.float32)


def hammer() -> Float32Array:
    """Blows 16 dB over a murmur, one in 0.8 s (n, 1)."""
    time_s = np.arange(int(0.8 * RATE_HZ)) / RATE_HZ
    blow = np.exp(-time_s / 0.02)[:, None] * np.random.default_rng(3).standard_normal((len(time_s), 1))
    return (0.3 * np.tile(blow, (5, 1)) + 0.5 * hiss(1)).astype(np.float32)


def heard_dbfs(bed: Float32Array) -> float:
    """A-weighted level of (2, n)."""
    return float(10 * np.log10(np.mean(np.square(weighted(bed.T)))))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> SoundLibrary:
    root = tmp_path_factory.mktemp("sounds")
    for kind, name, sound in (
        ("footsteps/stone", "one__a.flac", hiss(1, 0.2)),
        ("ambience/wind", "one__a.ogg", hiss(1)),
    ):
        (root / kind).mkdir(parents=True)
        soundfile.write(root / kind / name, sound, RATE_HZ)
    return SoundLibrary.open(root, "train")


def standing(place: str, amount: float = 0.5) -> WalkTruth:
    return WalkTruth(7, 2.0, (), Room(0.0, 0.0), place, amount)


@pytest.mark.parametrize("recording", [lambda: hiss(1), lambda: hiss(2), hammer], ids=["mono", "stereo", "sparse"])
@pytest.mark.parametrize(("amount", "level_dbfs"), [(0.0, QUIETEST_DBFS), (1.0, LOUDEST_DBFS), (5.0, LOUDEST_DBFS)])
def test_loudness_follows_the_amount(recording: Callable[[], Float32Array], amount: float, level_dbfs: float) -> None:
    ambience = make_ambience(recording())
    for seed in range(4):
        bed = ambience_bed(ambience, amount, CLIP_SAMPLES, np.random.default_rng(seed))
        assert bed.shape == (2, CLIP_SAMPLES)
        assert level_dbfs - VARIATION_DB - 3.5 < heard_dbfs(bed) < level_dbfs + VARIATION_DB + 1


def test_rumble_is_no_loudness() -> None:
    time_s = np.arange(4 * RATE_HZ)[:, None] / RATE_HZ
    rumbling = hiss(1) + (0.5 * np.sin(2 * np.pi * 40 * time_s)).astype(np.float32)
    beds = [ambience_bed(make_ambience(r), 0.5, CLIP_SAMPLES, np.random.default_rng(0)) for r in (hiss(1), rumbling)]
    assert heard_dbfs(beds[1]) == pytest.approx(heard_dbfs(beds[0]), abs=1)
    assert np.std(beds[1]) > 1.5 * np.std(beds[0])


def test_a_hammer_in_the_background_is_not_taken_for_steps() -> None:
    raw = Ambience(hammer(), make_ambience(hammer()).levels)
    loud, calmed = (
        detect_onsets(ambience_bed(ambience, 1.0, CLIP_SAMPLES, np.random.default_rng(0)).T)
        for ambience in (raw, make_ambience(hammer()))
    )
    assert len(loud) >= 3
    assert len(calmed) == 0


def test_calming_keeps_level_tone_and_seam_of_a_steady_sound() -> None:
    before, after = hiss(2), calm(hiss(2))
    assert after.shape == (len(before) // 128 * 128, 2)
    assert 20 * np.log10(after.std() / before.std()) == pytest.approx(0.0, abs=1.0)
    power = [np.square(np.abs(np.fft.rfft(sound[:, 0]))) for sound in (before, after)]
    treble = [p[len(p) // 2 :].sum() / p.sum() for p in power]
    assert treble[1] == pytest.approx(treble[0], abs=0.03)
    assert abs(after[0, 0] - after[-1, 0]) < 6 * after.std()
    np.testing.assert_array_equal(after, calm(hiss(2)))


def test_a_nameless_place_and_one_without_recordings_are_silent(library: SoundLibrary) -> None:
    assert not mix_walk(standing(""), library, 0).any()
    assert not mix_walk(standing("moon"), library, 0).any()
    assert not mix_walk(standing("wind"), library, 0, ambience=False).any()


def test_a_named_place_is_always_heard(library: SoundLibrary) -> None:
    levels_dbfs = [heard_dbfs(mix_walk(standing("wind"), library, seed).T) for seed in range(20)]
    assert min(levels_dbfs) > level_dbfs(0.5) - VARIATION_DB - 3
    assert np.ptp(levels_dbfs) > 0.5
