"""Courses: where a walker's body is, and in which phase of the gait, so that standing feet do not slide."""

from __future__ import annotations

import math

import numpy as np

from stereosync_scenes.arena.catalogue import PEOPLE, SKINS, Split
from stereosync_scenes.arena.paths import Way
from stereosync_scenes.arena.people import Cycle, load_person
from stereosync_scenes.arena.plan import Walker
from stereosync_scenes.plan import FloatArray

TURNS_PER_S = {"creep": (0.6, 0.9), "walk": (0.75, 1.05), "stride": (0.75, 1.0), "run": (1.1, 1.5)}
FORCE = {"creep": 0.6, "walk": 1.0, "stride": 1.3, "run": 1.8}
UNEVEN = 0.08  # of the pace, over some seconds


def choose_walker(number: int, split: Split, rng: np.random.Generator) -> Walker:
    """A person with a gait, who is nowhere yet. Slow gaits are chosen twice as often as running."""
    names = sorted(PEOPLE[split])
    pairs = [(name, gait) for name in names for gait in PEOPLE[split][name]]
    weights = np.array([1.0 if gait == "run" else 2.0 for _, gait in pairs])
    person, gait = pairs[int(rng.choice(len(pairs), p=weights / weights.sum()))]
    skin = str(rng.choice(SKINS[person]))
    nowhere = np.zeros((0, 3))
    scale = float(rng.uniform(0.9, 1.08))
    return Walker(number, person, skin, gait, PEOPLE[split][person], scale, nowhere, np.zeros(0), np.zeros(0))


def cycle_of(walker: Walker) -> Cycle:
    """The gait of a walker, from the person's model."""
    return load_person(walker.person, walker.gaits).cycles[walker.gait]


def phases(walker: Walker, times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Turns of the gait (N,) at times; the pace rises and falls a little."""
    rate = float(rng.uniform(*TURNS_PER_S[walker.gait]))
    swing = UNEVEN * np.sin(2 * math.pi * (times_s / rng.uniform(3, 9) + rng.random()))
    turns = np.concatenate([[0.0], np.cumsum(rate * (1 + swing[1:]) * np.diff(times_s))])
    return np.asarray(rng.random() + turns)


def distances_m(walker: Walker, phase: FloatArray) -> FloatArray:
    """Metres (N,) that the walker has gone since the first of the phases (N,)."""
    gone = cycle_of(walker).stride.distance_m(phase) * walker.scale
    return np.asarray(gone - gone[0])


def placed(walker: Walker, way: Way, phase: FloatArray, start_m: float = 0.0) -> Walker:
    """The walker on a way, `start_m` from its beginning at the first phase."""
    feet, heading = way.at(distances_m(walker, phase) + start_m)
    return Walker(walker.id, walker.person, walker.skin, walker.gait, walker.gaits, walker.scale, feet, heading, phase)
