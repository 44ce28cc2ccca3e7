"""Gait files: what is written is read, and what cannot be meant is told in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from walking_sticks import CONTACTS, LEFT, RIGHT, stick_cycle

from stereosync.errors import UserError
from stereosync_scenes.contact import NoContactError
from stereosync_scenes.cycles.files import read_cycles, write_cycles

Gait = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_cycles(tmp_path / "gaits", [stick_cycle("knight"), stick_cycle("child", 0.6)])
    return tmp_path / "gaits"


def changed(folder: Path, change: Callable[[Gait], object]) -> Path:
    """The knight's file, its gait changed."""
    path = folder / "knight.json"
    data = json.loads(path.read_text("utf-8"))
    change(data["gaits"][0])
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_folder_is_read_as_it_was_written(folder: Path) -> None:
    cycles = {cycle.body: cycle for cycle in read_cycles(folder)}
    assert cycles.keys() == {"knight", "child"}
    assert cycles["knight"].points_m == pytest.approx(stick_cycle().points_m, abs=1e-3)
    assert cycles["knight"].contact_phase == CONTACTS
    assert cycles["child"].height_m == pytest.approx(0.6 * stick_cycle().height_m, abs=1e-3)


def test_contacts_that_are_not_told_are_found_by_the_definition(folder: Path) -> None:
    def without(gait: Gait) -> None:
        del gait["contacts"]
        gait["feet"] = {"left": list(LEFT), "right": list(RIGHT)}

    (cycle,) = read_cycles(changed(folder, without))
    off = (np.array(cycle.contact_phase) - CONTACTS + 0.5) % 1.0 - 0.5
    assert np.abs(off).max() < 0.02


@pytest.mark.parametrize("told", [None, 0.0])
def test_a_way_that_a_clip_in_place_leaves_open_is_read_from_standing_feet(folder: Path, told: float | None) -> None:
    def in_place(gait: Gait) -> None:
        gait["feet"] = {"left": list(LEFT), "right": list(RIGHT)}
        gait["way_m"] = told

    (cycle,) = read_cycles(changed(folder, in_place))
    assert cycle.way_m == pytest.approx(stick_cycle().way_m, rel=0.05)


def test_a_way_that_nothing_tells_is_asked_for(folder: Path) -> None:
    with pytest.raises(UserError, match="way_m"):
        read_cycles(changed(folder, lambda gait: gait.update(way_m=0)))


def test_a_file_that_is_there_is_not_written_over(folder: Path) -> None:
    with pytest.raises(UserError, match="exists already"):
        write_cycles(folder, [stick_cycle("knight")])


def scaled(gait: Gait, by: float) -> None:
    gait["points_m"] = (by * np.array(gait["points_m"])).tolist()


def z_up(gait: Gait) -> None:
    gait["points_m"] = np.array(gait["points_m"])[..., [0, 2, 1]].tolist()


def resting(gait: Gait) -> None:
    gait["points_m"] = [gait["points_m"][0]] * 10


def one_frame(gait: Gait) -> None:
    gait["points_m"] = gait["points_m"][:1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda gait: scaled(gait, 100), "in metres"),
        (z_up, "y is up"),
        (resting, "stands still"),
        (one_frame, "one whole turn"),
        (lambda gait: gait.update(period_s=1100), "in seconds"),
        (lambda gait: gait.update(way_m=900), "way_m is in metres"),
        (lambda gait: gait.update(period_s=float("nan")), "not finite"),
        (lambda gait: gait.pop("points_m"), "cannot be read"),
        (lambda gait: gait.update(points_m="none"), "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_told(folder: Path, change: Callable[[Gait], object], words: str) -> None:
    path = changed(folder, change)
    with pytest.raises(UserError, match=words) as raised:
        read_cycles(path)
    assert str(path) in str(raised.value)


def test_feet_that_never_leave_the_floor_are_told(folder: Path) -> None:
    def dragged(gait: Gait) -> None:
        del gait["contacts"]
        gait["feet"] = {"left": [0], "right": [1]}

    with pytest.raises(NoContactError, match="never leaves the floor"):
        read_cycles(changed(folder, dragged))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "[" * 100_000])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gaits.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"JSON|no gait file"):
        read_cycles(path)


def test_a_folder_without_gaits_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no gait"):
        read_cycles(tmp_path)
