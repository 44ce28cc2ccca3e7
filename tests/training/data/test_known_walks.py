"""Known walks: without a picture, everybody is where the cues of a drawn frame would have them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stereosync.cues import CueSpec, CueState, encode
from stereosync.scene import Camera
from stereosync_model.cue_encoder import PLACEMENT
from stereosync_model.model import Model
from stereosync_scenes.walk import Whereabouts
from stereosync_training.data import known_walks
from stereosync_training.data.known_data import read_known
from stereosync_training.data.known_walks import ASPECT, build_known_walks, is_seen, known_clip, placements
from stereosync_training.data.sources import WalkSource, walk_source
from stereosync_training.data.walk_clips import CHARACTERS, ClipOptions, frame_slots
from stereosync_training.data.walk_data import Surroundings, shards_in
from stereosync_training.sounds import SoundLibrary, mix_walk

DURATION_S, RATE_HZ = 2.0, 24.0
CAMERA = Camera(math.radians(60), ASPECT)
OPTIONS = ClipOptions(clips=2, seed=905, duration_s=DURATION_S, clips_per_shard=1)
NAMES = ("azimuth", "azimuth rate", "log distance", "log distance rate")


class Exactly:
    """Stands in for a random generator whose clips are as they are."""

    def normal(self, _mean: float, spread: tuple[float, ...]) -> np.ndarray:
        return np.zeros(len(spread))


def placed(times_s: np.ndarray, people: list[tuple[Whereabouts, ...]], camera: Camera = CAMERA) -> dict[str, Any]:
    return placements(times_s, people, camera, Exactly(), len(times_s))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def library(recordings: Path) -> SoundLibrary:
    return SoundLibrary.open(recordings, "train")


def off_from_cues(source: WalkSource, seed: int) -> tuple[np.ndarray, int, int]:
    """How far placements (n, 4) are from those of drawn frames; how many characters both show, and only one does."""
    plan, times_s = source.plan(seed, DURATION_S), np.arange(0, DURATION_S, 1 / RATE_HZ)
    known = placed(times_s, [source.whereabouts(plan, float(time_s)) for time_s in times_s], plan.shot.camera(ASPECT))
    state, rows, both, one = CueState(), [], 0, 0
    for index, frame in enumerate(source.frames(plan, times_s)):
        state, cues = encode(CueSpec(), state, frame)
        shown = {int(number): slot for slot, number in enumerate(known["ids"][index]) if number >= 0}
        both, one = both + len(shown.keys() & set(cues.ids)), one + len(shown.keys() ^ set(cues.ids))
        for number in shown.keys() & set(cues.ids):
            seen = cues.numbers[cues.ids.index(number), list(PLACEMENT)]
            rows.append(known["placement"][index, shown[number]] - seen)
    return np.abs(rows), both, one


@pytest.mark.usefixtures("graphics")
@pytest.mark.parametrize("seed", [900, 902, 905])
def test_everybody_is_where_the_cues_of_a_drawn_frame_have_them(seed: int) -> None:
    off, both, one = off_from_cues(walk_source("own"), seed)
    assert one <= 0.1 * both
    for name, middle, limit in zip(NAMES, np.median(off, axis=0), (0.02, 0.12, 0.03, 0.12), strict=True):
        assert middle < limit, name
    assert np.percentile(off[:, 0], 90) < 0.1  # radians; hips are not always over the middle of the feet


def straight(x_m: float, z_m: float, speed_m_s: float = 0.0) -> Callable[[float], Whereabouts]:
    """Somebody of 1.7 m who goes to the right, before a camera 1.2 m above the floor."""

    def at(time_s: float) -> Whereabouts:
        x = x_m + speed_m_s * time_s
        return Whereabouts(3, (x, -1.2, z_m), (x, 0.5, z_m))

    return at


def course(at: Callable[[float], Whereabouts], frames: int = 24) -> dict[str, Any]:
    times_s = np.arange(frames) / RATE_HZ
    return placed(times_s, [(at(float(time_s)),) for time_s in times_s])


def test_placement_is_azimuth_log_distance_and_their_rates() -> None:
    arrays = course(straight(1.0, 4.0, speed_m_s=1.0))
    azimuth, turn, distance, approach = arrays["placement"][12, 0]
    x_m = 1.0 + 12 / RATE_HZ
    assert azimuth == pytest.approx(math.atan2(x_m, 4.0), abs=1e-4)
    assert turn == pytest.approx(4.0 / (16 + x_m**2), rel=0.05)
    length_m = math.hypot(x_m, 0.35, 4.0)  # to the middle of the body
    assert distance == pytest.approx(math.log(length_m), abs=1e-3)
    assert approach == pytest.approx(x_m / length_m**2, rel=0.1)


def test_the_first_frame_has_no_rates() -> None:
    assert course(straight(1.0, 4.0, speed_m_s=1.0))["placement"][0, 0, [1, 3]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("azimuth_off", "distance_off"), [(0.02, 0.0), (0.0, -0.1)])
def test_a_clip_is_off_alike_in_all_of_its_frames(azimuth_off: float, distance_off: float) -> None:
    class Off:
        def normal(self, *_given: Any) -> np.ndarray:
            return np.array([azimuth_off, distance_off])

    times_s = np.arange(24) / RATE_HZ
    people = [(straight(1.0, 4.0, 1.0)(float(time_s)),) for time_s in times_s]
    moved = placements(times_s, people, CAMERA, Off(), 24)["placement"][:, 0]  # type: ignore[arg-type]
    exact = placed(times_s, people)["placement"][:, 0]
    expected = np.tile([azimuth_off, 0.0, distance_off, 0.0], (24, 1))
    np.testing.assert_allclose(moved - exact, expected, atol=1e-5)


def test_slots_of_frames_and_characters_that_are_not_there_are_empty() -> None:
    times_s = np.arange(10) / RATE_HZ
    arrays = placements(times_s, [(straight(0.0, 4.0)(0.0),)] * 10, CAMERA, np.random.default_rng(0), 12)
    assert np.isinf(arrays["times_s"][10:]).all()
    assert arrays["ids"][:10, 0].tolist() == [3] * 10
    for part in (arrays["ids"][10:], arrays["ids"][:, 1:]):
        assert (part == -1).all()
    assert not arrays["placement"][:, 1:].any()
    assert arrays["present"].sum() == 10


def test_more_characters_than_slots_leave_the_last_out() -> None:
    crowd = tuple(replace(straight(0.1 * number, 4.0)(0.0), character_id=number) for number in range(CHARACTERS + 2))
    arrays = placed(np.zeros(1), [crowd])
    assert arrays["ids"][0].tolist() == list(range(CHARACTERS))


@pytest.mark.parametrize(
    ("x_m", "z_m", "seen"),
    [
        (0.0, 4.0, True),
        (4.0, 4.0, True),  # 45.0 degrees, of 45.7 that the picture reaches
        (4.4, 4.0, True),  # the middle is out of it, a shoulder is not
        (4.8, 4.0, False),
        (-4.8, 4.0, False),
        (0.0, -4.0, False),
        (0.0, 0.05, False),
        (0.0, 0.9, True),
    ],
)
def test_who_is_in_the_picture_is_seen(x_m: float, z_m: float, seen: bool) -> None:
    assert is_seen(straight(x_m, z_m)(0.0), CAMERA) == seen


@pytest.mark.parametrize(("floor_y_m", "seen"), [(-1.2, True), (-6.0, False), (2.5, False), (-3.0, True)])
def test_who_is_above_or_below_the_picture_is_not_seen(floor_y_m: float, seen: bool) -> None:
    """At 4 m the picture reaches 2.31 m up and down."""
    assert is_seen(Whereabouts(1, (0.0, floor_y_m, 4.0), (0.0, floor_y_m + 1.7, 4.0)), CAMERA) == seen


def test_who_is_not_seen_has_no_place() -> None:
    arrays = course(straight(3.0, 4.0, speed_m_s=2.5))
    present = arrays["present"][:, 0] > 0
    assert 0 < present.sum() < 24
    assert not arrays["placement"][~present, 0].any()
    assert (arrays["ids"][:, 0] == np.where(present, 3, -1)).all()


@pytest.mark.parametrize("quiet", [False, True])
def test_a_clip_without_its_ambience_names_no_place(
    library: SoundLibrary, monkeypatch: pytest.MonkeyPatch, quiet: bool
) -> None:
    monkeypatch.setattr(known_walks, "WITHOUT_AMBIENCE", float(quiet))
    asked: list[bool] = []

    def mixed(*given: Any) -> Any:
        asked.append(given[3])
        return mix_walk(*given)

    monkeypatch.setattr(known_walks, "mix_walk", mixed)
    source = walk_source("own")
    seed = next(seed for seed in range(905, 950) if source.plan(seed, DURATION_S).place)
    true = source.truth(source.plan(seed, DURATION_S))
    told = known_clip(seed, OPTIONS, library, source)["truth"]
    assert asked == [not quiet]
    assert (told["place"], told["amount"]) == (("", 0.0) if quiet else (true.place, true.amount))
    assert Surroundings.of(told).kind == 0 if quiet else Surroundings.of(told).kind > 0
    assert told["room"] == {"size_m": true.room.size_m, "rt60_s": true.room.rt60_s}  # the room is still heard
    assert len(told["contacts"]) == len(true.contacts)


def test_where_nobody_walks_there_is_the_place_and_nothing_else(
    library: SoundLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_walks, "DESERTED", 1.0)
    monkeypatch.setattr(known_walks, "WITHOUT_AMBIENCE", 1.0)
    source = walk_source("own")
    clip = known_clip(905, OPTIONS, library, source)
    assert not clip["present"].any()
    assert (clip["ids"] == -1).all()
    assert len(clip["truth"]["contacts"]) == 0
    assert not clip["sound"].any()
    monkeypatch.setattr(known_walks, "WITHOUT_AMBIENCE", 0.0)
    seed = next(seed for seed in range(905, 950) if source.plan(seed, DURATION_S).place)
    assert known_clip(seed, OPTIONS, library, source)["truth"]["place"], "and its ambience is told"


def test_shards_are_made_once_and_can_be_read(library: SoundLibrary, tiny_model: Model, tmp_path: Path) -> None:
    folder = tmp_path / "known"
    build_known_walks(folder, OPTIONS, library, quiet=True)
    made = {path: path.stat().st_mtime_ns for path in folder.rglob("*.npy")}
    build_known_walks(folder, OPTIONS, library, quiet=True)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.npy")} == made
    shards = shards_in([folder])
    assert len(shards) == 2
    stored = {path.stem: np.load(path) for path in shards[0].glob("*.npy")}
    slots = frame_slots(DURATION_S)
    assert {name: array.shape for name, array in stored.items()} == {
        "times_s": (1, slots),
        "ids": (1, slots, CHARACTERS),
        "placement": (1, slots, CHARACTERS, 4),
        "present": (1, slots, CHARACTERS),
        "sound": (1, round(DURATION_S * 48_000), 2),
    }
    known = read_known(shards, tiny_model.config, tiny_model.patches, tmp_path / "kept", "tiny")
    assert len(known) == 2
    assert all(clip.contacts.any() and clip.present.any() for clip in known.clips)


def test_the_same_seed_is_the_same_clip(library: SoundLibrary) -> None:
    source = walk_source("own")
    one, again, other = (known_clip(seed, OPTIONS, library, source) for seed in (905, 905, 906))
    for name in ("times_s", "placement", "sound"):
        np.testing.assert_array_equal(one[name], again[name])
    assert one["truth"] == again["truth"] != other["truth"]
    assert not np.array_equal(one["sound"], other["sound"])
