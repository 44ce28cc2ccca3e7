"""Courses of feet to learn from: own scenes, and the people of levels, who walk on and on without a level."""

from __future__ import annotations

import numpy as np
from tqdm import tqdm

from stereosync.scene import SIDES
from stereosync_scenes.arena.catalogue import PEOPLE
from stereosync_scenes.arena.courses import TURNS_PER_S
from stereosync_scenes.arena.people import Cycle, load_person
from stereosync_training.data.feet_courses import FINE_HZ, FeetCourse, FloatArray, own_courses

LONG_S = 7.0
UNEVEN = 0.08  # of the pace, over some seconds


def draw_courses(
    scenes: int, first_seed: int, levels: bool, rng: np.random.Generator, varied_scenes: int = 0
) -> list[FeetCourse]:
    """Courses of everybody in `scenes` own scenes, in as many varied ones as are asked for and, with `levels`, as many
    of the people of levels as in both.

    Raises LevelsUnavailable when those are wanted and were not fetched.
    """
    asked = [(first_seed + number, "plain") for number in range(scenes)]
    asked += [(first_seed + number, "varied") for number in range(varied_scenes)]
    scene = tqdm(asked, desc="courses", unit="scene")
    own = [course for seed, variety in scene for course in own_courses(seed, variety=variety)]
    return own + [level_course(rng) for _ in own] if levels else own


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
    points = np.stack([_points_m(cycle, side, phase) for side in range(len(SIDES))], axis=1)  # (N, 2, 4, 3)
    return FeetCourse(times_s, points, contacts_s(cycle, phase, times_s))


def _points_m(cycle: Cycle, side: int, phase: FloatArray) -> FloatArray:
    """Middle, hindmost, foremost and lowest point (N, 4, 3) of a foot, y up, of somebody who goes along z."""
    foot = cycle.points_m[:, cycle.stride.soles[side]]  # (F, V, 3)
    middle, order = foot.mean(1), foot[..., 0].argsort(1)
    heel, toe = (np.take_along_axis(foot, order[:, [end], None], 1)[:, 0] for end in (0, -1))
    sole = np.concatenate([middle[:, :2], foot[..., 2].min(1)[:, None]], axis=-1)
    turn = np.stack([middle, heel, toe, sole], axis=1)  # (F, 4, 3)
    turn = np.concatenate([turn, turn[:1]])
    frames = np.arange(len(turn)) / (len(turn) - 1)
    flat = turn.reshape(len(turn), -1)
    read = np.stack([np.interp(phase % 1.0, frames, column) for column in flat.T], axis=-1).reshape(-1, *turn.shape[1:])
    read[..., 0] += cycle.stride.distance_m(phase)[:, None]
    return np.asarray(read[..., [1, 2, 0]])


def contacts_s(cycle: Cycle, phase: FloatArray, times_s: FloatArray) -> FloatArray:
    """Times in seconds at which either foot comes down."""
    begins = [np.arange(np.ceil(phase[0] - at), np.floor(phase[-1] - at) + 1) + at for at in cycle.stride.contact_phase]
    return np.sort(np.interp(np.concatenate(begins), phase, times_s))
