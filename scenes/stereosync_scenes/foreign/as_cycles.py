"""Gaits of the foreign bodies in the form that simulated courses take."""

from __future__ import annotations

import numpy as np

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
    """The walk of one body. Frames that carry it more or less than others keep that in their points."""
    body = load_body(name)
    stride, frames = body.gait.stride, len(body.cycle.points_m)
    ahead_m = stride.way_m[:-1] - np.arange(frames) / frames * stride.length_m
    x, y, z = np.moveaxis(body.cycle.points_m, -1, 0)  # ahead, left, up
    points_m = np.stack([-y, z, x + ahead_m[:, None]], axis=-1)
    return BodyCycle(GAIT, name, points_m, body.gait.period_s, stride.length_m, stride.contact_phase)
