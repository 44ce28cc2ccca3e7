"""Casting: the random choices behind a walk of foreign bodies. The scene is drawn as those of the project are."""

from __future__ import annotations

import math

import numpy as np

from stereosync_scenes.blocking import draw_blockers
from stereosync_scenes.cameras import Optics, beside_people
from stereosync_scenes.casting import draw_patches
from stereosync_scenes.catalogue import draw_ground, draw_place
from stereosync_scenes.foreign.bodies import TALL_M, load_body
from stereosync_scenes.foreign.cameras import KINDS, NEEDS_ROOM, camera_track, draw_optics, kind_of
from stereosync_scenes.foreign.catalogue import WALKS, Split, names
from stereosync_scenes.foreign.plan import ForeignPlan, ForeignWalker
from stereosync_scenes.moods import draw_mood
from stereosync_scenes.plan import Blocker, FloatArray, Plan, Setting, Shot, Track
from stereosync_scenes.rooms import draw_setting, room_of
from stereosync_scenes.routes import Waypoints, long_legs, waypoints
from stereosync_scenes.wandering import Manner, Surroundings, walk_track

TALL_BETWEEN_M = (1.5, 2.0)
TEMPO_SPREAD, PACE_SPREAD = 0.12, 0.06  # of the turns per second: of a walker, and within its walk
TURN_RAD_S = 1.2
COMPANY_ODDS = (0.6, 0.3, 0.1)  # that nobody, one or two others walk there
GRID = 64  # steps of a turn in which the way is inverted


def foreign_plan(seed: int, duration_s: float = 6.0, split: Split = "foreign") -> ForeignPlan:
    """The walk of `seed`. Kinds of cameras follow each other from seed to seed, and so do the people.

    Raises ForeignUnavailable with what to fetch.
    """
    rng = np.random.default_rng([seed, 53])
    kind = kind_of(seed)
    hero_name, tall_m = body_of(seed, split, rng), rng.uniform(*TALL_BETWEEN_M)
    ground, place, amount, where = _where(kind, rng)
    optics = draw_optics(kind, tall_m, rng)
    setting = draw_setting(where, place, ground, optics, rng)
    room = room_of(setting, place, ground, rng)
    patches = draw_patches(where, ground, optics.view, rng)
    mood = draw_mood(where, place, amount, rng)
    going = long_legs(setting, _margin_m(kind, optics, setting), rng)
    hero = _walker(1, hero_name, tall_m, going, duration_s, Surroundings(), rng)
    camera = camera_track(kind, hero.track, optics, rng)
    blockers = draw_blockers(setting, optics.view, [hero.track, camera], True, rng)
    others = _company(optics, setting, blockers, [hero.track, camera], split, duration_s, rng)
    if kind not in NEEDS_ROOM:
        camera = beside_people(camera, [one.track for one in others], setting)
    shot = Shot(camera, optics.height_m, optics.down_rad, optics.vertical_fov_rad, style=kind)
    scene = Plan(seed, duration_s, place, room, setting, mood, patches, (), shot, amount, blockers)
    return ForeignPlan(split, kind, scene, (hero, *others))


def body_of(seed: int, split: Split, rng: np.random.Generator) -> str:
    """A body of a seed's person: persons follow each other, and meet other cameras each time round."""
    people = list(WALKS[split].values())
    turn, kind = divmod(seed, len(KINDS))
    return str(rng.choice(list(people[(turn + kind) % len(people)])))


def _where(kind: str, rng: np.random.Generator) -> tuple[str, str, float, str]:
    """A ground, a place with its amount, and a kind of setting that has room for the camera."""
    ground, where = draw_ground(rng)
    while kind in NEEDS_ROOM and where != "field":
        ground, where = draw_ground(rng)
    return ground, *draw_place(where, ground, rng), where


def _margin_m(kind: str, optics: Optics, setting: Setting) -> float:
    """Metres that people stay away from the edge, so that the camera has room too."""
    if kind in NEEDS_ROOM:
        return min(optics.gap_m + 0.5, 0.6 * setting.half_width_m)
    return min(1.5, 0.45 * setting.half_width_m)


def _company(
    optics: Optics,
    setting: Setting,
    blockers: tuple[Blocker, ...],
    tracks: list[Track],
    split: Split,
    duration_s: float,
    rng: np.random.Generator,
) -> tuple[ForeignWalker, ...]:
    """Others who walk in the camera's view, out of each other's way."""
    found: list[ForeignWalker] = []
    for number in range(int(rng.choice(len(COMPANY_ODDS), p=COMPANY_ODDS))):
        walled = setting if setting.kind != "field" else None
        around = Surroundings(walled, blockers, [*tracks, *(one.track for one in found)])
        going = waypoints(optics.view, setting, tracks[1], rng)
        name = str(rng.choice(names(split)))
        found.append(_walker(number + 2, name, rng.uniform(*TALL_BETWEEN_M), going, duration_s, around, rng))
    return tuple(found)


def _walker(
    number: int,
    name: str,
    tall_m: float,
    going: Waypoints,
    duration_s: float,
    around: Surroundings,
    rng: np.random.Generator,
) -> ForeignWalker:
    """A body that walks without a stop, at the pace that its gait has at its size; a pendulum's law scales that."""
    gait, scale = load_body(name).gait, tall_m / TALL_M
    pace = gait.stride.length_m / gait.period_s * math.sqrt(scale) * math.exp(rng.uniform(-1, 1) * TEMPO_SPREAD)
    manner = Manner(((pace * (1 - PACE_SPREAD), pace * (1 + PACE_SPREAD)),), TURN_RAD_S, pauses=False)
    track = walk_track(going, manner, rng, duration_s, around)
    return ForeignWalker(number, name, scale, track, phases(name, scale, track, rng.random()))


def phases(name: str, scale: float, track: Track, first: float) -> FloatArray:
    """Turns of a body's gait (N,) along a track, from `first` on: as many as carry it so far, lest a foot slide."""
    stride = load_body(name).gait.stride
    gone_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(track.position_m, axis=0).T))]) / scale
    gone_m += stride.distance_m(np.array([first]))
    turns = np.arange(0, (gone_m[-1] / stride.length_m + 2) * GRID) / GRID
    return np.interp(gone_m, stride.distance_m(turns), turns)
