"""The plan of one character: what the engine tells of its feet wins over what was foreseen. Pure.

A contact may move until its sound begins; from then on it stands, and the same one is not made again however often, and
by whomever, it is told. Whoever tells contacts ahead is believed to tell all of them; whoever tells them as they happen
tells nothing of those to come, so that where there are feet as well, these are foreseen and the two are joined.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stereosync.told import KnownContact

SAME_S = 0.12  # two words for one contact lie no farther apart
APART_S = 0.15  # between a contact that is foreseen and any other of the character
LATE_S = 0.04  # a contact that is foreseen so late is still made, at once
KEPT_S = 0.5
MOST_CONTACTS = 8
BELIEVED_S = 3.0  # so long after it last told a contact, a character is believed to tell its contacts
EVENT_S = 0.02  # what lies no farther ahead of its frame was told as it happened


@dataclass(frozen=True)
class Planned:
    """A contact that is made at `time_s`.

    `told_s` is when the engine says that the foot comes down, None if that was foreseen; `side` and `octaves` and
    `ground` are None where nobody told them.
    """

    time_s: float
    told_s: float | None = None
    side: str | None = None
    octaves: float | None = None
    ground: str | None = None
    by_feet: bool = False


Plan = tuple[Planned, ...]


@dataclass(frozen=True)
class Habit:
    """A character's habit: the times at which it last told contacts, and one ahead of its frame."""

    told_s: float = -math.inf
    ahead_s: float = -math.inf

    def after(self, contacts: Sequence[KnownContact], frame_s: float) -> Habit:
        """The habit after a frame that tells `contacts`, none of them read from feet."""
        if not contacts:
            return self
        ahead = any(contact.time_s > frame_s + EVENT_S for contact in contacts)
        return Habit(frame_s, frame_s if ahead else self.ahead_s)

    def tells(self, frame_s: float) -> bool:
        """The character is believed to tell when its feet come down, one way or the other."""
        return frame_s - self.told_s <= BELIEVED_S

    def tells_ahead(self, frame_s: float) -> bool:
        """It is believed to tell all of its contacts ahead."""
        return frame_s - self.ahead_s <= BELIEVED_S

    def foreseen(self, frame_s: float, feet: bool) -> bool:
        """Its contacts are foreseen as well; `feet`: it tells its feet in this frame."""
        return not self.tells(frame_s) or (feet and not self.tells_ahead(frame_s))


def next_plan(
    before: Plan,
    told: Sequence[KnownContact],
    read: Sequence[KnownContact],
    seen_s: Iterable[float],
    frame_s: float,
    made_until_s: float,
) -> Plan:
    """The plan of a character after a frame, in order of time.

    Args:
        told: the contacts that the frame tells. Where it tells any, those told before that lie ahead are withdrawn.
        read: those that were read from its feet.
        seen_s: those that were foreseen.
        made_until_s: sound is made up to here; what is planned before it stands.
    """
    plan = [one for one in before if frame_s - KEPT_S < one.time_s and _stays(one, bool(told), frame_s, made_until_s)]
    for contact in (*told, *read):
        _join(plan, contact, made_until_s)
    for time_s in seen_s:
        if time_s > made_until_s - LATE_S:
            _foresee(plan, max(time_s, made_until_s))
    nearest = sorted(plan, key=lambda one: abs(one.time_s - max(made_until_s, frame_s)))[:MOST_CONTACTS]
    return tuple(sorted(nearest, key=lambda one: one.time_s))


def _stays(one: Planned, tells: bool, frame_s: float, made_until_s: float) -> bool:
    """Until its sound begins, what was foreseen is foreseen anew in every frame, and what was told can be withdrawn."""
    if one.time_s <= made_until_s:
        return True
    if one.told_s is None:
        return False
    return one.by_feet or not tells or one.told_s <= frame_s


def _join(plan: list[Planned], contact: KnownContact, made_until_s: float) -> None:
    """Put a known contact into the plan, or into the place of the one that it is."""
    time_s = max(contact.time_s, made_until_s)
    fresh = Planned(time_s, contact.time_s, contact.side, contact.octaves, contact.ground, contact.by_feet)
    at = _same(plan, contact)
    if at is None:
        plan.append(fresh)
    elif plan[at].time_s <= made_until_s:  # its sound has begun: only what it is known by goes on
        plan[at] = replace(plan[at], told_s=contact.time_s, side=contact.side)
    elif plan[at].by_feet or not contact.by_feet:
        plan[at] = fresh


def _same(plan: Sequence[Planned], contact: KnownContact) -> int | None:
    """The place of the planned contact that `contact` is a word for: the nearest of its side, or of a side not told."""
    places = [
        (abs((one.time_s if one.told_s is None else one.told_s) - contact.time_s), at)
        for at, one in enumerate(plan)
        if one.side in (None, contact.side)
    ]
    near, at = min(places, default=(math.inf, 0))
    return at if near <= SAME_S else None


def _foresee(plan: list[Planned], time_s: float) -> None:
    for one in plan:
        if abs(time_s - one.time_s) < APART_S or (one.told_s is not None and abs(time_s - one.told_s) < APART_S):
            return
    plan.append(Planned(time_s))


def nearest(plan: Plan, moment_s: float) -> Planned | None:
    """The contact that is heard at a moment, or next: the nearest one, and of two the later."""
    return min(plan, key=lambda one: (abs(one.time_s - moment_s), -one.time_s), default=None)
