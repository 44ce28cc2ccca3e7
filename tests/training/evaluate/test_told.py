"""Rows of a report in which the model is told: each tells one thing, feet are kept with walks, bars ask about them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import walking_feet

from stereosync.listening import Listening, listen
from stereosync.scene import Box, Camera, Float32Array, Foot, SceneFrame
from stereosync.told import Told
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.evaluate.ambience import ambience_report, between_steps, level_dbfs
from stereosync_training.evaluate.bars import verdicts
from stereosync_training.evaluate.run import NO_FEET, Model, Options, render, run
from stereosync_training.evaluate.told import TELLING, lacks_feet
from stereosync_training.evaluate.walks import Walk, load_walk, save_walk, with_feet
from stereosync_training.sounds import SoundLibrary
from stereosync_training.sounds.recording import make_recording

RATE_HZ, DURATION_S = 48_000, 3.0
STEPS_S = (0.7, 1.2, 1.7, 2.6)


def truth(place: str = "rain") -> WalkTruth:
    """Four steps of one character."""
    steps = [
        Contact(time_s, 1, ("left", "right")[n % 2], "gravel", (0.5, -1, 3), 2.0) for n, time_s in enumerate(STEPS_S)
    ]
    return WalkTruth(5, DURATION_S, tuple(steps), Room(8.0, 0.6), place, 0.4)


def frames(feet: bool = True) -> tuple[SceneFrame, ...]:
    """A character who stands in the middle of a tiny picture, from before the walk's beginning on."""
    camera, depth_m = Camera(math.radians(50), 16 / 9), np.full((9, 16), 5.0, np.float32)
    out = []
    for index, time_s in enumerate(np.arange(-1.2, DURATION_S, 0.1).tolist()):
        own = tuple(replace(foot, surface="stone") for foot in walking_feet.feet(time_s)) if feet else ()
        box = Box(1, "person", 7, 2, 9, 8, position_m=(0.0, -1.0, 3.0), feet=own, surface="snow")
        out.append(SceneFrame(index, time_s, camera, np.zeros((9, 16, 3), np.uint8), depth_m, (box,)))
    return tuple(out)


@pytest.fixture(scope="module")
def library() -> SoundLibrary:
    burst = 0.5 * np.random.default_rng(0).standard_normal(9600) * np.exp(-np.arange(9600) / 960)
    step = make_recording("made up", "none", burst.astype(np.float32))
    return SoundLibrary("test", dict.fromkeys(GROUNDS, (step,)), {}, frozenset())


def heard(row: str) -> list[Told]:
    """What is known of each frame of the walk, told as that row tells it."""
    state, known = Listening(), []
    for frame in TELLING[row](frames(), truth()):
        state, told = listen(state, frame)
        known.append(told)
    return known


def contacts_of(known: Sequence[Told], by_feet: bool) -> list[Any]:
    return [one for told in known for one in told.contacts.get(1, ()) if one.by_feet == by_feet]


def test_the_model_is_told_nothing() -> None:
    assert all(told == Told() for told in heard("model"))


def test_all_that_an_engine_knows_is_told() -> None:
    known = heard("told")
    said = contacts_of(known, by_feet=False)
    assert {one.time_s for one in said} == set(STEPS_S)
    assert {(one.octaves, one.ground) for one in said} == {(1.0, "gravel")}
    assert all(told.feet == {1} for told in known)
    assert {told.grounds[1] for told in known} == {"stone"}
    assert {(told.place, told.amount, told.ambience) for told in known} == {("rain", 0.4, True)}
    assert all(told.room is not None for told in known)


@pytest.mark.parametrize(("row", "contacts", "feet"), [("told_contacts", True, False), ("told_feet", False, True)])
def test_a_row_tells_one_thing_and_nothing_of_grounds_force_or_place(row: str, contacts: bool, feet: bool) -> None:
    known = heard(row)
    assert bool(contacts_of(known, by_feet=False)) == contacts
    assert bool(contacts_of(known, by_feet=True)) == feet
    assert all(bool(told.feet) == feet for told in known)
    for told in known:
        assert told.grounds == {}
        assert (told.place, told.amount, told.room) == (None, None, None)
        assert all(one.octaves is None and one.ground is None for own in told.contacts.values() for one in own)


def test_feet_are_kept_with_a_walk(tmp_path: Path) -> None:
    save_walk(Walk(truth(), frames()), tmp_path / "walk-5-x.npz")
    again = load_walk(tmp_path / "walk-5-x.npz").frames
    assert [frame.boxes[0].feet for frame in again] == [frame.boxes[0].feet for frame in frames()]
    assert not lacks_feet(again)


def test_a_walk_that_was_kept_before_there_were_feet_is_given_them(tmp_path: Path) -> None:
    path = tmp_path / "walk-5-x.npz"
    save_walk(Walk(truth(), frames(feet=False)), path)
    with np.load(path) as data:
        kept = {name: data[name] for name in data.files if name != "feet"}
    np.savez(path, **kept)
    walk = load_walk(path)
    assert lacks_feet(walk.frames)
    assert not lacks_feet([replace(frame, boxes=()) for frame in walk.frames]), "nobody is there"

    def feet(time_s: float) -> dict[int, tuple[Foot, ...]]:
        return {1: walking_feet.feet(time_s), 2: walking_feet.feet(0.0)}

    now = with_feet(walk, feet).frames
    assert [frame.boxes[0].feet for frame in now] == [walking_feet.feet(frame.capture_time_s) for frame in now]


