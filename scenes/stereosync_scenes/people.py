"""People: who walks, how they are built and dressed, and in what gait."""

from __future__ import annotations

import colorsys
import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import Blocker, Body, Character, Colour, Setting, Track
from stereosync_scenes.routes import View, out_of_view, waypoints
from stereosync_scenes.wandering import Manner, Surroundings, standing_track, walk_track

COUNT_ODDS = (0.45, 0.3, 0.17, 0.08)
STANDER_ODDS = 0.08  # of a walk with someone who never moves


@dataclass(frozen=True)
class Gait:
    """Speeds (low, high) of an adult, odds, and how the steps differ from those of an ordinary walk."""

    paces_m_s: tuple[tuple[float, float], ...]
    odds: float
    cadence: float = 1.0
    limps: bool = False
    sneak: float = 0.0


STROLL, WALK, BRISK, RUN = (0.65, 1.1), (1.15, 1.5), (1.55, 1.95), (2.4, 3.6)
GAITS = {
    "stroll": Gait((STROLL, STROLL, WALK), 0.16), "walk": Gait((WALK, WALK, BRISK), 0.32),
    "brisk": Gait((BRISK, BRISK, RUN), 0.14), "run": Gait((RUN,), 0.18),
    "sneak": Gait(((0.4, 0.75),), 0.08, cadence=0.8, sneak=1.0), "limp": Gait(((0.6, 1.15),), 0.12, limps=True),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stage:
    """A stage: the view of the camera, its track (None: at rest at the origin), the free area, and things."""

    view: View
    setting: Setting
    blockers: tuple[Blocker, ...]
    camera: Track | None
    duration_s: float
    still: bool


def draw_count(rng: np.random.Generator) -> int:
    return int(rng.choice(len(COUNT_ODDS), p=COUNT_ODDS)) + 1


def draw_gait(rng: np.random.Generator) -> Gait:
    gaits = list(GAITS.values())
    return gaits[int(rng.choice(len(gaits), p=[gait.odds for gait in gaits]))]


def manner_of(gait: Gait, body: Body, turn_rad_s: float = 2.6, pauses: bool = True) -> Manner:
    scale = math.sqrt(body.leg_m / 0.85)
    return Manner(tuple((low * scale, high * scale) for low, high in gait.paces_m_s), turn_rad_s, pauses)


def character(number: int, gait: Gait, body: Body, track: Track, rng: np.random.Generator) -> Character:
    """The person of a body, a gait and a track. Cadence varies between people, so that speed does not give it away."""
    limp = float(rng.choice([-1, 1])) * rng.uniform(0.14, 0.32) if gait.limps else 0.0
    cadence = gait.cadence * rng.uniform(0.88, 1.12)
    seed, arms, spread = int(rng.integers(2**31)), rng.uniform(0.6, 1.2), rng.uniform(0.7, 1.3)
    return Character(number, seed, body, track, arms, spread, cadence, limp, gait.sneak)


@dataclass(frozen=True)
class People:
    """Draws of people. `habits` takes someone with a plain track and gives what that one does besides; the last
    argument says whether a camera comes along."""

    gait: Callable[[np.random.Generator], Gait]
    body: Callable[[np.random.Generator], Body]
    manner: Callable[[Manner, np.random.Generator], Manner]
    habits: Callable[[Character, np.random.Generator, bool], Character]


def draw_others(
    first: Sequence[Character], count: int, stage: Stage, rng: np.random.Generator, drawn: People
) -> tuple[Character, ...]:
    """`count` people, those of `first` among them, who keep out of each other's way."""
    people = list(first)
    stander = rng.random() < STANDER_ODDS
    while len(people) < count:
        gait, body = drawn.gait(rng), drawn.body(rng)
        stands = stage.still or (stander and len(people) == count - 1)
        lens = stage.camera or standing_track((0.0, 0.0), 0.0, stage.duration_s)
        others = [*(one.track for one in people), lens]
        manner = drawn.manner(manner_of(gait, body), rng)
        track = _standing(stage, rng) if stands else _walking(stage, manner, body, others, rng)
        one = character(len(people) + 1, gait, body, track, rng)
        people.append(one if stage.still else drawn.habits(one, rng, False))
    return tuple(people)


def _walking(stage: Stage, manner: Manner, body: Body, others: list[Track], rng: np.random.Generator) -> Track:
    view = dataclasses.replace(
        stage.view, far_m=max(stage.view.far_m * min(body.height_m / 1.75, 1.0), stage.view.near_m + 1)
    )
    going, lost = waypoints(view, stage.setting, stage.camera, rng), out_of_view(view, stage.camera)
    walled = stage.setting if stage.setting.kind != "field" else None
    around = Surroundings(walled, stage.blockers, others, lost)
    return walk_track(going, manner, rng, stage.duration_s, around)


def _standing(stage: Stage, rng: np.random.Generator) -> Track:
    point = waypoints(stage.view, stage.setting, stage.camera, rng)(rng.uniform(0.5, 0.6) * stage.duration_s)
    return standing_track(point, rng.uniform(0, 2 * math.pi), stage.duration_s)


def _cloth(rng: np.random.Generator) -> Colour:
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.95))


def _height_m(rng: np.random.Generator) -> float:
    part = rng.random()
    if part < 0.1:  # a child
        return float(rng.uniform(1.1, 1.4))
    return float(rng.uniform(1.9, 2.05) if part < 0.18 else rng.uniform(1.5, 1.92))


def draw_body(rng: np.random.Generator) -> Body:
    """A body and its clothes."""
    tone, hair = rng.uniform(0.35, 1.0), rng.choice([0.08, 0.2, 0.45, 0.8])
    bulk = rng.uniform(1.3, 1.6) if rng.random() < 0.12 else rng.uniform(0.85, 1.3)
    coat, skirt = bool(rng.random() < 0.14), bool(rng.random() < 0.2)
    return Body(
        height_m=_height_m(rng),
        leg_ratio=rng.uniform(0.505, 0.545),
        bulk=bulk,
        shoulder=rng.uniform(0.9, 1.1),
        skirt=skirt,
        sleeves=bool(rng.random() < 0.6) or coat,
        skin=(0.95 * tone, 0.75 * tone, 0.62 * tone),
        hair=(hair, 0.8 * hair, 0.55 * hair),
        shirt=_cloth(rng),
        trousers=_cloth(rng),
        shoes=_cloth(rng) if rng.random() < 0.5 else (0.1, 0.09, 0.08),
        hem=rng.uniform(0.55, 0.75) if coat else rng.uniform(0.35, 0.7),
        coat=coat,
        bare_legs=bool(rng.random() < 0.15),
        hat=bool(rng.random() < 0.2),
        backpack=bool(rng.random() < 0.15),
        extra=_cloth(rng),
    )


PLAIN_PEOPLE = People(draw_gait, draw_body, lambda manner, _: manner, lambda one, _, __: one)
