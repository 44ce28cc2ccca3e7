"""What an engine could tell of an own scene without drawing it: feet with y up, and where everybody is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stereosync_scenes.plan import Plan, make_plan
from stereosync_scenes.telling import ground_under, told_feet, whereabouts, y_up
from stereosync_scenes.truth import character_position, walk_truth

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
    told = told_feet(plan, 1.0)
    assert list(told) == [character.id for character in plan.characters]
    for feet in told.values():
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
