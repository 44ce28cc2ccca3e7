"""What the nodes tell, in Godot 4: feet of a skeleton, grounds, steps ahead, places. project4/told.gd asks them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from godot_web import lines_of_page, project
from programs import GODOT_PROJECT

from stereosync.vocabulary import PLACES

Answers = dict[str, Any]


@pytest.fixture(scope="module")
def page(godot4_build: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of the page that asks."""
    profile = tmp_path_factory.mktemp("chromium")
    return lines_of_page(godot4_build, profile, project("told.tscn"), "all told")


@pytest.fixture(scope="module")
def answers(page: list[str]) -> Answers:
    """What was told, by question."""
    found = {}
    for line in page:
        if line.startswith("told "):
            at = min(line.index(begin) for begin in ("{", "null") if begin in line) if "cost" not in line else 10
            found[line[5:at].strip()] = json.loads(line[at:])
    return found


def feet(told: Any) -> list[tuple[str, list[float], str | None]]:
    return [(foot["side"], [round(m, 4) for m in foot["world_m"]], foot.get("surface")) for foot in told["feet"]]


def test_feet_are_where_the_bones_are_in_the_world(answers: Answers) -> None:
    gravel = "PM_Gravel_01"
    assert feet(answers["feet"]) == [
        ("left", [-2.25, 0.125, 1.0], gravel),
        ("right", [-1.75, 0.375, 1.5], gravel),
    ]
    assert feet(answers["moved"]) == [("left", [0.0, 0.375, 1.25], gravel), ("right", [0.5, 0.375, 0.75], "wood")]


def test_feet_are_told_in_metres(answers: Answers) -> None:
    assert [metres for _, metres, _ in feet(answers["units"])] == [[-1.125, 0.0625, 0.5], [-0.875, 0.1875, 0.75]]


def test_the_nearest_word_of_a_ground_counts_and_the_own_body_is_none(answers: Answers) -> None:
    """Gravel stands on the collider, wood is a group of what it hangs below, ice stands on one shape of the wood."""
    assert [word for _, _, word in feet(answers["shape"])] == ["ice", "ice"]
    assert [word for _, _, word in feet(answers["in the air"])] == [None]


def test_what_the_game_says_of_the_ground_is_told_without_a_ray(answers: Answers) -> None:
    assert answers["word"]["surface"] == "snow"
    assert [word for _, _, word in feet(answers["word"])] == [None, None]


def test_feet_and_ground_can_be_switched_off(answers: Answers) -> None:
    assert [word for _, _, word in feet(answers["groundless"])] == [None, None]
    assert answers["footless"] == {"surface": "ice"}


def test_a_skeleton_without_a_bone_tells_the_other_one_and_none_when_it_is_gone(answers: Answers) -> None:
    assert [side for side, _, _ in feet(answers["one foot"])] == ["right"]
    assert answers["gone"] == {}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("standing", []),
        ("from 0.125 at 1.0", [("left", 0.125)]),
        ("from 0.625 at 1.0", [("right", 0.125)]),
        ("from 0.875 at 2.0", [("left", 0.1875), ("right", 0.4375)]),
        ("from 0.875 at -1.0", [("right", 0.125)]),
        ("unforeseen", []),
    ],
)
def test_steps_are_seen_ahead_in_the_animation(
    answers: Answers, question: str, expected: list[tuple[str, float]]
) -> None:
    told = answers[question].get("contacts", [])
    assert [(contact["side"], pytest.approx(contact["time_client_s"], abs=1e-5)) for contact in told] == expected


def test_steps_told_by_the_game_come_when_they_are_near(answers: Answers) -> None:
    assert answers["far ahead"] == {}
    assert answers["soon"]["contacts"] == [{"side": "left", "time_client_s": 0, "strength": 0.75, "surface": "water"}]


def test_a_method_track_s_call_is_a_step_of_now(answers: Answers) -> None:
    assert [(contact["side"], contact["time_client_s"]) for contact in answers["called"]["contacts"]] == [("left", 0)]


def test_a_side_that_is_none_is_warned_of(page: list[str]) -> None:
    assert any("side must be left or right, not middle" in line for line in page)


def test_places_hold_inside_their_area_and_the_rest_for_the_scene(answers: Answers) -> None:
    forest = {"place": "forest", "amount": 0.5}
    assert answers["nowhere"] is None
    assert [answers["whole scene"], answers["outside"]] == [forest, forest]
    assert answers["at 98.0"] == {"place": "cave", "room": {"size_m": 20.0, "hardness": 0.75}}
    quiet = {"place": "", "room": {"size_m": 4.0, "hardness": 0.5}, "ambience": False}
    assert answers["at 101.5"] == quiet, "metadata of the area with the higher priority"


def test_no_script_fails(page: list[str]) -> None:
    assert [line for line in page if "SCRIPT ERROR" in line or "does not have any" in line] == []


def test_telling_costs_a_game_little(answers: Answers) -> None:
    assert answers["cost"] < 1000, "microseconds for one character, in a browser"


def test_the_inspector_offers_the_words_that_mean_something() -> None:
    text = (GODOT_PROJECT / "addons" / "stereosync" / "stereosync_place.gd").read_text(encoding="utf-8")
    offered = text[text.index("@export_enum(") : text.index("var place")]
    assert [word.strip(' \t\n")') for word in offered.split("(")[1].split(",")] == ["as seen", "quiet", *PLACES]
