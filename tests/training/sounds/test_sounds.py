"""The mix: attacks lie where contacts are, sides, distances and forces come out as asked; splits share nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stereosync.scene import Float32Array
from stereosync.stereo import expected_level_difference_db, level_db, level_difference_db
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.sounds import SoundLibrary, mix_walk
from stereosync_training.sounds.mix import CEILING
from stereosync_training.sounds.space import distance_gain
from stereosync_training.sounds.trim import PRE_ROLL_SAMPLES, SAMPLE_RATE_HZ, attack_index

OUTDOORS = Room(0.0, 0.0)
HALL = Room(12.0, 0.8)


def a_step(seed: int, silence_s: float = 0.0, rate_hz: int = SAMPLE_RATE_HZ) -> Float32Array:
    """Decaying noise (n,) after `silence_s` of a faint hiss."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(int(0.25 * rate_hz)) / rate_hz
    burst = 0.5 * rng.standard_normal(len(time_s)) * np.exp(-time_s / 0.03)
    hiss = 1e-4 * rng.standard_normal(int(silence_s * rate_hz))
    return np.concatenate([hiss, burst]).clip(-1, 1).astype(np.float32)


def save(file: Path, samples: Float32Array, rate_hz: int = SAMPLE_RATE_HZ) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, samples, rate_hz)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sounds")
    names = ("minetest_data__a", "minetest_data__b", "one__a", "one__b", "two__a", "two__b", "two__c")
    for number, name in enumerate(names):
        save(root / "footsteps" / "stone" / f"{name}.flac", a_step(number, 0.02 * number))
    for number, name in enumerate(("one__a", "one__b", "two__a")):
        save(root / "footsteps" / "wood" / f"{name}.flac", a_step(10 + number))
    for number in range(3):
        save(root / "footsteps" / "tile" / f"one__{number}.flac", a_step(20 + number, rate_hz=22_050), 22_050)
    save(root / "footsteps" / "glass" / "one__a.flac", a_step(30))
    rng = np.random.default_rng(40)
    save(root / "ambience" / "wind" / "one__a.ogg", 0.1 * rng.standard_normal(SAMPLE_RATE_HZ).astype(np.float32))
    stereo = 0.01 * rng.standard_normal((SAMPLE_RATE_HZ, 2)).astype(np.float32)
    save(root / "ambience" / "wind" / "two__a.ogg", stereo)
    return root


@pytest.fixture(scope="module")
def library(folder: Path) -> SoundLibrary:
    return SoundLibrary.open(folder, "train")


def walk(
    *positions_m: tuple[float, float, float], room: Room = OUTDOORS, force: float = 1.0, place: str = ""
) -> WalkTruth:
    """One step on stone per position, half a second apart."""
    contacts = tuple(
        Contact(0.5 + 0.5 * index, 0, ("left", "right")[index % 2], "stone", position_m, force)
        for index, position_m in enumerate(positions_m)
    )
    return WalkTruth(7, 0.5 * len(positions_m) + 1.0, contacts, room, place)


def at(azimuth_rad: float, distance_m: float) -> tuple[float, float, float]:
    return distance_m * math.sin(azimuth_rad), 0.0, distance_m * math.cos(azimuth_rad)


def test_splits_share_no_recording_and_no_package_where_there_are_two(folder: Path, library: SoundLibrary) -> None:
    test = SoundLibrary.open(folder, "test")
    for ground in ("stone", "wood", "tile"):
        assert library.steps(ground)
        assert test.steps(ground)
        assert not {step.name for step in library.steps(ground)} & {step.name for step in test.steps(ground)}
    assert {step.package for step in test.steps("stone")} == {"minetest_data"}
    assert {step.package for step in library.steps("wood")} == {"one"}
    assert not set(library.ambiences("wind")) & set(test.ambiences("wind"))
    assert test.heard_in_training == {"glass"}
    assert library.heard_in_training == frozenset()


def test_a_recording_at_another_rate_is_resampled(library: SoundLibrary) -> None:
    assert all(0.15 < len(step.samples) / SAMPLE_RATE_HZ < 0.3 for step in library.steps("tile"))


