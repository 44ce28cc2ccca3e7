"""The plan of what is told: it wins over what is foreseen, every contact is made once, and wrong ones can move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from stereosync.bundle import Forecast
from stereosync.scene import MAX_BOXES, Float32Array
from stereosync.told import KnownContact, Told
from stereosync_runtime.foresight import MOST_RECENT, Foresight, foresee
from stereosync_runtime.told_plan import BELIEVED_S, MOST_CONTACTS, SAME_S, Planned, nearest

SPEC = Forecast(start_s=-0.06, step_s=0.02)
BINS = 18
FRAME_S = 1 / 30
LEAD_S = 0.1
WALKER, OTHER = 7, 3
NOBODY = np.zeros(BINS, np.float32)


def forecast(frame_s: float, *contacts_s: float) -> Float32Array:
    """Chances (K,) of contacts at these times."""
    bins_s = frame_s + SPEC.start_s + SPEC.step_s * np.arange(BINS)
    chances = [0.8 * np.exp(-(((bins_s - time_s) / 0.02) ** 2)) for time_s in contacts_s]
    return np.sum([NOBODY, *chances], axis=0, dtype=np.float32)


def left(time_s: float, octaves: float | None = None, ground: str | None = None) -> KnownContact:
    return KnownContact(time_s, "left", octaves, ground)


def right(time_s: float) -> KnownContact:
    return KnownContact(time_s, "right")


def by_foot(time_s: float, side: str = "left", ground: str | None = None) -> KnownContact:
    return KnownContact(time_s, side, None, ground, by_feet=True)


def told(*contacts: KnownContact, feet: bool = False) -> Told:
    """What the walker tells in a frame."""
    return Told(contacts={WALKER: contacts} if contacts else {}, feet=frozenset({WALKER} if feet else ()))


def after(
    seen: Foresight,
    frame_s: float,
    words: Told,
    *foreseen_s: float,
    made_until_s: float | None = None,
    reads_feet: bool = False,
) -> Foresight:
    """The foresight after a frame; sound is made `LEAD_S` beyond it unless the test says otherwise."""
    until_s = frame_s + LEAD_S if made_until_s is None else made_until_s
    return foresee(SPEC, seen, frame_s, {WALKER: forecast(frame_s, *foreseen_s)}, until_s, words, reads_feet)


def plan(seen: Foresight, character: int = WALKER) -> tuple[Planned, ...]:
    return seen.planned.get(character, ())


def times_s(seen: Foresight) -> list[float]:
    return [one.time_s for one in plan(seen)]


def made_s(frames: Iterable[tuple[float, Told, tuple[float, ...]]]) -> list[float]:
    """Every time at which a sound began in a stream of frames (time, words, what is foreseen)."""
    seen, made = Foresight(), set()
    for frame_s, words, foreseen_s in frames:
        seen = after(seen, frame_s, words, *foreseen_s)
        made |= {one.time_s for one in plan(seen) if one.time_s <= frame_s + LEAD_S + FRAME_S}
    return sorted(made)


def test_a_contact_told_ahead_is_taken_as_it_is_and_nothing_else_is_foreseen() -> None:
    seen = after(Foresight(), 10.0, told(left(10.3, 1.5, "gravel")), 10.2)
    assert plan(seen) == (Planned(10.3, 10.3, "left", 1.5, "gravel"),)
    seen = after(seen, 10.0 + 2 * FRAME_S, told(), 10.2)
    assert times_s(seen) == [10.3]


def test_who_told_contacts_ahead_is_foreseen_again_three_seconds_later() -> None:
    seen = after(Foresight(), 10.0, told(left(10.3)))
    for silent_s, foreseen in ((BELIEVED_S - 0.1, False), (BELIEVED_S + 0.1, True)):
        frame_s = 10.0 + silent_s
        assert bool(plan(after(seen, frame_s, told(), frame_s + 0.2))) == foreseen


def test_the_same_contact_told_again_moves_until_its_sound_begins_and_then_stands() -> None:
    seen = after(Foresight(), 10.0, told(left(10.3)))
    seen = after(seen, 10.1, told(left(10.35, -1.0)))
    assert plan(seen) == (Planned(10.35, 10.35, "left", -1.0),)
    seen = after(seen, 10.2, told(left(10.27)))
    assert times_s(seen) == [pytest.approx(10.3)]  # earlier than can be made: at once
    begun = after(seen, 10.3, told(left(10.32, 2.0, "snow")))
    assert times_s(begun) == times_s(seen)
    assert plan(begun)[0].ground is None


def test_a_contact_that_creeps_on_after_its_sound_began_is_not_made_again() -> None:
    seen = after(Foresight(), 10.0, told(left(10.05)))
    for late_s in (0.1, 0.15, 0.2, 0.25):
        seen = after(seen, 10.0 + late_s / 2, told(left(10.05 + late_s)))
    assert len(plan(seen)) == 1


def test_a_contact_that_is_not_told_again_is_withdrawn_if_others_are_and_kept_if_nothing_is() -> None:
    seen = after(Foresight(), 10.0, told(left(10.3), right(10.45)))
    assert times_s(after(seen, 10.03, told())) == [10.3, 10.45]
    assert times_s(after(seen, 10.03, told(right(10.45)))) == [10.45]
    begun = after(seen, 10.25, told(right(10.45)))
    assert times_s(begun) == [10.3, 10.45]


def test_two_of_a_side_within_the_same_moment_are_one_and_the_newest_word_counts() -> None:
    seen = after(Foresight(), 10.0, told(left(10.3, 0.5), left(10.3 + 0.8 * SAME_S, 1.0), right(10.3)))
    assert [(one.side, one.octaves) for one in plan(seen)] == [("right", None), ("left", 1.0)]


def test_an_event_is_made_at_once_and_once() -> None:
    seen = after(Foresight(), 10.0, told(left(9.95)))
    assert times_s(seen) == [10.0 + LEAD_S]
    for elapsed_s in (FRAME_S, 2 * FRAME_S):
        seen = after(seen, 10.0 + elapsed_s, told(left(9.95)), 10.25)
    assert times_s(seen) == [10.0 + LEAD_S]  # nor is anything foreseen for who tells contacts and no feet


def test_with_feet_a_step_that_is_foreseen_and_then_told_is_made_once_when_it_was_foreseen() -> None:
    def frames(foreseen_s: float) -> Iterable[tuple[float, Told, tuple[float, ...]]]:
        for frame_s in np.arange(9.0, 11.5, FRAME_S).tolist():
            happened = [left(10.2)] if 0 <= frame_s - 10.2 < FRAME_S else []
            yield frame_s, told(*happened, feet=True), (9.5, foreseen_s, 11.0)

    for foreseen_s in (10.2, 10.15, 10.25):
        assert made_s(frames(foreseen_s)) == pytest.approx([9.5, foreseen_s, 11.0], abs=0.01)


def test_with_feet_an_event_that_was_not_foreseen_is_made_late_and_no_echo_of_it_is() -> None:
    seen = after(Foresight(), 10.0, told(left(9.92), feet=True))
    assert times_s(seen) == [10.0 + LEAD_S]
    seen = after(seen, 10.0 + FRAME_S, told(feet=True), 10.13)
    assert times_s(seen) == [10.0 + LEAD_S]
    seen = after(seen, 10.0 + FRAME_S, told(feet=True), 10.29)
    assert times_s(seen) == pytest.approx([10.0 + LEAD_S, 10.29], abs=0.005)


def test_what_is_read_from_feet_takes_the_place_of_what_was_foreseen() -> None:
    seen = after(Foresight(), 10.0, told(feet=True), 10.1, made_until_s=10.0)
    seen = after(seen, 10.02, told(by_foot(10.06, ground="wood"), feet=True), 10.1, made_until_s=10.02)
    assert plan(seen) == (Planned(10.06, 10.06, "left", None, "wood", by_feet=True),)
    begun = after(Foresight(), 10.0, told(feet=True), 10.1, made_until_s=10.0)
    begun = after(begun, 10.05, told(by_foot(10.07), feet=True), 10.1, made_until_s=10.12)
    assert times_s(begun) == pytest.approx([10.1], abs=0.005)


def test_a_bundle_that_reads_feet_knows_better_than_the_rule_which_fills_its_gaps() -> None:
    seen = after(Foresight(), 10.0, told(by_foot(10.03), feet=True), 10.1, made_until_s=10.0, reads_feet=True)
    assert times_s(seen) == pytest.approx([10.1], abs=0.005)
    missed = after(Foresight(), 10.0, told(by_foot(10.03), feet=True), made_until_s=10.0, reads_feet=True)
    assert times_s(missed) == [10.03]
    begun = after(seen, 10.09, told(by_foot(10.07), feet=True), 10.1, made_until_s=10.12, reads_feet=True)
    assert times_s(begun) == pytest.approx([10.1], abs=0.005), "the same contact, whose sound has begun"


def test_what_is_read_from_feet_is_added_where_nothing_was_foreseen_and_gives_way_to_what_is_told() -> None:
    assert times_s(after(Foresight(), 10.0, told(by_foot(10.01), feet=True))) == [10.0 + LEAD_S]
    both = told(left(10.3), by_foot(10.02, "right"), feet=True)
    assert times_s(after(Foresight(), 10.0, both)) == [10.3]
    event = told(left(10.0, 1.0), by_foot(10.01), feet=True)
    assert [one.octaves for one in plan(after(Foresight(), 10.0, event))] == [1.0]


def test_each_character_is_told_by_itself() -> None:
    chances = {WALKER: forecast(10.0, 10.2), OTHER: forecast(10.0, 10.2)}
    seen = foresee(SPEC, Foresight(), 10.0, chances, 10.0, told(left(10.3)))
    assert times_s(seen) == [10.3]
    assert [one.time_s for one in plan(seen, OTHER)] == pytest.approx([10.2], abs=0.005)


def test_nothing_grows_however_many_come_and_whatever_they_tell() -> None:
    seen, rng = Foresight(), np.random.default_rng(0)
    for turn in range(300):
        frame_s = 10.0 + turn / 1000
        ids = rng.integers(0, 2**40, 6).tolist()
        contacts = {
            character: tuple(
                KnownContact(frame_s + float(rng.uniform(-0.1, 0.5)), str(rng.choice(["left", "right"])))
                for _ in range(16)
            )
            for character in (WALKER, *ids)
        }
        words = Told(contacts=contacts, feet=frozenset(ids))
        seen = foresee(SPEC, seen, frame_s, dict.fromkeys([WALKER, *ids], NOBODY), frame_s + LEAD_S, words)
    assert len(seen.recent) <= MOST_RECENT
    assert len(seen.habits) <= MAX_BOXES + 7
    assert len(seen.planned) <= MAX_BOXES + 7
    assert max(map(len, seen.planned.values())) <= MOST_CONTACTS


def test_the_contact_around_a_moment_is_the_nearest_and_of_two_the_later() -> None:
    steps = tuple(Planned(time_s) for time_s in (1.0, 1.2, 1.9))
    found: Mapping[float, float] = {0.0: 1.0, 1.09: 1.0, 1.1: 1.2, 1.11: 1.2, 1.5: 1.2, 1.6: 1.9, 5.0: 1.9}
    for moment_s, time_s in found.items():
        chosen = nearest(steps, moment_s)
        assert chosen is not None
        assert chosen.time_s == time_s, moment_s
    assert nearest((), 1.0) is None
