"""Casting: the random choices behind a walk of foreign bodies. The scene is drawn as those of the project are."""

from __future__ import annotations

from functools import partial

import numpy as np

from stereosync_scenes.blocking import draw_blockers
from stereosync_scenes.cameras import Optics, beside_people
from stereosync_scenes.casting import draw_patches
from stereosync_scenes.catalogue import draw_ground, draw_place
from stereosync_scenes.foreign.cameras import KINDS, NEEDS_ROOM, camera_track, draw_optics, kind_of
from stereosync_scenes.foreign.catalogue import WALKS, Split
from stereosync_scenes.foreign.plan import ForeignPlan
from stereosync_scenes.foreign.walkers import draw_company, draw_height_m, draw_walker
from stereosync_scenes.moods import draw_mood
from stereosync_scenes.people import Stage
from stereosync_scenes.plan import Plan, Setting, Shot
from stereosync_scenes.rooms import draw_setting, room_of
from stereosync_scenes.routes import long_legs
from stereosync_scenes.wandering import walk_track


def foreign_plan(seed: int, duration_s: float = 6.0, split: Split = "foreign") -> ForeignPlan:
    """The walk of `seed`. Kinds of cameras follow each other from seed to seed, and so do the people.

    Raises ForeignUnavailable with what to fetch.
    """
    rng = np.random.default_rng([seed, 53])
    kind = kind_of(seed)
    name, tall_m = body_name(seed, split, rng), draw_height_m(rng)
    ground, place, amount, where = _where(kind, rng)
    optics = draw_optics(kind, tall_m, rng)
    setting = draw_setting(where, place, ground, optics, rng)
    room = room_of(setting, place, ground, rng)
    patches = draw_patches(where, ground, optics.view, rng)
    mood = draw_mood(where, place, amount, rng)
    going = long_legs(setting, _margin_m(kind, optics, setting), rng)
    hero = draw_walker(1, name, tall_m, partial(walk_track, going, duration_s=duration_s), rng)
    camera = camera_track(kind, hero.track, optics, rng)
    blockers = draw_blockers(setting, optics.view, [hero.track, camera], True, rng)
    others = draw_company(Stage(optics.view, setting, blockers, camera, duration_s, False), hero, split, rng)
    if kind not in NEEDS_ROOM:
        camera = beside_people(camera, [one.track for one in others], setting)
    shot = Shot(camera, optics.height_m, optics.down_rad, optics.vertical_fov_rad, style=kind)
    scene = Plan(seed, duration_s, place, room, setting, mood, patches, (), shot, amount, blockers)
    return ForeignPlan(split, kind, scene, (hero, *others))


def body_name(seed: int, split: Split, rng: np.random.Generator) -> str:
    """The name of a body of a seed's person: persons follow each other, and meet other cameras each time round."""
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
