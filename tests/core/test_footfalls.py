"""The rule that reads contacts from told feet: against the exact contacts of own scenes, and where engines say it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
import walking_feet

from stereosync.feet import FeetTrack, FootTrack, extend_feet
from stereosync.footfalls import REACH_S, contact_s
from stereosync_scenes.casting import make_plan
from stereosync_scenes.telling import told_feet
from stereosync_scenes.truth import walk_truth

NEAR_S, APART_S = 0.05, 0.12
SEEDS, DURATION_S, SETTLED_S = range(600, 608), 6.0, 0.5
Contacts = dict[tuple[int, str], list[float]]  # by character and side


def read_by_rule(seed: int, rate_hz: float) -> Contacts:
    """What the rule reads of everybody's feet in one scene; the first word for a contact counts, since it is heard."""
    plan, found = make_plan(seed, DURATION_S), Contacts()
    tracks: dict[int, FeetTrack] = {}
    for time_s in np.arange(0, DURATION_S, 1 / rate_hz).tolist():
        for character, feet in told_feet(plan, time_s).items():
            tracks[character] = extend_feet(tracks.get(character), feet, time_s)
            for (side, _), foot in tracks[character].feet.items():
                came_down_s, before = contact_s(foot), found.setdefault((character, side), [])
                if came_down_s is not None and not (before and came_down_s - before[-1] < APART_S):
                    before.append(came_down_s)
    return found


def exact(seed: int) -> Contacts:
    found = Contacts()
    for contact in walk_truth(make_plan(seed, DURATION_S)).contacts:
        found.setdefault((contact.character_id, contact.foot), []).append(contact.time_s)
    return found


def f1(pairs: Iterable[tuple[list[float], list[float]]]) -> float:
    """Of contacts (true, found) that are matched one to one within `NEAR_S`."""
    hits = wrong = 0
    for true, found in pairs:
        wanted = [time_s for time_s in true if SETTLED_S < time_s < DURATION_S - 2 * NEAR_S]
        left = [time_s for time_s in found if SETTLED_S - NEAR_S < time_s < DURATION_S - NEAR_S]
        hit = matched(wanted, left)
        hits, wrong = hits + hit, wrong + len(wanted) + len(left) - 2 * hit
    assert hits > 50
    return 2 * hits / (2 * hits + wrong)


def matched(wanted: list[float], found: list[float]) -> int:
    """How many of `wanted` have one of `found` (both in order of time) to themselves."""
    left, hits = list(found), 0
    for time_s in wanted:
        near = [one for one in left if abs(one - time_s) <= NEAR_S]
        hits += bool(near)
        left = [one for one in left if one not in near[:1]]
    return hits


@pytest.mark.parametrize("rate_hz", [20.0, 60.0])
def test_the_rule_finds_the_contacts_of_own_scenes(rate_hz: float) -> None:
    pairs = []
    for seed in SEEDS:
        true, found = exact(seed), read_by_rule(seed, rate_hz)
        pairs += [(true.get(key, []), found.get(key, [])) for key in true.keys() | found.keys()]
    assert f1(pairs) >= 0.85


def track(until_s: float, rate_hz: float = 60.0, side: str = "left") -> FootTrack:
    """One foot that walks, up to a moment."""
    times_s = np.arange(round(until_s * rate_hz) + 1) / rate_hz
    points = np.array([walking_feet.foot_m(time_s, side) for time_s in times_s.tolist()])
    return FootTrack(times_s, points, np.full(len(times_s), np.nan))


def words(until_s: float, side: str = "left") -> list[float]:
    """What the rule says in every frame up to a moment, where it says something."""
    frames = (track(frame / 60, side=side) for frame in range(3, round(until_s * 60)))
    return [said for foot in frames if (said := contact_s(foot)) is not None]


def test_each_step_of_a_plain_walk_is_told_around_its_moment_and_no_other() -> None:
    said = np.array(words(3.6))
    turns = [walking_feet.TURN_S * number for number in (1, 2, 3)]
    nearest = np.abs(said[:, None] - turns).argmin(1)
    assert set(nearest.tolist()) == {0, 1, 2}
    assert np.abs(said - np.array(turns)[nearest]).max() < 0.03


def test_a_contact_is_told_a_little_ahead_and_never_far() -> None:
    for frame in range(3, 200):
        said = contact_s(track(frame / 60))
        assert said is None or said <= frame / 60 + REACH_S + 1e-9
    assert contact_s(track(walking_feet.TURN_S - 0.02)) == pytest.approx(walking_feet.TURN_S, abs=0.02)


def test_a_foot_that_stands_or_only_began_says_nothing() -> None:
    times_s = np.arange(60) / 30
    still = FootTrack(times_s, np.tile([1.0, 0.4, 2.0], (60, 1)), np.full(60, np.nan))
    assert contact_s(still) is None
    shaking = still.points_m + np.random.default_rng(0).normal(0, 0.003, (60, 3))
    assert contact_s(FootTrack(times_s, shaking, still.grounded)) is None
    assert contact_s(FootTrack(times_s[:2], still.points_m[:2], still.grounded[:2])) is None


def grounded_track(flags: list[float], heights_m: list[float], rate_hz: float = 30.0) -> FootTrack:
    times_s = np.arange(len(flags)) / rate_hz
    points = np.stack([np.zeros(len(flags)), heights_m, np.zeros(len(flags))], axis=-1)
    return FootTrack(times_s, points, np.array(flags))


def test_where_the_engine_says_that_a_foot_is_grounded_its_word_decides() -> None:
    falling = [0.2, 0.15, 0.1, 0.05, 0.0]
    landed = contact_s(grounded_track([0, 0, 0, 0, 1], falling))
    assert landed is not None
    assert 3 / 30 <= landed <= 4 / 30
    assert contact_s(grounded_track([0, 0, 0, 0, 0], falling)) is None  # whatever the height says
    assert contact_s(grounded_track([1, 1, 1, 1, 1], falling)) is None
    assert contact_s(grounded_track([1, 1, 1, 1, 0], falling)) is None
    still = [0.0] * 5
    assert contact_s(grounded_track([0, 0, 0, 0, 1], still)) == pytest.approx(3.5 / 30)  # no fall to reckon with


def test_a_landing_lies_where_the_fall_has_used_up_the_height() -> None:
    """3 m/s, 4 cm over where it stands one frame before: 13 ms after that frame."""
    said = contact_s(grounded_track([0, 0, 0, 1], [0.24, 0.14, 0.04, 0.0]))
    assert said == pytest.approx(2 / 30 + 0.04 / 3, abs=1e-6)


@pytest.mark.parametrize("flags", [[np.nan, np.nan], [np.nan, 1.0], [0.0, np.nan]])
def test_without_the_engine_s_word_the_height_decides(flags: list[float]) -> None:
    foot = track(walking_feet.TURN_S - 0.02)
    by_height_s = contact_s(foot)
    foot.grounded[-2:] = flags
    assert by_height_s is not None
    assert contact_s(foot) == by_height_s


def test_a_landing_is_said_once() -> None:
    """The frame after it says nothing."""
    assert contact_s(grounded_track([0, 0, 1, 1], [0.1, 0.05, 0.0, 0.0])) is None
