"""The line that says what is told, and what of it the service has no use for."""

from __future__ import annotations

from dataclasses import replace

from made_scenes import SceneMaker

from stereosync.scene import Foot, ToldContact, ToldRoom, ToldScene
from stereosync_panda3d.told_line import NOTHING, told_line

ALL = dict.fromkeys(("feet", "contacts", "surface", "scene"), True)


def test_all_that_is_told_is_said(scene: SceneMaker) -> None:
    feet = (Foot("left", (0.0, 0.0, 0.0), surface="gravel"), Foot("right", (0.0, 0.1, 0.0)))
    box = replace(scene().boxes[0], feet=feet, contacts=(ToldContact("left", 1.0, surface="water"),), surface="gravel")
    place = ToldScene("cave", 0.5, ToldRoom(12.0, 0.9), ambience=False)
    frame = replace(scene(), boxes=(box,), scene=place)
    assert told_line(frame, ALL) == (
        "told: 2 feet, ground gravel and water, 1 contact, place cave, amount 0.50, room of 12 m, hardness 0.90, "
        "steps alone"
    )


def test_nothing_told_is_said_too(scene: SceneMaker) -> None:
    assert told_line(scene(), ALL) == NOTHING
    assert told_line(replace(scene(), scene=ToldScene()), ALL) == NOTHING


def test_a_quiet_place_and_outdoors_have_words(scene: SceneMaker) -> None:
    frame = replace(scene(), scene=ToldScene("", room=ToldRoom(0.0, 0.0)))
    assert told_line(frame, ALL) == "told: a quiet place, outdoors"


def test_what_the_service_does_not_take_is_named(scene: SceneMaker) -> None:
    frame = replace(scene(), boxes=(replace(scene().boxes[0], surface="ice"),), scene=ToldScene(""))
    assert told_line(frame, {"scene": True}) == "told: ground ice, a quiet place; not used by this service: surface"
    assert told_line(frame, {}).endswith("not used by this service: surface, scene")