def test_missing_folder_and_unknown_ground_name_the_cure(
    tmp_path: Path, library: SoundLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEREOSYNC_SOUNDS", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match=r"scripts/fetch_sounds\.py"):
        SoundLibrary.open()
    with pytest.raises(LookupError, match="lava"):
        library.steps("lava")


def test_mix_has_the_right_shape_and_starts_at_the_contact(library: SoundLibrary) -> None:
    truth = walk(at(0, 2))
    mixed = mix_walk(truth, library, 0, ambience=False)
    assert mixed.shape == (round(truth.duration_s * SAMPLE_RATE_HZ), 2)
    assert mixed.dtype == np.float32
    contact = round(0.5 * SAMPLE_RATE_HZ)
    assert np.abs(mixed[: contact - 2 * PRE_ROLL_SAMPLES]).max() < 1e-3
    assert abs(attack_index(mixed[:, 0]) - contact) <= PRE_ROLL_SAMPLES


def test_a_later_contact_moves_the_step_by_exactly_that_many_samples(library: SoundLibrary) -> None:
    early = walk(at(0, 2))
    moved = replace(early.contacts[0], time_s=early.contacts[0].time_s + 481 / SAMPLE_RATE_HZ)
    late = replace(early, contacts=(moved,))
    first, second = (mix_walk(truth, library, 0, ambience=False) for truth in (early, late))
    np.testing.assert_array_equal(first[:-481], second[481:])


@pytest.mark.parametrize("azimuth_deg", [-50, -30, -10, 0, 5, 20, 45])
def test_a_dry_step_is_heard_at_its_azimuth(library: SoundLibrary, azimuth_deg: int) -> None:
    azimuth_rad = math.radians(azimuth_deg)
    mixed = mix_walk(walk(at(azimuth_rad, 3)), library, 0, ambience=False)
    assert level_difference_db(mixed) == pytest.approx(expected_level_difference_db(azimuth_rad), abs=0.3)


def test_a_dry_step_falls_by_about_6_db_per_doubling_of_distance(library: SoundLibrary) -> None:
    levels_db = [level_db(mix_walk(walk(at(0.2, d)), library, 0, ambience=False)) for d in (1.5, 3.0, 6.0, 12.0)]
    slopes_db = np.diff(levels_db)
    assert np.all(slopes_db < -5.9)
    assert np.all(slopes_db > -7.8)
    assert distance_gain(0.1) == distance_gain(0.7)


def test_a_hall_rings_on_after_the_step(library: SoundLibrary) -> None:
    tail = slice(int(1.0 * SAMPLE_RATE_HZ), None)
    dry, wet = (mix_walk(walk(at(0, 4), room=room), library, 0, ambience=False) for room in (OUTDOORS, HALL))
    assert level_db(wet[tail]) > level_db(dry[tail]) + 20


def test_equal_seeds_give_equal_mixes_and_others_do_not(library: SoundLibrary) -> None:
    truth = walk(at(0.3, 2), at(-0.3, 4), room=HALL, place="wind")
    first = mix_walk(truth, library, 5)
    np.testing.assert_array_equal(first, mix_walk(truth, library, 5))
    assert np.abs(first - mix_walk(truth, library, 6)).max() > 1e-3


def test_loud_steps_are_limited_without_moving_them(library: SoundLibrary) -> None:
    azimuth_rad = math.radians(20)
    mixed = mix_walk(walk(at(azimuth_rad, 0.7), force=6.0), library, 0, ambience=False)
    assert CEILING * 0.8 < np.abs(mixed).max() <= CEILING + 1e-4
    assert level_difference_db(mixed) == pytest.approx(expected_level_difference_db(azimuth_rad), abs=0.3)


def test_contacts_at_the_edges_are_cut_not_wrapped(library: SoundLibrary) -> None:
    contacts = tuple(Contact(time_s, 0, "left", "stone", at(0, 2), 1.0) for time_s in (0.0, 0.999, 1.5))
    mixed = mix_walk(WalkTruth(0, 1.0, contacts, HALL, ""), library, 0)
    assert mixed.shape == (SAMPLE_RATE_HZ, 2)
    assert np.abs(mixed[:480]).max() > 0.01


def test_a_mirrored_walk_is_the_mirrored_sound_as_far_as_walls_and_feet_go(library: SoundLibrary) -> None:
    for room in (OUTDOORS, Room(8.0, 0.0)):
        left, right = walk(at(-0.4, 3), at(-0.1, 5), room=room), walk(at(0.4, 3), at(0.1, 5), room=room)
        mixed, mirrored = (mix_walk(truth, library, 3, ambience=False) for truth in (left, right))
        np.testing.assert_allclose(mixed, mirrored[:, ::-1], atol=1e-6)


def test_twice_the_force_is_about_6_db_and_bounded(library: SoundLibrary) -> None:
    forces = (0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 9.0)
    levels_db = [level_db(mix_walk(walk(at(0, 6), force=f), library, 0, ambience=False)) for f in forces]
    per_doubling_db = np.diff(levels_db[1:-1]) / np.diff(np.log2(forces[1:-1]))
    assert np.all((per_doubling_db > 5.5) & (per_doubling_db < 7.2))  # a harder step is brighter, too
    assert levels_db[0] == pytest.approx(levels_db[1], abs=0.01)
    assert levels_db[-1] == pytest.approx(levels_db[-2], abs=0.01)


def test_steps_of_one_person_differ_little(library: SoundLibrary) -> None:
    for seed in range(8):
        mixed = mix_walk(walk(*[at(0, 3)] * 8), library, seed, ambience=False)
        starts = [round((0.5 + 0.5 * index) * SAMPLE_RATE_HZ) for index in range(8)]
        levels_db = [level_db(mixed[start : start + 4800]) for start in starts]
        assert 0.1 < np.ptp(levels_db) < 6.0


def test_a_hidden_foot_is_duller_and_quieter(library: SoundLibrary) -> None:
    seen = walk(at(0.2, 3))
    hidden = replace(seen, contacts=(replace(seen.contacts[0], occlusion=1.0),))
    open_sound, muffled = (mix_walk(truth, library, 0, ambience=False)[:, 0] for truth in (seen, hidden))
    loss_db = 20 * np.log10(np.abs(np.fft.rfft(open_sound)) / np.abs(np.fft.rfft(muffled)))
    frequencies_hz = np.fft.rfftfreq(len(open_sound), 1 / SAMPLE_RATE_HZ)
    assert np.median(loss_db[frequencies_hz < 300]) == pytest.approx(9, abs=0.5)
    assert np.median(loss_db[(frequencies_hz > 3500) & (frequencies_hz < 4500)]) > 30


def test_synthesised_steps_are_heard_in_the_train_split_only(folder: Path, library: SoundLibrary) -> None:
    assert {step.package for step in library.synthetic("metal")} == {"synthesis"}
    assert library.synthetic("metal") is library.synthetic("metal")
    assert SoundLibrary.open(folder, "test").synthetic("metal") == ()
    recorded_only = replace(library, split="test")
    truth = walk(at(0, 2))
    sums = [[float(mix_walk(truth, one, seed, False).sum()) for seed in range(30)] for one in (library, recorded_only)]
    assert all(np.isfinite(sums[0]))
    assert sums[0] != sums[1]
