"""Cameras as games have them: with one body all the time, behind it, beside it or above it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.blur import blurred
from stereosync_scenes.cameras import MET_SHARE, TALLEST_DISTANCE, Optics
from stereosync_scenes.plan import RATE_HZ, FloatArray, Track
from stereosync_scenes.routes import View

ASPECT = 16 / 9
Range = tuple[float, float]
FARTHEST_M = 14.0
FOOT_M = 0.5  # that a foot is before or behind the body, at most
EDGE_RAD = math.radians(3)  # of the picture, in which feet are neither inside nor outside
AIM = (0.45, 0.65)  # of the body's height, at which the camera looks where nothing else decides


@dataclass(frozen=True)
class Kind:
    """Ranges of a kind of camera: half its vertical field of view, how far it is from the body over the ground, its
    height in shares of the body's, and how far to the body's right it is moved."""

    half_vertical_deg: Range
    gap_m: Range
    height_share: Range
    beside_m: Range = (-0.3, 0.3)
    around: str = "behind"  # the body; or "side", or "fixed": from one side of the world
    feet: bool = True  # whether they are in the picture


KINDS = {
    "far": Kind((20, 27), (4.5, 6.5), (1.0, 1.5)),
    "near": Kind((25, 32), (2.8, 3.8), (0.85, 1.15)),
    "shoulder": Kind((20, 30), (1.0, 1.5), (0.82, 0.97), (0.35, 0.6), feet=False),
    "side": Kind((18, 26), (3.5, 5.5), (0.5, 0.9), around="side"),
    "isometric": Kind((17, 23), (3.8, 5.2), (1.9, 2.6), around="fixed"),
    "close": Kind((18, 26), (1.6, 2.4), (0.75, 0.95), feet=False),
}
NEEDS_ROOM = ("side", "isometric")  # more of it than a street or a hall has


def kind_of(seed: int) -> str:
    """The kind of a seed: one after the other."""
    return list(KINDS)[seed % len(KINDS)]


def seed_of_kind(first_seed: int, name: str) -> int:
    """The first seed from `first_seed` on whose camera is of a kind."""
    return first_seed + (list(KINDS).index(name) - first_seed) % len(KINDS)


def draw_optics(name: str, tall_m: float, rng: np.random.Generator) -> Optics:
    """A camera of a kind, for a body of a height."""
    kind = KINDS[name]
    half, gap_m = math.radians(rng.uniform(*kind.half_vertical_deg)), rng.uniform(*kind.gap_m)
    height_m = rng.uniform(*kind.height_share) * tall_m
    down = math.atan((height_m - rng.uniform(*AIM) * tall_m) / gap_m)
    if kind.feet:
        down = max(down, math.atan(height_m / (gap_m - FOOT_M)) + EDGE_RAD - half)
    else:
        down = min(down, math.atan(height_m / (gap_m + FOOT_M)) - EDGE_RAD - half)
    near_m = max(0.7 * gap_m, 1.5)
    far_m = min(FARTHEST_M, TALLEST_DISTANCE / math.tan(half), height_m / math.tan(max(down - half, 0.1)))
    view = View(near_m, max(far_m, near_m + 3.0), MET_SHARE * math.atan(ASPECT * math.tan(half)))
    return Optics("follow", 2 * half, view, height_m, down, gap_m)


def camera_track(name: str, hero: Track, optics: Optics, rng: np.random.Generator) -> Track:
    """The camera's way: it goes with `hero`, a little lazily."""
    kind = KINDS[name]
    lazy_s = rng.uniform(0.2, 0.6)
    body, heading = blurred(hero.position_m, lazy_s, RATE_HZ), blurred(hero.heading_rad, 2 * lazy_s, RATE_HZ)
    if kind.around == "fixed":
        heading = np.full(len(heading), math.pi / 2 + rng.uniform(-0.6, 0.6))
    elif kind.around == "side":
        heading = heading + float(rng.choice([-1, 1])) * math.pi / 2 + rng.uniform(-0.35, 0.35)
    ahead = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    right = np.stack([np.sin(heading), -np.cos(heading)], axis=-1)
    eye: FloatArray = body - optics.gap_m * ahead + rng.uniform(*kind.beside_m) * right
    return Track(hero.start_s, eye, heading + rng.uniform(-0.08, 0.08), hero.speed_m_s)
