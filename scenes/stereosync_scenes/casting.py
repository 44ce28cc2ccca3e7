"""Casting: the random choices behind a plan. Grounds are even over all kinds; everything else follows what fits."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.blocking import draw_blockers
from stereosync_scenes.cameras import (
    MOVING,
    Optics,
    beside_people,
    carried_track,
    draw_optics,
    follower_track,
    orbit_track,
    resting_track,
)
from stereosync_scenes.catalogue import GROUNDS_OF, draw_ground, draw_place
from stereosync_scenes.moods import draw_mood
from stereosync_scenes.people import (
    STROLL,
    Gait,
    Stage,
    character,
    draw_body,
    draw_count,
    draw_gait,
    draw_others,
    manner_of,
)
from stereosync_scenes.plan import Blocker, Character, Patch, Plan, Setting, Shot, Track
from stereosync_scenes.rooms import draw_setting, room_of
from stereosync_scenes.routes import View, long_legs
from stereosync_scenes.wandering import standing_track, walk_track

HERO_TURN_RAD_S = 0.9  # a camera that comes along could not keep up with sharper turns
SECOND_GROUND_ODDS = 0.25


@dataclass(frozen=True, eq=False)
class _Cast:
    """The first of the cast: the character that the camera follows, its track if it moves, and what stands about."""

    hero: tuple[Character, ...]
    camera: Track | None
    blockers: tuple[Blocker, ...]


def make_plan(seed: int, duration_s: float = 6.0, still: bool = False) -> Plan:
    """The walk of `seed`, lasting `duration_s` (any length: people wander on inside the camera's view).

    With `still` everyone stands all the time, in a quiet place: nothing is to be heard.
    """
    rng = np.random.default_rng([seed, 21])
    ground, kind = draw_ground(rng)
    place, amount = draw_place(kind, ground, rng)
    if still:
        place, amount = "", 0.0
    optics = draw_optics(rng)
    setting = draw_setting(kind, place, ground, optics, rng)
    optics = _kept_inside(optics, setting)
    room = room_of(setting, place, ground, rng)
    patches = draw_patches(kind, ground, optics.view, rng)
    mood = draw_mood(kind, place, amount, rng)
    cast = _first(setting, optics, duration_s, still, rng)
    stage = Stage(optics.view, setting, cast.blockers, cast.camera, duration_s, still)
    people = draw_others(cast.hero, max(draw_count(rng), len(cast.hero)), stage, rng)
    tracks = [one.track for one in people]
    track = beside_people(cast.camera, tracks[len(cast.hero) :], setting) if cast.camera else None
    track = track or resting_track(optics, tracks, duration_s, rng)
    shot = _shot(optics, track, rng)
    return Plan(seed, duration_s, place, room, setting, mood, patches, people, shot, amount, cast.blockers)


def _kept_inside(optics: Optics, setting: Setting) -> Optics:
    """The view cut to a small room, where people cannot be as far away as the camera could see them."""
    view = optics.view
    far_m = max(min(view.far_m, setting.reach_m - 0.7), view.near_m + 1.0)
    return dataclasses.replace(optics, view=View(view.near_m, far_m, view.half_angle_rad))


def _shot(optics: Optics, track: Track, rng: np.random.Generator) -> Shot:
    bob_m, bob_hz = rng.uniform(0.008, 0.025), rng.uniform(1.6, 2.0)
    if optics.style != "approach":
        bob_m = bob_hz = 0.0
    return Shot(
        track, optics.height_m, optics.down_rad, optics.vertical_fov_rad, style=optics.style, bob_m=bob_m, bob_hz=bob_hz
    )


def _first(setting: Setting, optics: Optics, duration_s: float, still: bool, rng: np.random.Generator) -> _Cast:
    margin_m = min(1.5, 0.45 * setting.half_width_m)
    hero: tuple[Character, ...] = ()
    camera: Track | None = None
    if optics.style == "follow":
        hero = (_hero(setting, margin_m, duration_s, still, rng),)
        camera = follower_track(hero[0].track, optics.gap_m, rng)
    elif optics.style == "approach":
        camera = carried_track(optics, setting, margin_m, duration_s, still, rng)
    elif optics.style == "orbit":
        camera = orbit_track(optics, duration_s, rng)
    paths = [one.track for one in hero] + ([camera] if camera else [])
    return _Cast(hero, camera, draw_blockers(setting, optics.view, paths, optics.style in MOVING, rng))


def _hero(setting: Setting, margin_m: float, duration_s: float, still: bool, rng: np.random.Generator) -> Character:
    """The character that the camera follows."""
    gait, body = draw_gait(rng), draw_body(rng)
    if setting.half_width_m < 3.0 and gait.paces_m_s[-1][0] > 2.0:
        gait = Gait((STROLL,), 0.0)  # nobody runs in a corridor: it would end too soon
    going = long_legs(setting, margin_m, rng)
    if still:
        return character(1, gait, body, standing_track(going(0.0), math.pi / 2, duration_s), rng)
    manner = manner_of(gait, body, HERO_TURN_RAD_S, pauses=bool(rng.random() < 0.4))
    return character(1, gait, body, walk_track(going, manner, rng, duration_s), rng)


def draw_patches(kind: str, ground: str, view: View, rng: np.random.Generator) -> tuple[Patch, ...]:
    """The ground all over, and now and then another one over a part of it."""
    first = Patch(ground, int(rng.integers(2**31)))
    if rng.random() > SECOND_GROUND_ODDS:
        return (first,)
    second = str(rng.choice([other for other in GROUNDS_OF[kind] if other != ground]))
    angle = rng.uniform(0, 2 * math.pi)
    normal = (math.cos(angle), math.sin(angle))
    x, y = view.point(0.45 * (view.near_m + view.far_m), rng.uniform(-0.4, 0.4) * view.half_angle_rad)
    return first, Patch(second, int(rng.integers(2**31)), normal, normal[0] * x + normal[1] * y)
