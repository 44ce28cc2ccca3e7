"""Casting: the random choices behind a plan. Grounds are even over all kinds; everything else follows what fits."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.blocking import draw_blockers
from stereosync_scenes.cameras import (
    CARRIED_STYLES,
    HERO_STYLES,
    MOVING,
    Optics,
    beside_people,
    carried_track,
    orbit_track,
    resting_track,
)
from stereosync_scenes.catalogue import GROUNDS_OF, draw_ground, draw_place
from stereosync_scenes.floors.world import FLOORS_TEST_WORLD, FLOORS_WORLD
from stereosync_scenes.game_cameras import OPEN_ONLY, fitted_to, hero_track
from stereosync_scenes.moods import draw_mood
from stereosync_scenes.people import (
    STROLL,
    Gait,
    People,
    Stage,
    character,
    draw_count,
    draw_others,
    manner_of,
)
from stereosync_scenes.plan import Blocker, Character, Patch, Plan, Setting, Shot, Track
from stereosync_scenes.rooms import draw_setting, room_of
from stereosync_scenes.routes import View, long_legs
from stereosync_scenes.varied import VARIED_WORLD
from stereosync_scenes.wandering import standing_track, walk_track
from stereosync_scenes.world import PLAIN_WORLD

HERO_TURN_RAD_S = 0.9  # a camera that comes along could not keep up with sharper turns
SECOND_GROUND_ODDS = 0.25
WORLDS = {"plain": PLAIN_WORLD, "varied": VARIED_WORLD, "floors": FLOORS_WORLD, "floors-test": FLOORS_TEST_WORLD}


@dataclass(frozen=True, eq=False)
class _Cast:
    """The first of the cast: the character that the camera follows, its track if it moves, and what stands about.

    `optics` are those of the camera, once it is known whom it follows.
    """

    hero: tuple[Character, ...]
    camera: Track | None
    blockers: tuple[Blocker, ...]
    optics: Optics


def make_plan(seed: int, duration_s: float = 6.0, still: bool = False, variety: str = "plain") -> Plan:
    """The walk of `seed`, lasting `duration_s` (any length: people wander on inside the camera's view).

    With `still` everyone stands all the time, in a quiet place: nothing is to be heard. `variety` is one of `WORLDS`;
    the walk of a seed is another one in each, but for worlds that differ in floors only.

    Raises:
        UserError: the photo floors of a variety were not fetched.
    """
    world = WORLDS[variety]
    rng = np.random.default_rng([seed, world.stream])
    ground, kind = draw_ground(rng)
    place, amount = draw_place(kind, ground, rng)
    if still:
        place, amount = "", 0.0
    optics = world.optics(rng, kind)
    setting = draw_setting(kind, place, ground, optics, rng)
    optics = _kept_inside(optics, setting)
    room = room_of(setting, place, ground, rng)
    patches = tuple(map(world.floor, draw_patches(kind, ground, optics.view, rng)))
    mood = draw_mood(kind, place, amount, rng)
    cast = _first(setting, optics, duration_s, still, rng, world.people)
    stage = Stage(optics.view, setting, cast.blockers, cast.camera, duration_s, still)
    people = draw_others(cast.hero, max(draw_count(rng), len(cast.hero)), stage, rng, world.people)
    tracks = [one.track for one in people]
    track = cast.camera or resting_track(optics, tracks, duration_s, rng)
    if cast.camera and optics.style not in OPEN_ONLY:
        track = beside_people(cast.camera, tracks[len(cast.hero) :], setting)
    shot = _shot(cast.optics, track, rng)
    return Plan(seed, duration_s, place, room, setting, mood, patches, people, shot, amount, cast.blockers)


def _kept_inside(optics: Optics, setting: Setting) -> Optics:
    """The view cut to a small room, where people cannot be as far away as the camera could see them."""
    view = optics.view
    far_m = max(min(view.far_m, setting.reach_m - 0.7), view.near_m + 1.0)
    return dataclasses.replace(optics, view=View(view.near_m, far_m, view.half_angle_rad))


def _shot(optics: Optics, track: Track, rng: np.random.Generator) -> Shot:
    bob_m, bob_hz = rng.uniform(0.008, 0.025), rng.uniform(1.6, 2.0)
    if optics.style not in CARRIED_STYLES:
        bob_m = bob_hz = 0.0
    return Shot(
        track, optics.height_m, optics.down_rad, optics.vertical_fov_rad, style=optics.style, bob_m=bob_m, bob_hz=bob_hz
    )


def _first(
    setting: Setting, optics: Optics, duration_s: float, still: bool, rng: np.random.Generator, people: People
) -> _Cast:
    margin_m = min(1.5, 0.45 * setting.half_width_m)
    hero: tuple[Character, ...] = ()
    camera: Track | None = None
    if optics.style in HERO_STYLES:
        hero = (_hero(setting, margin_m, duration_s, still, rng, people),)
        optics = fitted_to(optics, hero[0])
        camera = hero_track(optics, hero[0], rng)
    elif optics.style in CARRIED_STYLES:
        camera = carried_track(optics, setting, margin_m, duration_s, still, rng)
    elif optics.style == "orbit":
        camera = orbit_track(optics, duration_s, rng)
    paths = [one.track for one in hero] + ([camera] if camera else [])
    blockers = draw_blockers(setting, optics.view, paths, optics.style in MOVING, rng)
    return _Cast(hero, camera, blockers, optics)


def _hero(
    setting: Setting, margin_m: float, duration_s: float, still: bool, rng: np.random.Generator, people: People
) -> Character:
    """The character that the camera follows."""
    gait, body = people.gait(rng), people.body(rng)
    if setting.half_width_m < 3.0 and gait.paces_m_s[-1][0] > 2.0:
        gait = Gait((STROLL,), 0.0)  # nobody runs in a corridor: it would end too soon
    going = long_legs(setting, margin_m, rng)
    if still:
        return character(1, gait, body, standing_track(going(0.0), math.pi / 2, duration_s), rng)
    manner = people.manner(manner_of(gait, body, HERO_TURN_RAD_S, pauses=bool(rng.random() < 0.4)), rng)
    return people.habits(character(1, gait, body, walk_track(going, manner, rng, duration_s), rng), rng, True)


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
