"""Occlusion: rays against blockers, and that what the truth calls hidden cannot be seen in the picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.occlusion import hidden_share
from stereosync_scenes.plan import Blocker, Plan
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.truth import occlusion, walk_truth

EYE = np.array([0.0, 0.0, 1.6])
BEHIND = np.array([[x, 8.0, z] for x in (-0.2, 0.0, 0.2) for z in (0.2, 0.9, 1.5)])


def _blocker(look: str, half_m: tuple[float, float], height_m: float, turn_rad: float = 0.0) -> Blocker:
    return Blocker(look, 0.0, 4.0, half_m, height_m, turn_rad, 1)


@pytest.mark.parametrize("look", ["wall", "column", "tree"])
def test_what_stands_behind_a_thing_is_hidden_and_what_stands_before_or_beside_it_is_not(look: str) -> None:
    thing = [_blocker(look, (0.5, 0.5), 5.0)]
    assert hidden_share(thing, EYE, BEHIND) == 1.0
    assert hidden_share(thing, EYE, BEHIND * [1, 0.4, 1]) == 0.0
    assert hidden_share(thing, EYE, BEHIND + np.array([2.0, 0, 0])) == 0.0


def test_a_low_wall_hides_the_legs_only() -> None:
    feet, head = np.array([[0.0, 5.0, 0.1]]), np.array([[0.0, 5.0, 1.7]])
    wall = [_blocker("wall", (1.0, 0.1), 0.9)]
    assert hidden_share(wall, EYE, feet) == 1.0
    assert hidden_share(wall, EYE, head) == 0.0


def test_a_wall_that_is_turned_along_the_view_hides_little() -> None:
    points = np.array([[x, 8.0, 1.0] for x in np.linspace(-1.5, 1.5, 31)])
    across, along = (hidden_share([_blocker("wall", (1.0, 0.1), 3.0, turn)], EYE, points) for turn in (0.0, np.pi / 2))
    assert across > 0.9
    assert 0.05 < along < 0.3


@pytest.fixture(scope="module")
def blocked() -> list[Plan]:
    return [plan for plan in map(make_plan, range(40)) if plan.blockers]


def test_a_quarter_of_the_walks_has_things_in_the_way_and_people_pass_behind_them(blocked: list[Plan]) -> None:
    assert 0.15 < len(blocked) / 40 < 0.5
    shares = [contact.occlusion for plan in blocked for contact in walk_truth(plan).contacts]
    assert max(shares) > 0.5
    assert np.mean(shares) < 0.5


def test_without_blockers_nothing_is_hidden() -> None:
    plan = dataclasses.replace(make_plan(1), blockers=())
    assert all(contact.occlusion == 0 for contact in walk_truth(plan).contacts)


def test_nobody_walks_through_a_thing(blocked: list[Plan]) -> None:
    for plan in blocked:
        for character in plan.characters:
            for thing in plan.blockers:
                away = np.hypot(*(character.track.position_m - [thing.x_m, thing.y_m]).T)
                assert away.min() > min(thing.half_m)


@pytest.mark.usefixtures("graphics")
def test_the_drawn_picture_agrees(blocked: list[Plan]) -> None:
    """Share of a person's pixels that vanish when the things are put back, against the truth's share."""
    shown, told = [], []
    for plan in blocked[:6]:
        alone = dataclasses.replace(plan, characters=plan.characters[:1], place="")
        views = (alone, dataclasses.replace(alone, blockers=()), dataclasses.replace(alone, characters=(), blockers=()))
        for time_s in (0.5, 2.5, 5.0):
            depths = []
            for view in views:
                with Renderer(view, 512, 288) as renderer:
                    depths.append(renderer.frame(time_s).depth_m)
            person = depths[1] < depths[2] - 0.05
            if person.sum() > 300:
                shown.append(float((depths[0] < depths[1] - 0.05)[person].mean()))
                told.append(occlusion(plan, plan.characters[0], time_s))
    assert len(shown) > 6
    assert max(shown) > 0.3
    assert np.mean(np.abs(np.array(shown) - told)) < 0.06
