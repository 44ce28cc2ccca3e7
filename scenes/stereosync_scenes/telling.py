"""What an engine could tell of a plan without drawing it: feet in the world, and where everybody is to the camera."""

from __future__ import annotations

from stereosync.scene import SIDES, Foot
from stereosync_scenes.feet import foot_at
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.truth import as_triple
from stereosync_scenes.walk import Whereabouts


def told_feet(plan: Plan, time_s: float) -> dict[int, tuple[Foot, ...]]:
    """Both ankles of every character at a time, y up, with the ground that each is over."""
    return {
        character.id: tuple(
            Foot(side, y_up(ankle := foot_at(character, number, time_s).ankle), None, ground_under(plan, ankle))
            for number, side in enumerate(SIDES)
        )
        for character in plan.characters
    }


def ground_under(plan: Plan, point_m: FloatArray) -> str:
    """The ground under a world point (3,)."""
    return plan.ground_at(float(point_m[0]), float(point_m[1]))


def y_up(point_m: FloatArray) -> tuple[float, float, float]:
    """A world point (x, y, z up) with its height in the middle."""
    x, y, z = as_triple(point_m)
    return x, z, y


def whereabouts(plan: Plan, time_s: float) -> tuple[Whereabouts, ...]:
    """Everybody in the camera space of a time."""
    return tuple(
        Whereabouts(
            character.id,
            as_triple(plan.shot.to_camera([*(middle := character.track.position_at(time_s)), 0.0], time_s)),
            as_triple(plan.shot.to_camera([*middle, character.body.height_m], time_s)),
        )
        for character in plan.characters
    )
