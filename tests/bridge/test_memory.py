"""The bound on memory ends strangers before anybody else, and forgives what is not theirs. No sockets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import cast

import pytest
from bridge_pair import HandClock

from stereosync_bridge import memory
from stereosync_bridge.connections import Connections
from stereosync_bridge.memory import GIVING_BACK_S, GRACE_S, LOOK_EVERY_S, STRANGERS_FIRST, MemoryBound

GROWTH_MIB = 100.0


@dataclass
class LaneByHand:
    """Counts who was ended."""

    strangers: int = 0
    strangers_ended: int = 0
    all_ended: int = 0

    def drop_strangers(self) -> int:
        ended, self.strangers = self.strangers, 0
        self.strangers_ended += ended
        return ended

    def drop_all(self) -> None:
        self.all_ended += 1


class Watched:
    """The bound of two lanes, with memory and time by hand."""

    def __init__(self) -> None:
        self.mib, self.clock = 200.0, HandClock()
        self.control, self.frames = LaneByHand(), LaneByHand()
        lanes = cast(list[Connections], [self.control, self.frames])
        self.bound = MemoryBound(lanes, GROWTH_MIB, lambda: self.mib, self.clock, Counter())

    def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.now_s += LOOK_EVERY_S
            self.bound.look()


def test_strangers_go_first_and_what_they_held_gets_time_to_be_freed() -> None:
    watched = Watched()
    watched.frames.strangers, watched.mib = 3, 350.0
    watched.look(round(GRACE_S / LOOK_EVERY_S))
    assert (watched.frames.strangers_ended, watched.frames.all_ended, watched.control.all_ended) == (3, 0, 0)


def test_strangers_who_come_again_are_ended_again_and_do_not_shield_a_session_for_ever() -> None:
    watched = Watched()
    watched.mib = 350.0
    for _ in range(STRANGERS_FIRST):
        watched.frames.strangers = 1
        watched.look()
    assert (watched.frames.strangers_ended, watched.frames.all_ended) == (STRANGERS_FIRST, 0)
    watched.frames.strangers = 1
    watched.look()
    assert watched.frames.all_ended == 1


def test_lanes_are_ended_in_turn_and_then_the_memory_is_what_the_process_needs() -> None:
    watched = Watched()
    watched.mib = 350.0
    watched.look(40)
    assert (watched.frames.all_ended, watched.control.all_ended) == (1, 1)
    watched.mib += GROWTH_MIB
    watched.look()
    assert watched.frames.all_ended == 2


def test_nobody_is_ended_for_memory_that_is_free_already(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    monkeypatch.setattr(memory, "give_back", lambda: setattr(watched, "mib", 200.0))
    watched.frames.strangers, watched.mib = 3, 350.0
    watched.look()
    assert watched.frames.strangers_ended == 0


def test_what_is_freed_after_the_end_is_given_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    watched, asked_s = Watched(), list[float]()
    monkeypatch.setattr(memory, "give_back", lambda: asked_s.append(watched.clock()))
    watched.frames.strangers, watched.mib = 3, 350.0
    watched.look()
    ended_s, watched.mib = watched.clock(), 290.0
    watched.look(round(2 * GIVING_BACK_S / LOOK_EVERY_S))
    assert GIVING_BACK_S - 2 * LOOK_EVERY_S < asked_s[-1] - ended_s < GIVING_BACK_S + LOOK_EVERY_S
