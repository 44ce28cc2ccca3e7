"""What an engine could tell of a walk: feet with y up, contacts ahead, place and room, and where everybody is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stereosync.acoustics import rt60_s
from stereosync.listening import Listening, listen
from stereosync.scene import Box, Camera, Foot, SceneFrame, ToldRoom
from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan
from stereosync_scenes.telling import (
    MOST_CONTACTS,
    ground_under,
    strength_of,
    told,
    told_contacts,
    told_feet,
    told_scene,
    whereabouts,
    y_up,
)
from stereosync_scenes.truth import character_position, walk_truth
from stereosync_scenes.walk import Contact, Room, WalkTruth

SEEDS = (900, 902, 905)


@pytest.fixture(params=SEEDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return make_plan(request.param, 4.0)


def on_floor(world_m: tuple[float, float, float]) -> list[float]:
    """The scenes' own point (x, y forward, z up) on the floor under a told one."""
    return [world_m[0], world_m[2], 0.0]


def test_height_goes_to_the_middle() -> None:
    assert y_up(np.array([1.0, 2.0, 3.0])) == (1.0, 3.0, 2.0)


def test_both_feet_of_everybody_are_told_with_their_ground(plan: Plan) -> None:
    found = told_feet(plan, 1.0)
    assert list(found) == [character.id for character in plan.characters]
    for feet in found.values():
        assert [foot.side for foot in feet] == ["left", "right"]
        assert [foot.grounded for foot in feet] == [None, None]
        for foot in feet:
            assert foot.surface == ground_under(plan, np.array(on_floor(foot.world_m)))


def test_a_foot_that_comes_down_is_over_its_contact(plan: Plan) -> None:
    truth = walk_truth(plan)
    for contact in truth.contacts:
        feet = {foot.side: foot for foot in told_feet(plan, contact.time_s)[contact.character_id]}
        place = plan.shot.to_camera(on_floor(feet[contact.foot].world_m), contact.time_s)
        assert math.dist(place, contact.position_m) < 0.2  # an ankle is a little behind the middle of its sole
    grounds = [
        {foot.side: foot for foot in told_feet(plan, one.time_s)[one.character_id]}[one.foot].surface == one.ground
        for one in truth.contacts
    ]
    assert np.mean(grounds or [1.0]) > 0.9


def test_ankles_stay_over_the_floor_and_within_a_leg(plan: Plan) -> None:
    for time_s in np.arange(0, 4, 0.1).tolist():
        for character in plan.characters:
            for foot in told_feet(plan, time_s)[character.id]:
                assert 0 < foot.world_m[1] < character.body.leg_m


def test_everybody_stands_between_their_feet_and_is_as_tall_as_they_are(plan: Plan) -> None:
    for time_s in (0.0, 1.3, 3.9):
        found = whereabouts(plan, time_s)
        assert [one.character_id for one in found] == [character.id for character in plan.characters]
        for one, character in zip(found, plan.characters, strict=True):
            assert math.dist(one.floor_m, one.head_m) == pytest.approx(character.body.height_m)
            assert math.dist(one.floor_m, character_position(plan, one.character_id, time_s)) < 0.5


CAMERA = Camera(1.0, 16 / 9)
WALK = WalkTruth(
    seed=1,
    duration_s=4.0,
    contacts=tuple(
        Contact(0.25 * number, 3 + number % 2, ("left", "right")[number // 2 % 2], "gravel", (0.0, 0.0, 3.0), 1.0)
        for number in range(16)
    ),
    room=Room(8.0, 0.6),
    place="rain",
    amount=0.4,
)


def frame_at(time_s: float) -> SceneFrame:
    boxes = tuple(Box(number, "person", 1, 1, 2, 3) for number in (3, 4, 9))
    return SceneFrame(0, time_s, CAMERA, np.zeros((9, 16, 3), np.uint8), np.ones((9, 16), np.float32), boxes)


def test_contacts_are_told_from_shortly_before_their_frame_to_half_a_second_ahead() -> None:
    told = [contact.time_s for contact in told_contacts(WALK, Box(3, "person", 0, 0, 1, 1), 1.05)]
    assert told == [1.0, 1.5]
    for number in (4, 9):
        others = told_contacts(WALK, Box(number, "person", 0, 0, 1, 1), 1.05)
        assert [contact.time_s for contact in others] == ([1.25] if number == 4 else [])


def test_no_more_contacts_are_told_than_the_wire_takes() -> None:
    crowd = replace(WALK, contacts=(WALK.contacts[4],) * 20)
    assert len(told_contacts(crowd, Box(3, "person", 0, 0, 1, 1), 1.0)) == MOST_CONTACTS


@pytest.mark.parametrize(
    ("force", "strength"), [(1.0, 0.5), (2.0, 0.75), (0.5, 0.25), (4.0, 1.0), (100.0, 1.0), (0.25, 0.0), (0.0, 0.0)]
)
def test_force_is_told_as_strength(force: float, strength: float) -> None:
    assert strength_of(force) == pytest.approx(strength)


def test_what_is_told_is_understood_as_it_was_meant() -> None:
    """A frame of the walk, told and listened to."""
    feet = {3: (Foot("left", (0.0, 0.1, 0.0), None, "gravel"), Foot("right", (0.2, 0.0, 0.0), None, "stone"))}
    _, known = listen(Listening(), told(frame_at(1.05), WALK, feet))
    assert {number: [one.time_s for one in own] for number, own in known.contacts.items()} == {3: [1.0, 1.5], 4: [1.25]}
    assert {(one.ground, one.octaves) for own in known.contacts.values() for one in own} == {("gravel", 0.0)}
    assert known.grounds == {3: "stone"}  # of the lower foot
    assert known.feet == {3}
    assert (known.place, known.amount, known.ambience) == ("rain", 0.4, True)
    assert known.room is not None
    assert rt60_s(known.room.size_m, known.room.hardness) == pytest.approx(WALK.room.rt60_s)
    assert (known.unknown_words, known.out_of_time) == ((), 0)


def test_a_quiet_place_and_the_open_are_told_as_such() -> None:
    scene = told_scene(replace(WALK, place="", amount=0.0, room=Room(0.0, 0.0)))
    assert (scene.place, scene.amount, scene.room) == ("", 0.0, ToldRoom(0.0, 0.0))
