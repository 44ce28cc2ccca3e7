"""What kind of walk it is: the camera's manner, who is there and how they go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.kinds import gait_of, walk_kinds
from stereosync_scenes.plan import Character, Track


def walker(pace_m_s: float) -> Character:
    times_s = np.arange(0, 4, 1 / 50)
    place = np.stack([pace_m_s * times_s, 0 * times_s], -1)
    track = Track(-2.0, place, np.zeros(len(times_s)), np.full(len(times_s), pace_m_s))
    return replace(make_plan(0).characters[0], track=track, limp=0.0, sneak=0.0)


@pytest.mark.parametrize(("pace_m_s", "gait"), [(0.0, "stand"), (1.3, "walk"), (3.0, "run")])
def test_a_gait_is_known_by_its_pace(pace_m_s: float, gait: str) -> None:
    assert gait_of(walker(pace_m_s)) == gait


def test_a_gait_is_known_by_its_manner() -> None:
    assert gait_of(replace(walker(1.0), limp=-0.2)) == "limp"
    assert gait_of(replace(walker(0.6), sneak=1.0)) == "sneak"


def test_everybody_in_a_plan_has_a_kind() -> None:
    plan = make_plan(7)
    kinds = walk_kinds(plan)
    assert kinds.camera == plan.shot.style
    assert set(kinds.people) == set(kinds.gaits) == {one.id for one in plan.characters}
    children = {one.id for one in plan.characters if one.body.height_m < 1.4}
    assert {one for one, name in kinds.people.items() if name == "child"} == children
