"""Gaits of the foreign bodies in the form that simulated courses take."""

from __future__ import annotations

from stereosync_scenes.arena.as_cycles import on_the_spot
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.foreign.bodies import load_body
from stereosync_scenes.foreign.catalogue import Split, names

GAIT = "walk"


def foreign_cycles(split: Split) -> list[BodyCycle]:
    """The walk of every body of a split, TALL_M tall.

    Raises ForeignUnavailable when the bodies were not fetched.
    """
    return [foreign_cycle(name) for name in names(split)]


def foreign_cycle(name: str) -> BodyCycle:
    """The walk of one body."""
    body = load_body(name)
    return on_the_spot(body.cycle, GAIT, name, body.gait.period_s)
