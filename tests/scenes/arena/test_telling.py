"""What an engine could tell of a walk in a level without drawing it, in a small level."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from stereosync_scenes.arena.cast import arena_plan
from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.arena.plan import ArenaPlan
from stereosync_scenes.arena.telling import told_feet, whereabouts
from stereosync_scenes.arena.truth import arena_truth


@pytest.fixture(params=get_args(Split))
def plan(request: pytest.FixtureRequest) -> ArenaPlan:
    request.getfixturevalue("game")
    return arena_plan(3, 3.0, request.param)


def test_a_sole_that_comes_down_is_at_its_contact(plan: ArenaPlan) -> None:
    contacts = arena_truth(plan).contacts
    assert contacts
    for contact in contacts:
        feet = {foot.side: foot for foot in told_feet(plan, contact.time_s)[contact.character_id]}
        x_m, height_m, y_m = feet[contact.foot].world_m
        place = plan.shot.to_camera([x_m, y_m, 0.0], contact.time_s)
        assert math.dist(place, contact.position_m) < 0.05
        assert height_m == pytest.approx(0, abs=0.03)
        assert feet[contact.foot].surface == contact.ground


def test_feet_go_up_and_come_down(plan: ArenaPlan) -> None:
    walker = plan.walkers[0]
    heights = [[foot.world_m[1] for foot in told_feet(plan, time_s)[walker.id]] for time_s in np.arange(0, 3, 0.05)]
    assert np.min(heights, axis=0) == pytest.approx([0, 0], abs=0.02)
    assert (np.max(heights, axis=0) > 0.08).all()


def test_everybody_is_where_the_body_is(plan: ArenaPlan) -> None:
    for time_s in (0.0, 1.4, 2.9):
        for one, walker in zip(whereabouts(plan, time_s), plan.walkers, strict=True):
            assert one.character_id == walker.id
            feet = [foot.world_m for foot in told_feet(plan, time_s)[walker.id]]
            middle = np.mean(feet, axis=0)
            between = plan.shot.to_camera([middle[0], middle[2], 0.0], time_s)
            assert math.dist(one.floor_m, between) < 0.5
            assert 0.5 < math.dist(one.floor_m, one.head_m) < 3.0
