"""The walks that are heard: of people whose steps truth can tell apart by ear, chosen by truth alone.

One walker, hard ground throughout, always nearer than 8 m and never hidden, seen on both sides of the middle and over
40 degrees at least; the place's ambience is left out. `candidates` is the rule, `SEEDS` its first finds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan
from stereosync_scenes.truth import walk_truth
from stereosync_training.evaluate.sets import FIRST_LONG_SEED
from stereosync_training.measures.onsets import NEAR_M, distance_m
from stereosync_training.measures.panning import azimuth_rad

WALK_S = 12.0
FROM_S = 1.0  # until then the session begins and the first frames are seen
HARD = {"stone", "wood", "tile", "metal", "glass"}
STEPS = 14
SPAN_RAD, ASIDE_RAD = math.radians(40), math.radians(12)
SEEDS = (950_046, 950_100, 950_156, 950_172, 950_243, 950_250)


def quiet_walk(seed: int) -> Plan:
    """The walk of `seed` without its ambience."""
    return replace(make_plan(seed, WALK_S), place="", amount=0.0)


def is_clear(plan: Plan) -> bool:
    """Whether the rule above holds."""
    contacts = [contact for contact in walk_truth(plan).contacts if contact.time_s >= FROM_S]
    if len(plan.characters) != 1 or len(contacts) < STEPS:
        return False
    angles_rad = [azimuth_rad(contact) for contact in contacts]
    return (
        all(contact.ground in HARD and contact.occlusion == 0 for contact in contacts)
        and all(distance_m(contact) < NEAR_M for contact in contacts)
        and max(angles_rad) - min(angles_rad) >= SPAN_RAD
        and min(max(angles_rad), -min(angles_rad)) >= ASIDE_RAD
    )


def candidates(count: int) -> Iterator[int]:
    """The first seeds of the set of long walks for which the rule holds."""
    seed = FIRST_LONG_SEED
    while count:
        if is_clear(quiet_walk(seed)):
            yield seed
            count -= 1
        seed += 1
