"""Gaits whose contacts depend on the definition are told from clear ones, and the catalogue keeps to the rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stereosync_scenes.arena.agreement import OTHERS, UNCLEAR_S, is_unclear, later_s, stride_of
from stereosync_scenes.arena.archives import LevelsUnavailable, open_archive
from stereosync_scenes.arena.cast import arena_plan
from stereosync_scenes.arena.catalogue import PEOPLE, UNCLEAR
from stereosync_scenes.arena.people import Cycle, load_person
from stereosync_scenes.arena.strides import Stride
from stereosync_scenes.arena.truth import arena_truth
from stereosync_scenes.contact import DEFINITIONS, contact_phase

PERIOD_S = 1.0
DRAWN = 300  # moments of a turn that are looked at


@pytest.fixture
def stride(request: pytest.FixtureRequest) -> Stride:
    request.getfixturevalue("game")
    return stride_of("stick", "walk")[0]


def hovering(stride: Stride) -> Stride:
    """The left foot hangs at a tenth of its lift for a sixth of the turn before it comes down, and rests meanwhile."""
    height_m = stride.height_m.copy()
    before = (np.arange(height_m.shape[1]) - round(stride.contact_phase[0] * height_m.shape[1])) % height_m.shape[1]
    height_m[0, before > 5 / 6 * height_m.shape[1]] = 0.1 * height_m[0].max()
    return replace(stride, height_m=height_m, rest_phase=(stride.contact_phase[0] - 1 / 6, stride.rest_phase[1]))


def test_definitions_agree_on_a_foot_that_stops_at_once(stride: Stride) -> None:
    later = dict(zip(OTHERS, later_s(stride, PERIOD_S).T, strict=True))
    assert np.abs(later["rest"]).max() < UNCLEAR_S
    assert (later["higher"] < 0).all()  # a foot that falls is there sooner
    assert not is_unclear(stride, PERIOD_S)


def test_a_foot_that_hovers_before_it_comes_down_is_unclear(stride: Stride) -> None:
    assert is_unclear(hovering(stride), PERIOD_S)
    assert not is_unclear(hovering(stride), 0.2 * PERIOD_S)  # a sixth of so short a turn is nothing


def test_a_rule_that_agrees_makes_a_contact_clear(stride: Stride) -> None:
    hovers = hovering(stride)
    assert not is_unclear(replace(hovers, rest_phase=hovers.contact_phase), PERIOD_S)


@pytest.mark.usefixtures("game")
def test_a_walk_has_as_many_contacts_by_each_definition() -> None:
    plan = arena_plan(3, 3.0, "shift")
    counts = [len(arena_truth(plan, definition).contacts) for definition in DEFINITIONS]
    assert max(counts) - min(counts) <= 2 * len(plan.walkers)  # those at the ends
    assert arena_truth(plan) == arena_truth(plan, "contact") != arena_truth(plan, "ahead")


def drawn_contact(cycle: Cycle, side: int) -> float:
    """The phase at which the lowest drawn vertex of a sole comes down."""
    phases = np.arange(DRAWN) / DRAWN
    sole = cycle.stride.soles[side]
    return contact_phase(np.array([cycle.at(float(phase))[0][sole, 2].min() for phase in phases]))


@pytest.mark.usefixtures("game")
def test_what_is_drawn_comes_down_when_the_truth_says() -> None:
    check_drawn("stick", "walk")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("person", "gait"), [(who, gait) for known in PEOPLE.values() for who in known for gait in known[who]]
)
def test_everybody_of_the_game_comes_down_when_the_truth_says(person: str, gait: str) -> None:
    check_drawn(person, gait)


def check_drawn(person: str, gait: str) -> None:
    """What is drawn of both feet agrees with the truth within 10 ms at the gait's middle tempo."""
    cycle = load_person(person, (gait,)).cycles[gait]
    for side in (0, 1):
        off = (drawn_contact(cycle, side) - cycle.stride.phase(side) + 0.5) % 1.0 - 0.5
        assert abs(off) * stride_of(person, gait)[1] < 0.01


@pytest.fixture
def people() -> None:
    try:
        open_archive("openarena")
    except LevelsUnavailable:
        pytest.skip("the people of OpenArena are not there: scripts/fetch_levels.py")


@pytest.mark.usefixtures("people")
def test_the_catalogue_keeps_to_the_rule() -> None:
    for known, unclear in ((PEOPLE, False), (UNCLEAR, True)):
        for people in known.values():
            for person, gaits in people.items():
                assert [is_unclear(*stride_of(person, gait)) for gait in gaits] == [unclear] * len(gaits), person
