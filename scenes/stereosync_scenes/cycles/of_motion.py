"""One way from any motion to a cycle: its turn, the body on the spot, where it faces, its feet and contacts."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.contact import NoContactError, contact_phase
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.checks import CycleError, check_body, check_pace, check_steps
from stereosync_scenes.cycles.facing import facing_rad, turned
from stereosync_scenes.cycles.feet import feet_by_side, low_rows, named_feet
from stereosync_scenes.cycles.motion import Motion
from stereosync_scenes.cycles.soles import with_heels
from stereosync_scenes.cycles.standing import LEAST_WAY_M, standing_way_m
from stereosync_scenes.cycles.turns import Turn, find_turns, on_the_spot
from stereosync_scenes.plan import FloatArray

ROOT_MOTION = 0.1  # of the height: a way that is shorter is the body's sway in place
DIPPING_SHARE = 0.2  # of a turn, at most, in which a sole is below the floor
MOST_TURNS = 4  # that are tried: of a clip that is no gait, some turn may look like one


def cycle_of(motion: Motion) -> BodyCycle:
    """The cycle of a motion's most repeatable turn.

    Raises:
        CycleError: it is no gait; the message says why.
        NoContactError: a foot has no clear contact.
        UserError: it has other units or axes, or numbers that are none.
    """
    check_body(motion.name, motion.points_m)
    if motion.one_turn:
        return _of_told_turn(motion)
    motion = with_heels(motion)
    errors: list[CycleError | NoContactError] = []
    for turn in find_turns(motion.points_m, motion.step_s)[:MOST_TURNS]:
        try:
            return _of_turn(motion, turn)
        except (CycleError, NoContactError) as error:
            errors.append(error)
    if errors:
        raise errors[0]
    raise CycleError(f"no turn of {motion.name!r} comes back: export a loop of a walk, or a longer stretch of one")


def _of_told_turn(motion: Motion) -> BodyCycle:
    points = motion.points_m
    feet_m = [points[:, rows] for rows in motion.feet or ()]
    way_m = motion.way_m or float(standing_way_m(feet_m)[1])
    if motion.way_m == 0 and abs(way_m) < LEAST_WAY_M:
        raise _goes_nowhere(motion.name, "give way_m, or ")
    left, right = motion.contacts or (contact_phase(foot_m[..., 1].min(axis=1)) for foot_m in feet_m)
    contacts = (left, right)
    return BodyCycle(motion.name, motion.body, points, motion.duration_s, way_m, contacts)


def _of_turn(motion: Motion, turn: Turn) -> BodyCycle:
    points, gone_m = on_the_spot(motion.points_m, turn)
    feet = named_feet(motion.bones)
    tall_m = float(np.median(np.ptp(points[..., 1], axis=1)))
    way_m = gone_m if np.hypot(*gone_m) >= ROOT_MOTION * tall_m else _standing_way_m(points)
    if np.hypot(*way_m) < LEAST_WAY_M:
        raise _goes_nowhere(motion.name)
    facing = facing_rad(points, way_m, motion.bones, motion.front_known)
    points = turned(points, facing)
    ahead_m = float(way_m @ (np.sin(facing), np.cos(facing)))
    if abs(ahead_m) < np.hypot(*way_m) / 2**0.5:
        raise CycleError(f"the body of {motion.name!r} goes sideways, and courses go ahead or back: leave it out")
    feet = feet or feet_by_side(points)
    soles_m = [_sole_m(points[:, rows]) for rows in feet]
    points = _over_the_origin(points, min(float(sole_m.min()) for sole_m in soles_m))
    period_s = turn.length * motion.step_s
    check_pace(motion.name, period_s, ahead_m, tall_m)
    found = (contact_phase(soles_m[0]), contact_phase(soles_m[1]))
    check_steps(motion.name, points, feet, found)
    return BodyCycle(motion.name, motion.body, points, period_s, ahead_m, _told(motion, turn) or found)


def _told(motion: Motion, turn: Turn) -> tuple[float, float] | None:
    """Told phases of the clip as those of its turn."""
    if motion.contacts is None:
        return None
    clip = turn.clip_frames
    left, right = ((at * clip - turn.first) / turn.length % 1.0 for at in motion.contacts)
    return left, right


def _standing_way_m(points_m: FloatArray) -> FloatArray:
    """By each low point of its own: heels stand before toes do."""
    return standing_way_m([points_m[:, [row]] for row in low_rows(points_m)])


def _sole_m(foot_m: FloatArray) -> FloatArray:
    """Heights (F,) of the sole of a foot (F, V, 3): where stiff shoes roll off they dip into the floor, and stand."""
    height_m = foot_m[..., 1].min(axis=1)
    return np.asarray(np.maximum(height_m, np.quantile(height_m, DIPPING_SHARE)))


def _over_the_origin(points_m: FloatArray, floor_m: float) -> FloatArray:
    """The body's middle over the origin, its soles on the floor."""
    middle = points_m.mean(axis=(0, 1))
    return np.asarray(points_m - [middle[0], floor_m, middle[2]])


def _goes_nowhere(name: str, cure: str = "export root motion, or ") -> CycleError:
    return CycleError(f"the gait {name!r} goes nowhere: {cure}feet that go back under the body while they stand")
