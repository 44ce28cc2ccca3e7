"""Feet of walks without pictures: what an engine would tell of them, and when they come down.

Plans are drawn by the thousand in seconds. Each course is told as some engine would: by ankle, heel, toe, sole or a
point between, at its own frame rate, in its own size, tempo and lift, hurrying and lingering within a turn, a little
shaky.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.cues import CueSpec
from stereosync.feet import FeetTrack, FootTrack, feet_array
from stereosync.scene import SIDES
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.casting import make_plan
from stereosync_scenes.feet import contact_times_s, foot_at
from stereosync_scenes.plan import Character
from stereosync_training.data.density import contact_density

FINE_HZ = 60.0
BEFORE_S = 2.0  # of a course, before its first moment that is asked about
SLOWEST_HZ, FASTEST_HZ = 15.0, 60.0
TEMPO_SPREAD, SIZE_SPREAD, LIFT_SPREAD, SHAPE_SPREAD = 0.3, 0.35, 0.45, 0.3  # natural log
SHAKE_M = 0.004
LINGER_S, LINGER_EVERY_S = 0.03, (0.35, 1.5)  # how far a moment may be moved within a turn
CORNER_SHARE = 0.6  # of the courses, whose point is one of the foot's own

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FeetCourse:
    """Both feet of one character over time, y up: times_s (N,), points_m (N, 2, 4, 3) ankle, heel, toe and sole (at the
    lower height of the two before it), contacts_s."""

    times_s: FloatArray
    points_m: FloatArray
    contacts_s: FloatArray


def own_courses(seed: int, duration_s: float = 6.0, variety: str = "plain") -> list[FeetCourse]:
    """The courses of everybody in the own scene of `seed`, of one of `casting.WORLDS`."""
    plan = make_plan(seed, duration_s, variety=variety)
    return [_course(character, duration_s) for character in plan.characters]


def _course(character: Character, duration_s: float) -> FeetCourse:
    times_s = np.arange(-1.0, duration_s, 1 / FINE_HZ)
    feet = [[foot_at(character, side, float(time_s)) for side in range(len(SIDES))] for time_s in times_s]
    points = np.array([[[one.ankle, one.heel, one.toe, one.ankle] for one in pair] for pair in feet])[..., [0, 2, 1]]
    points[:, :, 3, 1] = points[:, :, 1:3, 1].min(-1)
    return FeetCourse(times_s, points, contact_times_s(character))


@dataclass(frozen=True)
class FeetExamples:
    """feet (N, K, 8) as the cue encoder takes them, contacts (N, bins) density."""

    feet: npt.NDArray[np.float16]
    contacts: npt.NDArray[np.float16]


def feet_examples(
    courses: Sequence[FeetCourse], each: int, spec: CueSpec, config: GeneratorConfig, rng: np.random.Generator
) -> FeetExamples:
    """`each` moments of every course, told at random; of none so late that contacts to come are not in the course."""
    bins_s = config.forecast_start_s + config.forecast_step_s * np.arange(config.forecast_steps)
    feet, contacts = [], []
    for course in courses:
        told, contacts_s = tell(course, rng)
        newest_s = told.feet[SIDES[0], 0].times_s
        settled = int(np.searchsorted(newest_s, newest_s[-1] - bins_s[-1]))
        for at in rng.integers(2, settled, each):
            feet.append(feet_array(spec, until(told, int(at))))
            apart_s = (contacts_s - newest_s[at])[None] - bins_s[:, None]  # (bins, contacts)
            contacts.append(contact_density(apart_s, config.forecast_step_s))
    return FeetExamples(np.array(feet, np.float16), np.array(contacts, np.float16))


def tell(course: FeetCourse, rng: np.random.Generator) -> tuple[FeetTrack, FloatArray]:
    """The whole course as one engine tells it, and when its feet come down then."""
    told_s = _another_time(course.times_s, rng)  # of each moment of the course
    points = _another_foot(course.points_m, rng)  # (N, 2, 3)
    times_s = np.arange(told_s[0] + rng.random() * 0.05, told_s[-1], 1 / rng.uniform(SLOWEST_HZ, FASTEST_HZ))
    shake_m = SHAKE_M * rng.random()
    tracks = {}
    for number, side in enumerate(SIDES):
        columns = [np.interp(times_s, told_s, points[:, number, axis]) for axis in range(3)]
        shaken = np.stack(columns, axis=-1) + rng.normal(0, shake_m, (len(times_s), 3))
        tracks[side, 0] = FootTrack(times_s, shaken, np.full(len(times_s), np.nan))
    inside = course.contacts_s[(course.contacts_s >= course.times_s[0]) & (course.contacts_s <= course.times_s[-1])]
    return FeetTrack(tracks), np.interp(inside, course.times_s, told_s)


def _another_time(times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Rising times (N,) of the moments at another tempo, hurried and lingered."""
    period_s = rng.uniform(*LINGER_EVERY_S)
    linger_s = min(LINGER_S, period_s / 8) * rng.random()
    moved_s = times_s + linger_s * np.sin(2 * math.pi * (times_s / period_s + rng.random()))
    return np.asarray(moved_s / math.exp(rng.uniform(-TEMPO_SPREAD, TEMPO_SPREAD)))


def _another_foot(points_m: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Ankle, heel, toe and sole (N, 2, 4, 3) to the point (N, 2, 3) that a rig of another size and gait has."""
    kinds = points_m.shape[2]
    corner = rng.random() < CORNER_SHARE
    share = np.eye(kinds)[rng.integers(kinds)] if corner else rng.dirichlet(np.ones(kinds))
    point = np.einsum("nskx,k->nsx", points_m, share) * math.exp(rng.uniform(-SIZE_SPREAD, SIZE_SPREAD))
    height = point[..., 1] - point[..., 1].min()
    top = max(float(height.max()), 1e-3)
    shape, lift = (math.exp(rng.uniform(-spread, spread)) for spread in (SHAPE_SPREAD, LIFT_SPREAD))
    point[..., 1] = lift * top * (height / top) ** shape + rng.uniform(-5, 5)
    return np.asarray(point)


def until(track: FeetTrack, last: int) -> FeetTrack:
    """The track up to the frame `last`, as much of it as is remembered."""
    feet = {}
    for key, foot in track.feet.items():
        first = int(np.searchsorted(foot.times_s, foot.times_s[last] - BEFORE_S))
        kept = slice(first, last + 1)
        feet[key] = FootTrack(foot.times_s[kept], foot.points_m[kept], foot.grounded[kept])
    return FeetTrack(feet)
