"""The addon's export of gaits, in Godot 4: project4/gaits.gd exports those of a body whose walk is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from godot_web import lines_of_page, project

Gaits = dict[str, dict[str, Any]]
LEFT, RIGHT = -2, -1  # the last points are the feet


@pytest.fixture(scope="module")
def page(godot4_build: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of the page that exports."""
    profile = tmp_path_factory.mktemp("chromium")
    return lines_of_page(godot4_build, profile, project("gaits.tscn"), "all exported")


def file_of(page: list[str], body: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        next(line for line in page if line.startswith(f"told {body} {{")).split(" ", 2)[2]
    )
    return found


def gaits_of(page: list[str], body: str) -> Gaits:
    return {gait["name"]: gait for gait in file_of(page, body)["gaits"]}


def notes_of(page: list[str], body: str) -> list[str]:
    return [line.split(" ", 2)[2] for line in page if line.startswith(f"note {body} ")]


def test_clips_that_are_gaits_are_written_and_others_named(page: list[str]) -> None:
    data = file_of(page, "hero")
    assert (data["format"], data["version"], data["body"]) == ("stereosync-gaits", 1, "hero")
    assert set(gaits_of(page, "hero")) == {"found", "told"}
    *left_out, written = notes_of(page, "hero")[:6]
    assert sorted(left_out) == [
        "the clip climbs was left out: it does not end as it begins",
        "the clip once was left out: it does not loop",
        "the clip stands was left out: its left foot does not lift",
        "the clip strafe was left out: it goes sideways, and a gait goes ahead or back",
        "the clip two was left out: its left foot comes down 2 times: cut it to one left and one right step",
    ]
    assert "2 gaits of hero were written; next: stereosync-fit" in written


def test_contacts_are_the_method_track_s_or_else_where_the_feet_come_down(page: list[str]) -> None:
    gaits = gaits_of(page, "hero")
    assert gaits["told"]["contacts"] == {"left": 0.25, "right": 0.75}
    found = gaits["found"]["contacts"]
    assert (found["left"], found["right"]) == (pytest.approx(0.3, abs=0.02), pytest.approx(0.8, abs=0.02))
    assert [gaits[name]["period_s"] for name in ("found", "told")] == [0.5, 1.0]
    assert [gaits[name]["way_m"] for name in ("found", "told")] == [0.0, pytest.approx(1.5, abs=0.01)]


@pytest.mark.parametrize("body", ["hero", "faces_back"])
@pytest.mark.parametrize(("gait", "frames"), [("found", 30), ("told", 60)])
def test_the_body_walks_on_the_spot_with_its_right_at_x(page: list[str], body: str, gait: str, frames: int) -> None:
    """Whether the model faces -z or +z; skin follows its bones, a knee half of the foot."""
    found = gaits_of(page, body)[gait]
    points_m = np.array(found["points_m"])
    assert found["way_m"] >= 0
    assert points_m.shape == (frames, 8, 3)
    assert found["feet"] == {"left": [6], "right": [7]}
    assert points_m[:, [LEFT, RIGHT], 0] == pytest.approx(np.tile([-0.125, 0.125], (frames, 1)), abs=1e-3)
    assert np.abs(points_m[..., 2] - points_m[0, :, 2]).max() < 0.01
    assert points_m[..., 2].max() == pytest.approx(0.125, abs=0.01), "the nose is ahead"
    lift_m = points_m[:, LEFT, 1] - points_m[:, LEFT, 1].min()
    assert lift_m.max() == pytest.approx(0.12, abs=0.01)
    heights_m = {
        round(float(track.min()), 2): track - track.min() for track in points_m[:, points_m[0, :, 0] < -0.1, 1].T
    }
    assert heights_m[0.0] == pytest.approx(lift_m, abs=1e-3)
    assert heights_m[0.38] == pytest.approx(lift_m / 2, abs=1e-3)


def test_a_body_that_is_not_drawn_is_its_bones(page: list[str]) -> None:
    assert np.array(gaits_of(page, "bones")["found"]["points_m"]).shape == (30, 5, 3)
    assert notes_of(page, "bones")[0] == "nothing of the body is drawn, so its bones stand for it"


def test_a_body_without_gaits_leaves_no_file(page: list[str]) -> None:
    *left_out, last = notes_of(page, "no/feet")
    assert last == "no gait was found on no/feet, so no file was written"
    assert any("its feet are not known: set Left Foot Bones" in note for note in left_out)


def test_a_file_is_not_overwritten_and_the_scene_stays_as_it_was(page: list[str]) -> None:
    assert ["hero-gaits.json" in notes_of(page, "hero")[5], "hero-gaits-2.json" in notes_of(page, "hero")[-1]] == [
        True
    ] * 2
    assert "told untouched true" in page


def test_no_script_fails(page: list[str]) -> None:
    assert [line for line in page if "SCRIPT ERROR" in line or "does not have any" in line] == []
