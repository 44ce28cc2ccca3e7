"""Places: the still parts of a scene. Numpy only."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import Mood, Patch, Plan
from stereosync_scenes.shapes import Mesh, Point, lit, merged, rotund, wall
from stereosync_scenes.textures import ground_texture, wall_texture

HORIZON_M = 140.0


def still_meshes(plan: Plan) -> list[Mesh]:
    """Everything that does not move: grounds, and the walls, trees, rocks or columns of the setting."""
    meshes = [_ground(patch, plan.patches[at + 1 :], plan.mood) for at, patch in enumerate(plan.patches)]
    makers = {"field": _field, "street": _street, "hall": _hall}
    return meshes + makers[plan.setting.kind](plan)


def sky_mesh(mood: Mood) -> Mesh:
    """A ring of sky from below the horizon to the top, to be drawn behind everything."""
    turn = np.linspace(0, 2 * np.pi, 25)
    rings = [(-0.2, mood.sky_horizon), (0.02, mood.sky_horizon), (0.5, mood.sky_top), (2.0, mood.sky_top)]
    points = np.concatenate([np.stack([np.cos(turn), np.sin(turn), np.full(25, height)], -1) for height, _ in rings])
    colours = np.concatenate([np.tile(colour, (25, 1)) for _, colour in rings])
    here = np.concatenate([25 * ring + np.arange(24) for ring in range(len(rings) - 1)])
    corners = np.stack([here, here + 1, here + 26, here, here + 26, here + 25], -1).reshape(-1, 3)
    return Mesh(points * 100, colours, np.zeros((len(points), 2)), corners.astype(np.uint32))


def _ground(patch: Patch, above: tuple[Patch, ...], mood: Mood) -> Mesh:
    """The part of a large square that the patch, but no patch `above` it, covers; a fan of triangles."""
    far = HORIZON_M
    corners = [(-far, -far), (far, -far), (far, far), (-far, far)]
    corners = _clip(corners, patch.normal, patch.offset_m)
    for other in above:
        corners = _clip(corners, (-other.normal[0], -other.normal[1]), -other.offset_m)
    outline = np.array(corners)
    picture, span_m = ground_texture(patch.ground, patch.texture_seed)
    points = np.concatenate([outline, np.zeros((len(outline), 1))], axis=1)
    turn = patch.texture_seed % 4 * np.pi / 2
    uv = outline / span_m @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    fan = np.array([(0, at, at + 1) for at in range(1, len(outline) - 1)], dtype=np.uint32)
    colours = lit(np.ones((len(points), 3)), np.tile([0.0, 0.0, 1.0], (len(points), 1)), mood)
    return Mesh(points, colours, uv, fan, picture)


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


def _outside(rng: np.random.Generator, plan: Plan, extra_m: float) -> tuple[float, float]:
    """A spot behind or beside the walker's area."""
    setting = plan.setting
    if rng.random() < 0.6:
        return float(rng.uniform(-3, 3) * setting.half_width_m), setting.reach_m + float(rng.exponential(extra_m))
    side = 1 if rng.random() < 0.5 else -1
    return side * (setting.half_width_m + 0.5 + float(rng.exponential(0.5 * extra_m))), float(
        rng.uniform(2, setting.reach_m)
    )


def _field(plan: Plan) -> list[Mesh]:
    rng, mood = np.random.default_rng([plan.setting.seed, 1]), plan.mood
    meshes = []
    for _ in range(int(rng.integers(0, 12))):
        meshes += _tree(*_outside(rng, plan, 8.0), rng, mood)
    for _ in range(int(rng.integers(0, 8))):
        x, y = _outside(rng, plan, 4.0)
        grey, size = rng.uniform(0.3, 0.6), rng.uniform(0.2, 1.0)
        meshes.append(
            rotund((x, y, 0.2 * size), size * rng.uniform(0.5, 1.2, 3), (grey, grey * 0.95, grey * 0.88), mood)
        )
    for turn in np.linspace(0, np.pi, 9) + rng.uniform(-0.1, 0.1):  # hills at the horizon
        green = rng.uniform(0.25, 0.5)
        middle, half = (110 * np.cos(turn), 110 * np.sin(turn), 0.0), (rng.uniform(20, 40), 20, rng.uniform(2, 14))
        meshes.append(rotund(middle, half, (green * 0.8, green, green * 0.9), mood))
    return merged(meshes)


