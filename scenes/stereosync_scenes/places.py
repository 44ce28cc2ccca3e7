"""Places: the still parts of a scene. Numpy only."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.fields import field_meshes
from stereosync_scenes.floors.laid import laid
from stereosync_scenes.halls import hall_meshes
from stereosync_scenes.plan import Mood, Patch, Plan
from stereosync_scenes.shapes import Mesh, Point, lit, merged
from stereosync_scenes.streets import street_meshes
from stereosync_scenes.things import blocker_meshes

HORIZON_M = 140.0
SKY_M = 100.0
WET_BLUE = np.array([1.0, 0.94, 0.86])


def still_meshes(plan: Plan) -> list[Mesh]:
    """Everything that does not move: grounds, what the setting and the place have, and what hides people."""
    meshes = [_ground(patch, plan.patches[at + 1 :], plan.mood) for at, patch in enumerate(plan.patches)]
    makers = {"field": field_meshes, "street": street_meshes, "hall": hall_meshes}
    things = [mesh for blocker in plan.blockers for mesh in blocker_meshes(blocker, plan.mood)]
    return meshes + makers[plan.setting.kind](plan) + merged(things)


def sky_mesh(mood: Mood) -> Mesh:
    """A ring of sky from below the horizon to the top, to be drawn behind everything."""
    turn = np.linspace(0, 2 * np.pi, 25)
    rings = [(-0.2, mood.sky_horizon), (0.02, mood.sky_horizon), (0.5, mood.sky_top), (2.0, mood.sky_top)]
    points = np.concatenate([np.stack([np.cos(turn), np.sin(turn), np.full(25, height)], -1) for height, _ in rings])
    colours = np.concatenate([np.tile(colour, (25, 1)) for _, colour in rings])
    here = np.concatenate([25 * ring + np.arange(24) for ring in range(len(rings) - 1)])
    corners = np.stack([here, here + 1, here + 26, here, here + 26, here + 25], -1).reshape(-1, 3)
    return Mesh(points * SKY_M, colours, np.zeros((len(points), 2)), corners.astype(np.uint32))


def star_meshes(plan: Plan) -> list[Mesh]:
    """Meshes of a night's sky: stars, and a moon, the first and largest. None by day."""
    if plan.place != "night":
        return []
    rng = np.random.default_rng([plan.setting.seed, 8])
    count = 40 + round(160 * plan.amount)
    turn = rng.uniform(0, 2 * np.pi, count)
    middle = np.stack([np.cos(turn), np.sin(turn), rng.uniform(0.03, 0.7, count)], -1)
    size, light = rng.uniform(0.002, 0.005, count), rng.uniform(0.5, 1.0, count)
    middle[0], size[0], light[0] = (np.cos(1.2), np.sin(1.2), 0.22), 0.045, 1.0
    across = np.stack([-np.sin(turn), np.cos(turn), 0 * turn], -1) * size[:, None]
    above = np.array([0, 0, 1.0]) * size[:, None]
    points = np.stack([middle - across, middle - above, middle + across, middle + above], 1).reshape(-1, 3)
    corners = np.concatenate([4 * np.arange(count)[:, None] + part for part in ([0, 1, 2], [0, 2, 3])])
    colours = np.repeat(light[:, None] * np.array([1.0, 0.98, 0.9]), 4, axis=0)
    return [Mesh(points * SKY_M, colours, np.zeros((4 * count, 2)), corners.astype(np.uint32))]


def _ground(patch: Patch, above: tuple[Patch, ...], mood: Mood) -> Mesh:
    """The part of a large square that the patch, but no patch `above` it, covers; a fan of triangles."""
    far = HORIZON_M
    corners = [(-far, -far), (far, -far), (far, far), (-far, far)]
    corners = _clip(corners, patch.normal, patch.offset_m)
    for other in above:
        corners = _clip(corners, (-other.normal[0], -other.normal[1]), -other.offset_m)
    outline = np.array(corners)
    floor = laid(patch)
    points = np.concatenate([outline, np.zeros((len(outline), 1))], axis=1)
    turn = floor.turn_rad
    uv = outline / floor.span_m @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    fan = np.array([(0, at, at + 1) for at in range(1, len(outline) - 1)], dtype=np.uint32)
    colours = lit(np.ones((len(points), 3)), np.tile([0.0, 0.0, 1.0], (len(points), 1)), mood)
    return Mesh(points, colours * (1 - mood.wet * WET_BLUE), uv, fan, floor.picture)


def _clip(corners: list[Point], normal: Point, offset_m: float) -> list[Point]:
    """Sutherland and Hodgman's clipping of one polygon by the line `normal . (x, y) = offset_m`."""
    kept = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        before = normal[0] * x0 + normal[1] * y0 - offset_m
        after = normal[0] * x1 + normal[1] * y1 - offset_m
        if before >= 0:
            kept.append((x0, y0))
        if before * after < 0:
            part = before / (before - after)
            kept.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    return kept
