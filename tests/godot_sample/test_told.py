"""What a game tells, asked of Godot 3: the maps of the wire, contacts from frame to frame, and the line for people."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from programs import require_tool

from stereosync_bridge.frame_message import BoxSpec
from stereosync_bridge.rules import plain, read_record
from stereosync_bridge.told_message import SceneSpec

Ask = Callable[..., Any]
ALL_TAKEN = dict.fromkeys(("feet", "contacts", "surface", "scene"), True)
FOOT = {"side": "left", "world_m": [0.5, 0.25, -3.0]}
BOX = {"id": 1, "label": "walker", "x0": 0.0, "y0": 0.0, "x1": 1.0, "y1": 1.0, "tight": True, "position_m": None}


@pytest.fixture
def ask(godot3_project: Path, godot3_environment: dict[str, str], tmp_path: Path) -> Ask:
    """Asks the probe one question: its name and its arguments."""

    def run(name: str, *arguments: object) -> Any:
        questions = tmp_path / "questions.json"
        questions.write_text(json.dumps([[name, arguments]], ensure_ascii=False), encoding="utf-8")
        program = require_tool("godot3-server", "godot3-server")
        command = [program, "--path", str(godot3_project), "-s", "res://told_probe.gd", f"questions={questions}"]
        done = subprocess.run(command, env=godot3_environment, capture_output=True, text=True, timeout=60, check=True)
        assert "SCRIPT ERROR" not in done.stdout + done.stderr, done.stdout + done.stderr
        (line,) = [line for line in done.stdout.splitlines() if line.startswith("[")]
        return json.loads(line)[0]

    return run


def contact(side: str, time_s: float, **more: object) -> dict[str, Any]:
    return {"side": side, "time_client_s": time_s, **more}


def test_what_is_not_told_is_left_out(ask: Ask) -> None:
    assert ask("foot", "left", [0.5, 0.25, -3], None, "") == FOOT
    assert ask("contact", "right", 12.5, None, None) == contact("right", 12.5)
    assert ask("character", [], [], "") == {}
    assert ask("scene", None, None, None, True) == {}


def test_what_is_told_is_what_python_reads(ask: Ask) -> None:
    foot = ask("foot", "right", [1, 2, 3], False, "PM_Gravel_01")
    landing = ask("contact", "left", 3.5, 0.75, "water")
    told = ask("character", [foot], [landing], "wood")
    box = read_record(BoxSpec, {**BOX, **told})
    assert plain(box) == {**BOX, "feet": [foot], "contacts": [landing], "surface": "wood"}
    assert (box.feet[0].grounded, box.feet[0].surface, box.contacts[0].strength) == (False, "PM_Gravel_01", 0.75)
    scene = ask("scene", "", 0.5, [12.5, 0.25], False)
    assert plain(read_record(SceneSpec, scene)) == scene
    assert scene["place"] == ""


@pytest.mark.parametrize("letter", ["g", "é", "\U0001f97e", "\n"])
def test_a_surface_is_cut_at_64_code_points(ask: Ask, letter: str) -> None:
    told = ask("character", [], [], letter * 70)
    assert told["surface"] == letter * 64
    assert read_record(BoxSpec, {**BOX, **told}).surface == letter * 64


@pytest.mark.parametrize(
    ("told", "scene", "words"),
    [
        ({"feet": [FOOT] * 5}, None, "at most 4 feet and 8 contacts"),
        ({"contacts": [contact("left", 1.0)] * 9}, None, "at most 4 feet and 8 contacts"),
        ({"feet": [{**FOOT, "side": "middle"}]}, None, "left or right, not middle"),
        ({"feet": [{**FOOT, "world_m": [0.0, 1e10, 0.0]}]}, None, "must be finite"),
        ({"contacts": [contact("left", 1e13)]}, None, "time must be finite"),
        ({"contacts": [contact("left", 1.0, strength=1.5)]}, None, "strength must be 0 to 1"),
        ({}, {"amount": -0.5}, "amount of a place must be 0 to 1"),
        ({}, {"room": {"size_m": 20000.0, "hardness": 0.5}}, "size must be 0 to 10000 m"),
        ({}, {"room": {"size_m": 20.0, "hardness": 1.5}}, "hardness 0 to 1"),
    ],
)
def test_what_the_service_would_refuse_is_told_in_words(ask: Ask, told: object, scene: object, words: str) -> None:
    assert words in ask("problem", told, scene)


def test_a_frame_that_tells_all_has_no_problem(ask: Ask) -> None:
    told = {"feet": [FOOT] * 4, "contacts": [contact("right", 1.0, strength=1.0)] * 8, "surface": "ice"}
    assert ask("problem", told, {"place": "", "amount": 1.0, "room": {"size_m": 0.0, "hardness": 0.0}}) == ""


def test_a_contact_is_sent_until_it_is_a_tenth_of_a_second_old(ask: Ask) -> None:
    step = contact("left", 10.0)
    assert ask("book", [[10.0, step]], [9.99, 10.0, 10.09, 10.11, 10.05], []) == [[], [step], [step], [], []]


def test_a_contact_told_ahead_waits_until_half_a_second_before(ask: Ask) -> None:
    step = contact("left", 11.0)
    assert ask("book", [[10.0, step]], [10.0, 10.49, 10.51], []) == [[], [], [step]]


def test_the_same_contact_told_anew_is_one_and_the_newest_word_counts(ask: Ask) -> None:
    early, late = contact("left", 10.2), contact("left", 10.3, strength=0.75)
    other = contact("right", 10.3)
    assert ask("book", [[10.0, early], [10.0, other], [10.1, late]], [10.0, 10.1], []) == [
        [early, other],
        [other, late],
    ]


def test_the_game_s_word_wins_over_what_was_found_ahead(ask: Ask) -> None:
    said, planned, next_planned = contact("left", 10.0), contact("left", 10.05), contact("right", 10.4)
    assert ask("book", [[10.0, said]], [10.0], [planned, next_planned]) == [[said, next_planned]]


def test_eight_contacts_at_most_go_with_a_frame(ask: Ask) -> None:
    planned = [contact("left", 10.0 + 0.125 * index) for index in range(4)]
    told = [[10.0, contact("right", 10.0 + 0.125 * index)] for index in range(5)]
    (found,) = ask("book", told, [10.0], planned + planned)
    assert len(found) == 8


def test_the_line_says_what_is_told(ask: Ask) -> None:
    boxes = [
        {"feet": [{**FOOT, "surface": "gravel"}, FOOT], "contacts": [contact("left", 1.0, surface="water")]},
        {"surface": "gravel"},
    ]
    scene = {"place": "cave", "amount": 0.5, "room": {"size_m": 12.0, "hardness": 0.9}, "ambience": False}
    assert ask("line", boxes, scene, ALL_TAKEN) == (
        "told: 2 feet, ground gravel and water, 1 contact, place cave, amount 0.50, room of 12 m, hardness 0.90, "
        "steps alone"
    )
    outdoors = {"place": "", "room": {"size_m": 0.0, "hardness": 0.0}}
    assert ask("line", [], outdoors, ALL_TAKEN) == "told: a quiet place, outdoors"
    assert ask("line", [{}], {}, ALL_TAKEN) == "nothing is told, all is seen"


def test_the_line_says_what_the_service_has_no_use_for(ask: Ask) -> None:
    line = ask("line", [{"feet": [FOOT], "surface": "ice"}], None, {"feet": True})
    assert line == "told: 1 foot, ground ice; not used by this service: surface"
