"""Casting: the random choices behind a walk in a level. Grounds are even over all kinds, whatever the level is like."""

from __future__ import annotations

import colorsys
import math

import numpy as np

from stereosync.errors import UserError
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.arena.catalogue import Split, level_of
from stereosync_scenes.arena.plan import LEAD_S, ArenaPlan, Paint, course_times
from stereosync_scenes.arena.scenery import Scenery, load_scenery
from stereosync_scenes.arena.seen import well_seen
from stereosync_scenes.arena.shots import KINDS, Staged, stage_shot
from stereosync_scenes.arena.surroundings import surroundings
from stereosync_scenes.arena.yards import find_yard
from stereosync_scenes.plan import Mood

YARDS, SHOTS_PER_YARD, LEVELS = 8, 5, 6
SECOND_GROUND_SHARE = 0.25


def arena_plan(seed: int, duration_s: float = 6.0, split: Split = "train") -> ArenaPlan:
    """The walk of `seed`. Seeds of one ten share a level, so draw them one after the other.

    Raises LevelsUnavailable with what to install, RuntimeError when no level has room for a walk this long.
    """
    rng = np.random.default_rng([seed, 41, KINDS[split][0] == "fixed"])
    kind = str(rng.choice(KINDS[split]))
    for later in range(LEVELS):
        game, name = level_of(seed, split, later)
        try:
            scenery = load_scenery(game, name)
        except BadFile:
            continue
        staged = _staged(scenery, kind, duration_s, split, rng)
        if staged is not None:
            return _plan(seed, duration_s, split, scenery, staged, rng)
    raise UserError(f"no room for a walk of {duration_s} s in {LEVELS} levels: choose another seed than {seed}")


def _plan(
    seed: int, duration_s: float, split: Split, scenery: Scenery, staged: Staged, rng: np.random.Generator
) -> ArenaPlan:
    people, shot = staged
    place, room = surroundings(scenery.voxels, shot.eye_m[len(shot.eye_m) // 2], rng)
    return ArenaPlan(
        seed=seed,
        duration_s=duration_s,
        split=split,
        game=scenery.game,
        level=scenery.name,
        place=place,
        amount=_amount(place, rng),
        room=room,
        mood=_mood(rng),
        brightness=float(rng.uniform(0.27, 0.46)),
        paints=_paints(scenery, rng),
        walkers=people,
        shot=shot,
    )


def _staged(scenery: Scenery, kind: str, duration_s: float, split: Split, rng: np.random.Generator) -> Staged | None:
    times = course_times(duration_s)
    inside = (times >= -LEAD_S / 2) & (times <= duration_s + LEAD_S / 2)
    for _ in range(YARDS):
        yard = find_yard(scenery.voxels, rng)
        for _ in range(SHOTS_PER_YARD if yard is not None else 0):
            assert yard is not None
            staged = stage_shot(kind, scenery.voxels, yard, times, split, rng)
            if staged is not None and staged[0] and well_seen(scenery.voxels, *staged, inside):
                return staged
    return None


def _paints(scenery: Scenery, rng: np.random.Generator) -> tuple[Paint, ...]:
    """One ground over all floors, or two of which the second is where half of the level's floor pictures are."""
    textures = rng.permutation(np.unique(scenery.level.texture[scenery.ground]))
    grounds = [str(ground) for ground in rng.choice(GROUNDS, size=2, replace=False)]
    seeds = [int(number) for number in rng.integers(2**31, size=2)]
    half = len(textures) // 2 if rng.random() < SECOND_GROUND_SHARE else 0
    parts = (textures[half:], textures[:half])
    return tuple(
        Paint(ground, seed, tuple(int(index) for index in part))
        for ground, seed, part in zip(grounds, seeds, parts, strict=True)
        if len(part)
    )


def _amount(place: str, rng: np.random.Generator) -> float:
    """The amount, 0 to 1, of an ambience that is heard but not seen: weak."""
    return float(rng.uniform(0.1, 0.4)) if place else 0.0


def _mood(rng: np.random.Generator) -> Mood:
    """Light on people, from high above so that shadows stay near, and a sky."""
    turn, height = rng.uniform(0, 2 * math.pi), rng.uniform(1.0, 1.4)
    sun = (math.cos(turn) * math.cos(height), math.sin(turn) * math.cos(height), math.sin(height))
    light, warm = rng.uniform(0.35, 0.55), rng.uniform(0.85, 1.0)
    sky = colorsys.hsv_to_rgb(rng.uniform(0.5, 0.68), rng.uniform(0.1, 0.7), rng.uniform(0.3, 0.95))
    pale = (0.5 * sky[0] + 0.4, 0.5 * sky[1] + 0.4, 0.5 * sky[2] + 0.4)
    return Mood(
        sun, (light, light * warm, light * warm**2), (0.42, 0.42, 0.44), sky, pale, float(rng.uniform(0.3, 0.5))
    )
