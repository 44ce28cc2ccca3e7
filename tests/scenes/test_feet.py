"""Feet: a contact is the moment at which the sole comes near the floor, and what is drawn comes down then."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.contact import DEFINITIONS, DOWN_SHARE, swing_contact_s
from stereosync_scenes.feet import contact_times_s, foot_at
from stereosync_scenes.figure import LIMB_VERTICES, limbs, surface
from stereosync_scenes.gait import pose
from stereosync_scenes.people import draw_body
from stereosync_scenes.plan import Body, Character, Track
from stereosync_scenes.steps import FEET, Footfalls, footfalls
from stereosync_scenes.truth import walk_truth

PLAN = make_plan(0, 0.1)
AGREES_S = 0.01  # drawn sole and truth
BODY = draw_body(np.random.default_rng(0))
CHILD, GIANT = replace(BODY, height_m=1.1), replace(BODY, height_m=2.05, bulk=1.6)
PACES_M_S = {"stroll": 0.8, "walk": 1.4, "brisk": 1.9, "run": 3.2, "sneak": 0.6, "limp": 0.9}


def walker(gait: str, body: Body) -> Character:
    """Somebody who goes straight on."""
    pace_m_s = PACES_M_S[gait] * (body.leg_m / 0.85) ** 0.5
    times_s = np.arange(0, 9, 1 / 50)
    place = np.stack([pace_m_s * times_s, 0 * times_s], -1)
    track = Track(-2.0, place, np.zeros(len(times_s)), np.full(len(times_s), pace_m_s))
    limp, sneak = 0.3 * (gait == "limp"), float(gait == "sneak")
    return Character(1, 5, body, track, 1.0, 1.0, limp=limp, sneak=sneak)


def swings(falls: Footfalls) -> Iterator[tuple[int, int, int]]:
    """Side, the footfall before a swing and the one that ends it, of some that are under way."""
    for side in (0, 1):
        pairs = [(here, after) for here, after in itertools.pairwise(falls.of_foot(side)) if falls.rest_s[here] > 0]
        yield from ((side, *pair) for pair in pairs[:2])


def drawn_sole_m(character: Character, side: int, time_s: float) -> float:
    """Height of the lowest vertex of a drawn sole."""
    number = [limb[0] for limb in limbs(character.body)].index(f"{FEET[side]}_sole_heel")
    points, _ = surface(character.body, pose(PLAN, character, time_s))
    return float(points[number * LIMB_VERTICES : (number + 1) * LIMB_VERTICES, 2].min())


@pytest.mark.parametrize("body", [BODY, CHILD, GIANT], ids=["grown", "child", "giant"])
@pytest.mark.parametrize("gait", PACES_M_S)
def test_what_is_drawn_comes_down_when_the_truth_says(gait: str, body: Body) -> None:
    character = walker(gait, body)
    falls, contacts_s = footfalls(character), contact_times_s(character)
    for side, here, after in swings(falls):
        times_s = np.linspace(falls.lift_s[here], falls.rest_s[after] + 0.1, 200)
        heights_m = np.array([drawn_sole_m(character, side, float(time_s)) for time_s in times_s])
        assert abs(swing_contact_s(times_s, heights_m) - contacts_s[after]) < AGREES_S


@pytest.mark.parametrize("gait", PACES_M_S)
def test_a_contact_is_where_the_sole_has_a_twentieth_of_its_lift(gait: str) -> None:
    character = walker(gait, BODY)
    falls, contacts_s = footfalls(character), contact_times_s(character)
    for side, here, after in swings(falls):
        moments_s = np.linspace(falls.lift_s[here], falls.rest_s[after], 400)
        lift_m = max(foot_at(character, side, float(time_s)).sole_m for time_s in moments_s)
        height_m = foot_at(character, side, float(contacts_s[after])).sole_m
        assert abs(height_m / lift_m - DOWN_SHARE) < 0.01
        assert falls.rest_s[after] - 0.05 < contacts_s[after] < falls.rest_s[after]


def test_other_definitions_are_earlier_or_later() -> None:
    character = walker("walk", BODY)
    contact, higher, rest, ahead = (contact_times_s(character, one)[6:-2] for one in DEFINITIONS)
    assert (higher < contact).all()
    assert (contact < rest).all()
    assert (ahead < rest).all()
    np.testing.assert_array_equal(rest, footfalls(character).rest_s[6:-2])


def test_the_truth_of_a_walk_has_the_contacts_of_its_definition() -> None:
    plan = make_plan(3)
    for definition in DEFINITIONS:
        times_s = np.sort(np.concatenate([contact_times_s(one, definition) for one in plan.characters]))
        inside = times_s[(times_s >= 0) & (times_s < plan.duration_s)]
        assert [contact.time_s for contact in walk_truth(plan, definition).contacts] == pytest.approx(inside)