def options(folder: Path, told: bool) -> Options:
    return Options(
        str(folder), clips=5, steps=2, lead_ms=100.0, seed=0, cache=folder, told=told, embedding=False, lessons=2,
        resamples=5,
    )  # fmt: skip


def play(given: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
    """Noise, tenfold where an ambience is told."""
    told = {frame.scene is not None and frame.scene.ambience for frame in given}
    sound = np.random.default_rng(seed).normal(0, 0.02 if True in told else 0.002, (round(duration_s * RATE_HZ), 2))
    return sound.astype(np.float32)


@pytest.mark.parametrize("feet", [True, False])
def test_a_run_that_tells_has_a_row_for_each_way_or_says_why_not(
    library: SoundLibrary, tmp_path: Path, feet: bool
) -> None:
    for seed in range(2):
        save_walk(Walk(replace(truth(), seed=seed), frames(feet or seed == 0)), tmp_path / f"walk-{seed}-x.npz")
    out, report = run(options(tmp_path, told=True), Model("noise", 1920, play), library)
    rows = {"truth", "model", "told", "told_contacts"} | ({"told_feet"} if feet else set())
    assert set(report["rows"]) == set(out.rows) == rows
    if not feet:
        assert report["missing"]["told_feet"]["onset_f1"] == NO_FEET
    assert report["ambience"]["walks"] == 2
    assert report["ambience"]["model"]["lower_db"] == pytest.approx(20, abs=1)
    assert "rtf" in report["rows"]["model"]
    _, bare = run(options(tmp_path, told=False), Model("noise", 1920, play), library)
    assert set(bare["rows"]) == {"truth", "model"}
    assert "ambience" not in bare


def test_every_row_of_a_walk_has_the_same_noise(library: SoundLibrary) -> None:
    seeds: list[int] = []

    def noted(given: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
        seeds.append(seed)
        return play(given, duration_s, seed)

    render(noted, [lambda _bounds: Walk(truth(), frames())], library, seed=3, telling=tuple(TELLING))
    assert len(seeds) == len(TELLING)
    assert len(set(seeds)) == 1


def test_what_is_between_steps_is_listened_to() -> None:
    """0.3 s after a step, up to 50 ms before the next."""
    expected = [(1.0, 1.15), (1.5, 1.65), (2.0, 2.55), (2.9, 3.0)]
    assert between_steps(truth()) == [pytest.approx(span) for span in expected]
    assert between_steps(replace(truth(), contacts=())) == []


def test_the_level_of_what_is_named_alone_counts() -> None:
    sound = np.ones((3 * RATE_HZ, 2), np.float32)
    sound[RATE_HZ : 2 * RATE_HZ] = 0.1
    assert level_dbfs(sound, [(1.0, 2.0)]) == pytest.approx(-20, abs=0.01)
    assert level_dbfs(np.zeros_like(sound), [(1.0, 2.0)]) == -120


def test_quiet_places_have_no_ambience_to_switch_off(library: SoundLibrary) -> None:
    assert ambience_report(play, [lambda _bounds: Walk(truth(place=""), frames())], library, seed=0) == {"walks": 0}


def report(**changes: Any) -> dict[str, Any]:
    rows = {"model": {}, "truth": {"onset_f1": 0.9}, "told": {}, "told_contacts": {}, "told_feet": {"onset_f1": 0.81}}
    return {"set": "test", "boxes": "tight", "lead_ms": 100.0, "rows": rows} | changes


def judged(found: dict[str, Any]) -> dict[str, Any]:
    return {one.bar.name: one for one in verdicts(found)}


def test_bars_of_what_is_told_are_there_where_it_was_told() -> None:
    found = judged(report())
    assert found["feet told: onset F1 over truth's"].value == pytest.approx(0.9)
    assert found["feet told: onset F1 over truth's"].passed
    assert math.isnan(found["ambience off: level between steps, dB lower"].value)
    assert not any("told" in name or "ambience" in name for name in judged(report(rows={"model": {}})))


@pytest.mark.parametrize(("change", "bar"), [({"lead_ms": 0.0}, 0.95), ({}, 0.85), ({"set": "test-shift@2"}, 0.70)])
def test_what_told_feet_must_reach_depends_on_the_lead_and_whose_they_are(change: dict[str, Any], bar: float) -> None:
    name = "feet told: onset F1" + ("" if "set" in change else " over truth's")
    assert judged(report(**change))[name].bar.bar == bar


@pytest.mark.parametrize(("lower_db", "passed"), [(35.0, True), (20.0, False)])
def test_how_much_quieter_it_must_be_without_ambience(lower_db: float, passed: bool) -> None:
    found = judged(report(ambience={"model": {"lower_db": lower_db}}))
    assert found["ambience off: level between steps, dB lower"].passed == passed
