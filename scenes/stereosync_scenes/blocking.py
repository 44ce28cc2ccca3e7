"""Blocking: things that stand between the camera and the people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from stereosync_scenes.plan import Blocker, Setting, Track
from stereosync_scenes.routes import Point, View
from stereosync_scenes.wandering import nearest_point

BLOCKED_ODDS = 0.42
LOOKS = {
    "field": ("tree", "tree", "wall"), "street": ("column", "car", "wall", "tree"),
    "hall": ("column", "column", "wall"),
}  # fmt: skip
LENS_GAP_M = 1.3
LENGTHS_AWAY = 2.2  # so much farther than it is long is a thing from the lens, or it would hide all
TRIES = 8


def draw_blockers(
    setting: Setting, view: View, paths: Sequence[Track], moving: bool, rng: np.random.Generator
) -> tuple[Blocker, ...]:
    """None for most walks, else one to five things that stay off `paths` (of the camera and of whom it follows)."""
    if rng.random() > BLOCKED_ODDS:
        return ()
    look = str(rng.choice(LOOKS[setting.kind]))
    wanted = int(rng.integers(1, 4)) if look in ("wall", "car") else int(rng.integers(3, 6))
    found: list[Blocker] = []
    for _ in range(TRIES * wanted):
        if len(found) < wanted:
            one = _thing(look, *_spot(setting, view, moving, rng), setting, rng)
            if _fits(one, found, paths, setting):
                found.append(one)
    return tuple(found)


def _spot(setting: Setting, view: View, moving: bool, rng: np.random.Generator) -> Point:
    """A place in front of most of the view, for a camera at rest; anywhere for one that comes round."""
    if moving:
        deep = setting.reach_m - setting.back_m
        return float(rng.uniform(-0.8, 0.8) * setting.half_width_m), setting.back_m + float(
            rng.uniform(0.25, 0.95)
        ) * deep
    distance = view.near_m + rng.uniform(0.1, 0.55) * (view.far_m - view.near_m)
    return view.point(distance, rng.uniform(-0.75, 0.75) * view.half_angle_rad)


def _thing(look: str, x: float, y: float, setting: Setting, rng: np.random.Generator) -> Blocker:
    seed, turn = int(rng.integers(2**31)), rng.uniform(-0.4, 0.4)
    roof = setting.height_m if setting.kind == "hall" else np.inf
    if look == "column":
        radius = rng.uniform(0.15, 0.45)
        return Blocker(look, x, y, (radius, radius), min(rng.uniform(2.6, 4.0), roof), 0.0, seed)
    if look == "tree":
        radius = rng.uniform(0.14, 0.32)
        return Blocker(look, x, y, (radius, radius), rng.uniform(5.5, 8.0), 0.0, seed)
    if look == "car":
        return Blocker(look, x, y, (rng.uniform(1.9, 2.3), rng.uniform(0.8, 0.95)), rng.uniform(1.35, 1.6), turn, seed)
    high = float(rng.uniform(0.7, 1.2) if rng.random() < 0.5 else rng.uniform(1.9, 2.4))
    return Blocker(look, x, y, (rng.uniform(0.5, 1.2), rng.uniform(0.1, 0.2)), high, turn, seed)


def _fits(one: Blocker, others: Sequence[Blocker], paths: Sequence[Track], setting: Setting) -> bool:
    """Off the lens, off the paths, inside the area, and with room to pass between it and the others."""
    reach = max(one.half_m)
    if setting.inside(one.x_m, one.y_m, min(reach + 0.9, setting.half_width_m)) != (one.x_m, one.y_m):
        return False
    if any(math.dist((one.x_m, one.y_m), (other.x_m, other.y_m)) < reach + max(other.half_m) + 1.2 for other in others):
        return False
    spots = [tuple(spot) for track in paths for spot in track.position_m[::10]] or [(0.0, 0.0)]
    near = min(math.dist(nearest_point(one, *spot), spot) for spot in spots)
    return near > LENS_GAP_M and min(math.dist((one.x_m, one.y_m), spot) for spot in spots) > LENGTHS_AWAY * reach
