"""Gaits of the levels' people in the form that simulated courses take."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.arena.catalogue import PEOPLE, Split
from stereosync_scenes.arena.courses import TURNS_PER_S
from stereosync_scenes.arena.people import Cycle, load_person
from stereosync_scenes.cycles.body_cycle import BodyCycle


def level_cycles(split: Split) -> list[BodyCycle]:
    """Every gait of every person of a split, at its middle tempo.

    Raises LevelsUnavailable when the people were not fetched.
    """
    return [
        on_the_spot(load_person(name, gaits).cycles[gait], gait, name, 2 / sum(TURNS_PER_S[gait]))
        for name, gaits in PEOPLE[split].items()
        for gait in gaits
    ]


def on_the_spot(cycle: Cycle, gait: str, body: str, period_s: float) -> BodyCycle:
    """The body sways about an even pace: frames that carry it more or less than others keep that in their points."""
    way_m, frames = cycle.stride.way_m, len(cycle.points_m)
    ahead_m = way_m[:-1] - np.arange(frames) / frames * cycle.stride.length_m
    x, y, z = np.moveaxis(cycle.points_m, -1, 0)  # ahead, left, up
    points_m = np.stack([-y, z, x + ahead_m[:, None]], axis=-1)
    return BodyCycle(gait, body, points_m, period_s, cycle.stride.length_m, cycle.stride.contact_phase)
