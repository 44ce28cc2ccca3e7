"""Feet of walks without pictures: what an engine would tell of them, and when they come down.

Plans are drawn by the thousand in seconds. Each course is told as some engine would: by ankle or sole, at its own frame
rate, in its own size and tempo, a little shaky.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from stereosync.cues import CueSpec
from stereosync.feet import FeetTrack, FootTrack, feet_array
from stereosync.scene import SIDES
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.feet import foot_at
from stereosync_scenes.gait import footfalls
from stereosync_scenes.plan import Character, make_plan

FINE_HZ = 60.0
BEFORE_S = 2.0  # of a course, before its first moment that is asked about
SLOWEST_HZ, FASTEST_HZ = 15.0, 60.0
TEMPO_SPREAD, SIZE_SPREAD = 0.3, 0.35  # natural log
SHAKE_M = 0.004
SCALED_LIFT = (0.6, 1.5)

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FeetCourse:
    """Both feet of one character over time, y up: times_s (N,), ankles and soles (N, 2, 3), contacts_s."""

    times_s: FloatArray
    ankles_m: FloatArray
    soles_m: FloatArray
    contacts_s: FloatArray


def draw_courses(scenes: int, first_seed: int) -> list[FeetCourse]:
    """The courses of everybody in `scenes` own scenes."""
    seeds = tqdm(range(first_seed, first_seed + scenes), desc="courses", unit="scene")
    return [course for seed in seeds for course in own_courses(seed)]


def own_courses(seed: int, duration_s: float = 6.0) -> list[FeetCourse]:
    """The courses of everybody in the own scene of `seed`."""
    return [_course(character, duration_s) for character in make_plan(seed, duration_s).characters]


def _course(character: Character, duration_s: float) -> FeetCourse:
    times_s = np.arange(-1.0, duration_s, 1 / FINE_HZ)
    feet = [[foot_at(character, side, float(time_s)) for side in range(len(SIDES))] for time_s in times_s]
    ankles = np.array([[one.ankle[[0, 2, 1]] for one in pair] for pair in feet])
    soles = ankles.copy()
    soles[..., 1] = [[min(one.heel[2], one.toe[2]) for one in pair] for pair in feet]
    return FeetCourse(times_s, ankles, soles, np.asarray(footfalls(character).time_s))


@dataclass(frozen=True)
class FeetExamples:
    """feet (N, K, 8) as the cue encoder takes them, contacts (N, bins) density."""

    feet: npt.NDArray[np.float16]
    contacts: npt.NDArray[np.float16]


def feet_examples(
    courses: Sequence[FeetCourse], each: int, spec: CueSpec, config: GeneratorConfig, rng: np.random.Generator
) -> FeetExamples:
    """`each` moments of every course, told at random."""
    bins_s = config.forecast_start_s + config.forecast_step_s * np.arange(config.forecast_steps)
    feet, contacts = [], []
    for course in courses:
        told, tempo = tell(course, rng)
        newest_s = told.feet[SIDES[0], 0].times_s
        for at in rng.integers(2, len(newest_s), each):
            feet.append(feet_array(spec, until(told, int(at))))
            apart_s = (course.contacts_s / tempo - newest_s[at])[None] - bins_s[:, None]  # (bins, contacts)
            density = np.clip(1 - np.abs(apart_s) / config.forecast_step_s, 0, 1)
            contacts.append(density.max(-1) if density.size else np.zeros(len(bins_s)))
    return FeetExamples(np.array(feet, np.float16), np.array(contacts, np.float16))


def tell(course: FeetCourse, rng: np.random.Generator) -> tuple[FeetTrack, float]:
    """The whole course as one engine tells it, and how many times as fast it goes."""
    tempo, size = (math.exp(rng.uniform(-spread, spread)) for spread in (TEMPO_SPREAD, SIZE_SPREAD))
    sole, lift = rng.choice([0.0, 1.0, rng.random()]), rng.uniform(*SCALED_LIFT)
    points = size * (sole * course.soles_m + (1 - sole) * course.ankles_m)
    points[..., 1] = lift * points[..., 1] + rng.uniform(-5, 5)
    first_s, last_s = course.times_s[0] / tempo, course.times_s[-1] / tempo
    times_s = np.arange(first_s + rng.random() * 0.05, last_s, 1 / rng.uniform(SLOWEST_HZ, FASTEST_HZ))
    shake_m = SHAKE_M * rng.random()
    tracks = {}
    for number, side in enumerate(SIDES):
        columns = [np.interp(times_s * tempo, course.times_s, points[:, number, axis]) for axis in range(3)]
        shaken = np.stack(columns, axis=-1) + rng.normal(0, shake_m, (len(times_s), 3))
        tracks[side, 0] = FootTrack(times_s, shaken, np.full(len(times_s), np.nan))
    return FeetTrack(tracks), tempo


def until(track: FeetTrack, last: int) -> FeetTrack:
    """What was told up to the frame `last`, as much of it as is remembered."""
    feet = {}
    for key, foot in track.feet.items():
        first = int(np.searchsorted(foot.times_s, foot.times_s[last] - BEFORE_S))
        kept = slice(first, last + 1)
        feet[key] = FootTrack(foot.times_s[kept], foot.points_m[kept], foot.grounded[kept])
    return FeetTrack(feet)
