"""Told facts of a walk in a level, without drawing it: feet, and everybody's place before the camera."""

from __future__ import annotations

import numpy as np

from stereosync.scene import SIDES, Foot
from stereosync_scenes.arena.courses import cycle_of
from stereosync_scenes.arena.people import load_person
from stereosync_scenes.arena.plan import ArenaPlan, Walker, blend
from stereosync_scenes.arena.scenery import load_scenery
from stereosync_scenes.arena.truth import as_triple, ground_at, in_world
from stereosync_scenes.plan import FloatArray
from stereosync_scenes.telling import y_up
from stereosync_scenes.walk import Whereabouts


def told_feet(plan: ArenaPlan, time_s: float) -> dict[int, tuple[Foot, ...]]:
    """Both soles of every walker at a time, y up, with the ground that each is over."""
    scenery = load_scenery(plan.game, plan.level)
    return {
        walker.id: tuple(
            Foot(side, y_up(point := foot_m(walker, number, time_s)), None, ground_at(plan, scenery, point))
            for number, side in enumerate(SIDES)
        )
        for walker in plan.walkers
    }


def foot_m(walker: Walker, side: int, time_s: float) -> FloatArray:
    """World point (3,) of a foot: over the middle of its vertices, at the height of the lowest one."""
    cycle = cycle_of(walker)
    points, _ = cycle.at(float(blend(walker.phase, time_s)))
    sole = points[cycle.stride.soles[side]]
    middle = np.array([[*sole[:, :2].mean(axis=0), sole[:, 2].min()]])
    return np.asarray(in_world(walker, middle, time_s)[0])


def whereabouts(plan: ArenaPlan, time_s: float) -> tuple[Whereabouts, ...]:
    """Everybody in the camera space of a time."""
    return tuple(_whereabouts(plan, walker, time_s) for walker in plan.walkers)


def _whereabouts(plan: ArenaPlan, walker: Walker, time_s: float) -> Whereabouts:
    floor = blend(walker.feet_m, time_s)
    head = floor + np.array([0, 0, load_person(walker.person, walker.gaits).height_m * walker.scale])
    on_floor, at_head = (as_triple(plan.shot.to_camera(point, time_s)) for point in (floor, head))
    return Whereabouts(walker.id, on_floor, at_head)
