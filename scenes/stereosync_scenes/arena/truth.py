"""Truth of a walk in a level, told in camera space. Needs the level's files, no engine."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.arena.courses import FORCE, cycle_of
from stereosync_scenes.arena.plan import LEAD_S, ArenaPlan, Walker, blend
from stereosync_scenes.arena.scenery import Scenery, load_scenery
from stereosync_scenes.arena.seen import hidden_share
from stereosync_scenes.arena.strides import FEET
from stereosync_scenes.contact import Definition
from stereosync_scenes.plan import RATE_HZ, FloatArray
from stereosync_scenes.walk import Contact, WalkKinds, WalkTruth


def arena_truth(plan: ArenaPlan, definition: Definition = "contact") -> WalkTruth:
    """Every contact of every walker in time order, also of feet beside the picture."""
    scenery = load_scenery(plan.game, plan.level)
    contacts = [contact for walker in plan.walkers for contact in _contacts(plan, scenery, walker, definition)]
    contacts.sort(key=lambda contact: contact.time_s)
    return WalkTruth(plan.seed, plan.duration_s, tuple(contacts), plan.room, plan.place, plan.amount)


def arena_kinds(plan: ArenaPlan) -> WalkKinds:
    """The kinds of a walk in a level."""
    people = {walker.id: walker.person for walker in plan.walkers}
    return WalkKinds(plan.shot.kind, people, {walker.id: walker.gait for walker in plan.walkers})


def _contacts(plan: ArenaPlan, scenery: Scenery, walker: Walker, definition: Definition) -> list[Contact]:
    found = []
    for side, foot in enumerate(FEET):
        for time_s in contact_times_s(walker, side, definition):
            if 0 <= time_s < plan.duration_s:
                place = sole_m(walker, side, time_s)
                eye, body = blend(plan.shot.eye_m, time_s), blend(walker.feet_m, time_s)
                found.append(
                    Contact(
                        time_s, walker.id, foot, ground_at(plan, scenery, place),
                        as_triple(plan.shot.to_camera(place, time_s)), FORCE[walker.gait],
                        hidden_share(scenery.voxels, eye, body, float(blend(walker.heading_rad, time_s))),
                    )
                )  # fmt: skip
    return found


def contact_times_s(walker: Walker, side: int, definition: Definition = "contact") -> list[float]:
    """Times in seconds at which the left (0) or the right (1) foot comes down, over the whole course."""
    start = cycle_of(walker).stride.phase(side, definition)
    turns = np.arange(np.ceil(walker.phase[0] - start), np.floor(walker.phase[-1] - start) + 1)
    places = np.interp(turns + start, walker.phase, np.arange(len(walker.phase)))
    return [float(place / RATE_HZ - LEAD_S) for place in places]


def in_world(walker: Walker, points_m: FloatArray, time_s: float) -> FloatArray:
    """World points (N, 3) of points of the walker's model at a time."""
    heading = float(blend(walker.heading_rad, time_s))
    ahead, left = np.array([np.cos(heading), np.sin(heading), 0]), np.array([-np.sin(heading), np.cos(heading), 0])
    turned = points_m[:, :1] * ahead + points_m[:, 1:2] * left + points_m[:, 2:] * (0, 0, 1)
    return np.asarray(turned * walker.scale + blend(walker.feet_m, time_s))


def sole_m(walker: Walker, side: int, time_s: float) -> FloatArray:
    """World point (3,) on the floor under the middle of one foot."""
    cycle = cycle_of(walker)
    points, _ = cycle.at(float(blend(walker.phase, time_s)))
    middle = points[cycle.stride.soles[side]].mean(axis=0)
    return np.asarray(in_world(walker, np.array([[middle[0], middle[1], 0.0]]), time_s)[0])


def feet_middle_m(walker: Walker, time_s: float) -> FloatArray:
    """World point (3,) on the floor between both feet."""
    return np.asarray((sole_m(walker, 0, time_s) + sole_m(walker, 1, time_s)) / 2)


def ground_at(plan: ArenaPlan, scenery: Scenery, point_m: FloatArray) -> str:
    """The ground that is painted under a point (3,): that of the nearest floor triangle above or below it."""
    level = scenery.level
    chosen = np.flatnonzero(scenery.ground)
    corners = level.points_m[level.corners[chosen]]  # (N, 3, 3)
    near = (corners[..., :2].min(1) <= point_m[:2] + 0.05).all(1) & (corners[..., :2].max(1) >= point_m[:2] - 0.05).all(
        1
    )
    chosen, corners = chosen[near], corners[near]
    height, inside = _height_under(corners, point_m)
    off = np.where(inside, np.abs(height - point_m[2]), np.inf)
    if len(off) == 0 or not np.isfinite(off).any():
        return plan.paints[0].ground
    texture = int(level.texture[chosen[int(np.argmin(off))]])
    return next((paint.ground for paint in plan.paints if texture in paint.textures), plan.paints[0].ground)


def _height_under(
    corners_m: FloatArray, point_m: FloatArray
) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Height (N,) of triangles (N, 3, 3) at a point's x and y, and whether it is inside them (N,)."""
    a, b, c = corners_m[:, 0], corners_m[:, 1], corners_m[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    area = np.where(np.abs(area) < 1e-9, 1e-9, area)
    x, y = point_m[0] - a[:, 0], point_m[1] - a[:, 1]
    u = (x * (c[:, 1] - a[:, 1]) - y * (c[:, 0] - a[:, 0])) / area
    v = (y * (b[:, 0] - a[:, 0]) - x * (b[:, 1] - a[:, 1])) / area
    inside = (u >= -1e-3) & (v >= -1e-3) & (u + v <= 1 + 1e-3)
    return a[:, 2] + u * (b[:, 2] - a[:, 2]) + v * (c[:, 2] - a[:, 2]), inside


def as_triple(point: FloatArray) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