def _tree(x: float, y: float, rng: np.random.Generator, mood: Mood) -> list[Mesh]:
    tall, green = rng.uniform(2.5, 7.0), rng.uniform(0.25, 0.5)
    leaf = (green * rng.uniform(0.4, 1.1), green, green * rng.uniform(0.2, 0.5))
    parts = [
        rotund(
            (x, y, 0.25 * tall), (0.035 * tall, 0.035 * tall, 0.25 * tall), (0.32, 0.22, 0.14), mood, top=0.7, sides=6
        )
    ]
    if rng.random() < 0.4:  # conifer
        return [*parts, rotund((x, y, 0.62 * tall), (0.22 * tall, 0.22 * tall, 0.4 * tall), leaf, mood, top=0.02)]
    return [*parts, rotund((x, y, 0.7 * tall), tall * rng.uniform(0.2, 0.34, 3), leaf, mood)]


def _street(plan: Plan) -> list[Mesh]:
    rng, setting, mood = np.random.default_rng([plan.setting.seed, 2]), plan.setting, plan.mood
    meshes, left = [], -4.0 * setting.half_width_m
    while left < 4.0 * setting.half_width_m:  # house after house behind the area
        right, depth = left + rng.uniform(4, 9), setting.reach_m + rng.uniform(0, 0.6)
        picture = wall_texture("street", int(rng.integers(2**31)))
        meshes.append(
            wall(
                (right, depth),
                (left, depth),
                setting.height_m * rng.uniform(0.7, 1.3),
                rng.uniform(4.5, 6.5),
                picture,
                mood,
            )
        )
        left = right
    for side in (-1, 1):
        if rng.random() < 0.5:
            edge = side * (setting.half_width_m + 0.5)
            ends = ((edge, -5.0), (edge, setting.reach_m)) if side > 0 else ((edge, setting.reach_m), (edge, -5.0))
            meshes.append(wall(*ends, setting.height_m, 5.0, wall_texture("street", int(rng.integers(2**31))), mood))
    posts = [_post(x, setting.reach_m - 0.5, mood) for x in np.arange(-14, 15, rng.uniform(3, 7)) if rng.random() < 0.7]
    return meshes + merged(posts)


def _post(x: float, y: float, mood: Mood) -> Mesh:
    return rotund((x, y, 1.5), (0.07, 0.07, 1.5), (0.25, 0.26, 0.28), mood, top=0.8, sides=6)


def _hall(plan: Plan) -> list[Mesh]:
    rng, setting, mood = np.random.default_rng([plan.setting.seed, 3]), plan.setting, plan.mood
    wide, deep, high = setting.half_width_m, setting.reach_m, setting.height_m
    picture, tile_m = wall_texture("hall", int(rng.integers(2**31))), rng.uniform(1.8, 3.5)
    ring = [(-wide, -3.0), (wide, -3.0), (wide, deep), (-wide, deep)]
    meshes = [
        wall(start, end, high, tile_m, picture, mood) for start, end in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    ceiling = np.array([(x, y, high) for x, y in ring[::-1]])
    pale = lit(np.full((4, 3), rng.uniform(0.6, 0.95)), np.tile([0.0, 0.0, -1.0], (4, 1)), mood)
    roof = Mesh(ceiling, pale, np.zeros((4, 2)), np.array([(0, 1, 2), (0, 2, 3)], dtype=np.uint32))
    things = [roof]
    for _ in range(int(rng.integers(0, 6))):  # things along the far wall
        size = rng.uniform(0.2, 0.7)
        place = (rng.uniform(-0.9, 0.9) * wide, deep - 0.3, size)
        things.append(rotund(place, (size, 0.25, size), tuple(rng.uniform(0.15, 0.8, 3)), mood, top=0.99, sides=4))
    return meshes + merged(things)
