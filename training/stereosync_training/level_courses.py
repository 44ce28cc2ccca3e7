"""Courses of feet to learn from: own scenes, and the people of levels, who walk on and on without a level."""

from __future__ import annotations

import numpy as np
from tqdm import tqdm

from stereosync.scene import SIDES
from stereosync_scenes.arena.catalogue import PEOPLE
from stereosync_scenes.arena.courses import TURNS_PER_S
from stereosync_scenes.arena.people import Cycle, load_person
from stereosync_training.feet_courses import FINE_HZ, FeetCourse, FloatArray, own_courses

LONG_S = 7.0
UNEVEN = 0.08  # of the pace, over some seconds


def draw_courses(scenes: int, first_seed: int, levels: bool, rng: np.random.Generator) -> list[FeetCourse]:
    """Courses of own scenes and, with `levels`, as many of the people of levels that training may see.

    Raises LevelsUnavailable when those are wanted and were not fetched.
    """
    seeds = tqdm(range(first_seed, first_seed + scenes), desc="courses", unit="scene")
    own = [course for seed in seeds for course in own_courses(seed)]
    if not levels:
        return own
    return own + [level_course(rng) for _ in own]


def level_course(rng: np.random.Generator) -> FeetCourse:
    """A course of a person and gait drawn from those of the split "train".

    Raises LevelsUnavailable when the people were not fetched.
    """
    pairs = [(name, gait) for name, gaits in sorted(PEOPLE["train"].items()) for gait in gaits]
    name, gait = pairs[int(rng.integers(len(pairs)))]
    cycle = load_person(name, PEOPLE["train"][name]).cycles[gait]
    times_s = np.arange(-1.0, LONG_S - 1.0, 1 / FINE_HZ)
    rate = rng.uniform(*TURNS_PER_S[gait]) * (
        1 + UNEVEN * np.sin(2 * np.pi * (times_s / rng.uniform(3, 9) + rng.random()))
    )
    phase = rng.random() + np.cumsum(rate) / FINE_HZ
    soles = np.stack([_course_m(cycle, side, phase, lowest=True) for side in range(len(SIDES))], axis=1)
    ankles = np.stack([_course_m(cycle, side, phase, lowest=False) for side in range(len(SIDES))], axis=1)
    return FeetCourse(times_s, ankles, soles, contacts_s(cycle, phase, times_s))


def _course_m(cycle: Cycle, side: int, phase: FloatArray, lowest: bool) -> FloatArray:
    """A foot (N, 3), y up, of somebody who goes along z: over the middle of its vertices, at the lowest's height or
    the middle's."""
    sole = cycle.points_m[:, cycle.stride.soles[side]]  # (F, V, 3)
    heights = sole[..., 2].min(1) if lowest else sole[..., 2].mean(1)
    frames = np.arange(len(sole) + 1) / len(sole)
    columns = [np.append(values, values[0]) for values in (sole[..., 0].mean(1), sole[..., 1].mean(1), heights)]
    ahead, left, up = (np.interp(phase % 1.0, frames, values) for values in columns)
    return np.stack([left, up, ahead + cycle.stride.distance_m(phase)], axis=-1)


def contacts_s(cycle: Cycle, phase: FloatArray, times_s: FloatArray) -> FloatArray:
    """When either foot comes down."""
    begins = [np.arange(np.ceil(phase[0] - at), np.floor(phase[-1] - at) + 1) + at for at in cycle.stride.contact_phase]
    return np.sort(np.interp(np.concatenate(begins), phase, times_s))
