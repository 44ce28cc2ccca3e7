"""Sounds: attacks lie where contacts are, sides and distances come out as asked, splits share nothing."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stereosync.scene import Float32Array
from stereosync.stereo import expected_level_difference_db, level_db, level_difference_db
from stereosync_scenes.walk import GROUNDS, Contact, Room, WalkTruth
from stereosync_training import sounds
from stereosync_training.sounds import PLACES, SoundLibrary, mix_walk, random_truth
from stereosync_training.sounds.mix import CEILING
from stereosync_training.sounds.space import distance_gain, room_response, wet_gain
from stereosync_training.sounds.trim import PRE_ROLL_SAMPLES, SAMPLE_RATE_HZ, attack_index, trim_step

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
    *positions_m: tuple[float, float, float], room: Room = OUTDOORS, force: float = 1.0, place: str = "quiet"
) -> WalkTruth:
    """One step on stone per position, half a second apart."""
    contacts = tuple(
        Contact(0.5 + 0.5 * index, 0, ("left", "right")[index % 2], "stone", position_m, force)
        for index, position_m in enumerate(positions_m)
    )
    return WalkTruth(7, 0.5 * len(positions_m) + 1.0, contacts, room, place)


def at(azimuth_rad: float, distance_m: float) -> tuple[float, float, float]:
    return distance_m * math.sin(azimuth_rad), 0.0, distance_m * math.cos(azimuth_rad)


@pytest.mark.parametrize("silence_s", [0.0, 0.011, 0.3])
def test_attack_lies_at_the_end_of_the_pre_roll(silence_s: float) -> None:
    step = trim_step(a_step(1, silence_s))
    heard = int(np.argmax(np.abs(step) > 0.2 * np.abs(step).max()))
    assert abs(heard - PRE_ROLL_SAMPLES) <= PRE_ROLL_SAMPLES
    assert abs(attack_index(step) - PRE_ROLL_SAMPLES) <= PRE_ROLL_SAMPLES


def test_only_the_first_step_of_a_recording_is_kept() -> None:
    gap = np.zeros(int(0.2 * SAMPLE_RATE_HZ), dtype=np.float32)
    step = trim_step(np.concatenate([a_step(1), gap, a_step(2), gap, a_step(3)]))
    assert 0.15 < len(step) / SAMPLE_RATE_HZ < 0.5


def test_a_slow_swell_before_the_step_is_cut_off() -> None:
    rng = np.random.default_rng(0)
    swell = np.linspace(0.02, 0.3, int(0.4 * SAMPLE_RATE_HZ)) * rng.standard_normal(int(0.4 * SAMPLE_RATE_HZ)) * 0.3
    step = trim_step(np.concatenate([swell, a_step(1)]).astype(np.float32))
    assert np.argmax(np.abs(step)) < 0.06 * SAMPLE_RATE_HZ


def test_loudness_does_not_depend_on_the_recording_level() -> None:
    loud, faint = trim_step(a_step(1)), trim_step(a_step(1) * np.float32(0.05) + np.float32(0.02))
    assert level_db(loud) == pytest.approx(level_db(faint), abs=0.2)


def test_a_silent_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="silent"):
        trim_step(np.zeros(4800, dtype=np.float32))


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


def test_a_far_step_is_wetter_and_outdoors_is_dry() -> None:
    assert wet_gain(8, HALL) / distance_gain(8) > 1.9 * wet_gain(2, HALL) / distance_gain(2)
    assert wet_gain(4, OUTDOORS) == 0


def test_the_echo_decays_with_rt60_and_is_decorrelated() -> None:
    response = room_response(HALL, 1)
    window = int(0.1 * SAMPLE_RATE_HZ)
    start = int(0.15 * SAMPLE_RATE_HZ)
    early, late = response[start : start + window], response[2 * start : 2 * start + window]
    assert level_db(early) - level_db(late) == pytest.approx(60 * 0.15 / HALL.rt60_s, abs=1.5)
    assert abs(np.corrcoef(late.T)[0, 1]) < 0.2


def test_a_hall_rings_on_after_the_step(library: SoundLibrary) -> None:
    tail = slice(int(1.0 * SAMPLE_RATE_HZ), None)
    dry, wet = (mix_walk(walk(at(0, 4), room=room), library, 0, ambience=False) for room in (OUTDOORS, HALL))
    assert level_db(wet[tail]) > level_db(dry[tail]) + 20


def test_ambience_level_is_within_its_bounds_for_mono_and_stereo(library: SoundLibrary) -> None:
    truth = walk(place="wind")
    for seed in range(12):
        bed = mix_walk(truth, library, seed)
        assert not bed.any() or -59 < level_db(bed) < -35
    assert not mix_walk(walk(place="quiet"), library, 0).any()


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
    mixed = mix_walk(WalkTruth(0, 1.0, contacts, HALL, "quiet"), library, 0)
    assert mixed.shape == (SAMPLE_RATE_HZ, 2)
    assert np.abs(mixed[:480]).max() > 0.01


def test_random_truth_is_plausible_and_repeatable() -> None:
    assert random_truth(3) == random_truth(3)
    grounds, places = set(), set()
    for seed in range(200):
        truth = random_truth(seed)
        places.add(truth.place)
        assert [contact.time_s for contact in truth.contacts] == sorted(contact.time_s for contact in truth.contacts)
        for contact in truth.contacts:
            x_m, _, z_m = contact.position_m
            assert abs(math.atan2(x_m, z_m)) <= math.pi / 3 + 1e-6
            assert 1 <= math.hypot(*contact.position_m) <= 12 + 1e-6
            assert 0 <= contact.time_s < truth.duration_s
            grounds.add(contact.ground)
    assert grounds == set(GROUNDS)
    assert places == set(PLACES)


def test_feet_alternate_at_a_human_cadence() -> None:
    for seed in range(50):
        truth = random_truth(seed)
        for character_id in {contact.character_id for contact in truth.contacts}:
            steps = [contact for contact in truth.contacts if contact.character_id == character_id]
            assert all(first.foot != second.foot for first, second in pairwise(steps))
            periods_s = np.diff([contact.time_s for contact in steps])
            assert np.all((periods_s > 0.3) & (periods_s < 1.1))


def test_the_manifest_covers_all_grounds_and_places_with_a_licence_each() -> None:
    with (Path(sounds.__file__).parent / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    kinds = {(row["kind"], row["file"].split("/")[1]) for row in rows}
    assert kinds == {("footstep", ground) for ground in GROUNDS} | {("ambience", place) for place in PLACES}
    assert all(row["author"] and row["licence"].startswith(("CC0-1.0", "CC-BY-3.0", "CC-BY-SA-3.0")) for row in rows)
    assert len({row["file"] for row in rows}) == len(rows)
    assert all(Path(row["file"]).name.startswith(row["package"].replace("-", "_") + "__") for row in rows)
