"""Told facts of a walk of foreign bodies, without drawing it: feet, and everybody's place before the camera."""

from __future__ import annotations

from stereosync.scene import SIDES, Foot
from stereosync_scenes.foreign.plan import ForeignPlan
from stereosync_scenes.telling import ground_under, y_up
from stereosync_scenes.truth import as_triple
from stereosync_scenes.walk import Whereabouts


def told_feet(plan: ForeignPlan, time_s: float) -> dict[int, tuple[Foot, ...]]:
    """Both feet of every walker at a time, y up, with the ground that each is over."""
    return {
        walker.id: tuple(
            Foot(side, y_up(foot := walker.foot_m(number, time_s)), None, ground_under(plan.scene, foot))
            for number, side in enumerate(SIDES)
        )
        for walker in plan.walkers
    }


def whereabouts(plan: ForeignPlan, time_s: float) -> tuple[Whereabouts, ...]:
    """Everybody in the camera space of a time."""
    return tuple(
        Whereabouts(
            walker.id,
            as_triple(plan.scene.shot.to_camera([*(middle := walker.track.position_at(time_s)), 0.0], time_s)),
            as_triple(plan.scene.shot.to_camera([*middle, walker.height_m], time_s)),
        )
        for walker in plan.walkers
    )
