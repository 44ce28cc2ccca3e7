"""Cycles of the project's own figures, of all builds and gaits, so that whoever learns others need not forget them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stereosync_scenes.casting import WORLDS, make_plan
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.feet import contact_times_s
from stereosync_scenes.gait import footfalls, pose
from stereosync_scenes.looks import surface
from stereosync_scenes.people import manner_of
from stereosync_scenes.plan import Character, FloatArray, Plan, Track
from stereosync_scenes.track import LEAD_S, track_times_s

FRAMES = 32
SETTLED_S, TRACK_S = 2.0, 6.0
OWN_BODY = "own figure"


def own_cycles(count: int, first_seed: int, variety: str = "plain") -> list[BodyCycle]:
    """The gaits of `count` people of own scenes, each from a plan of a seed from `first_seed` on.

    `variety` is one of `casting.WORLDS`.
    """
    return list(itertools.islice(_cycles(first_seed, variety), count))


def _cycles(first_seed: int, variety: str) -> Iterator[BodyCycle]:
    for seed in itertools.count(first_seed):
        plan, rng = make_plan(seed, variety=variety), np.random.default_rng(seed)
        for character in plan.characters:
            pace_m_s = manner_of(WORLDS[variety].people.gait(rng), character.body).pace(rng)
            yield _cycle(plan, replace(character, track=_straight(pace_m_s), jumps=(), sideways=False), pace_m_s)


def _straight(pace_m_s: float) -> Track:
    """Along x at one pace."""
    times_s = track_times_s(TRACK_S)
    place = np.stack([pace_m_s * times_s, np.zeros(len(times_s))], axis=-1)
    return Track(-LEAD_S, place, np.zeros(len(times_s)), np.full(len(times_s), pace_m_s))


def _cycle(plan: Plan, character: Character, pace_m_s: float) -> BodyCycle:
    """One turn, from one contact of the left foot to the next."""
    foot, contacts_s = footfalls(character).foot, contact_times_s(character)
    begin, end = (float(time_s) for time_s in contacts_s[(foot == 0) & (contacts_s > SETTLED_S)][:2])
    between = contacts_s[(foot == 1) & (contacts_s > begin)][0]
    times_s = begin + np.arange(FRAMES) / FRAMES * (end - begin)
    points = np.stack([_on_the_spot(plan, character, float(time_s)) for time_s in times_s])
    phases = (0.0, float((between - begin) / (end - begin)))
    return BodyCycle(f"{pace_m_s:.1f} m/s", OWN_BODY, points, end - begin, pace_m_s * (end - begin), phases)


def _on_the_spot(plan: Plan, character: Character, time_s: float) -> FloatArray:
    points, _ = surface(character.body, pose(plan, character, time_s))
    x, y, z = (points - [*character.track.position_at(time_s), 0.0]).T
    return np.stack([-y, z, x], axis=-1)
