"""Simulated game cameras: at rest or panning, behind, beside or ahead of a body under way, circling, coming nearer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stereosync.scene import Camera
from stereosync_scenes.blur import blurred
from stereosync_scenes.cycles.course import FINE_HZ, Course
from stereosync_scenes.plan import FloatArray

KINDS = {"fixed": 0.3, "pan": 0.15, "carried": 0.2, "behind": 0.15, "orbit": 0.1, "approach": 0.1}
FOV_RAD = (math.radians(28), math.radians(65))  # vertical
ASPECTS = (16 / 9, 16 / 9, 4 / 3, 21 / 9)
SHARE_OF_PICTURE = (0.2, 1.5)  # of its height that the body takes up; above 1 the feet or the head are outside
HEIGHT_SHARE = (0.6, 1.5)  # of the body's, at which the eye is
NEAREST_M = 0.8
CARRIED = ("carried", "behind")  # along with the body
BOB_M, BOB_HZ = 0.03, (1.6, 2.4)


@dataclass(frozen=True, eq=False)
class Shot:
    """A camera at the moments of a course: `eye_m` (N, 3) with y up, `heading_rad` and `down_rad` (N,)."""

    camera: Camera
    eye_m: FloatArray
    heading_rad: FloatArray
    down_rad: FloatArray


def camera_axes(heading_rad: FloatArray, down_rad: FloatArray) -> FloatArray:
    """The right, up and forward of cameras as columns (N, 3, 3) of the world."""
    sin, cos, lower, level = np.sin(heading_rad), np.cos(heading_rad), np.sin(down_rad), np.cos(down_rad)
    right = np.stack([cos, np.zeros_like(sin), -sin], axis=-1)
    forward = np.stack([level * sin, -lower, level * cos], axis=-1)
    up = np.stack([lower * sin, level, lower * cos], axis=-1)
    return np.stack([right, up, forward], axis=-1)


def draw_shot(course: Course, rng: np.random.Generator) -> Shot:
    """A camera that has the body in its picture most of the time."""
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    fov_rad, tall_m = rng.uniform(*FOV_RAD), course.cycle.height_m * course.scale
    share = math.exp(rng.uniform(*np.log(SHARE_OF_PICTURE)))
    gap_m = max(tall_m / (2 * share * math.tan(fov_rad / 2)), NEAREST_M)
    body = blurred(course.place_m, rng.uniform(0.05, 0.6), FINE_HZ)
    stays = np.broadcast_to(body[len(body) // 2], body.shape)
    about, aim = (body if kind in CARRIED else stays), (stays if kind == "fixed" else body)
    eye = about + gap_m * _away(kind, course, rng)
    height = rng.uniform(*HEIGHT_SHARE) * tall_m + _bob(kind, course.times_s, rng)
    heading, down = _towards(eye, aim, height - rng.uniform(0.4, 0.8) * tall_m, rng)
    heading = heading + fov_rad * rng.uniform(-0.35, 0.35) + _swing(kind, course.times_s, fov_rad, rng)
    return Shot(Camera(fov_rad, float(rng.choice(ASPECTS))), np.insert(eye, 1, height, axis=1), heading, down)


def _away(kind: str, course: Course, rng: np.random.Generator) -> FloatArray:
    """From what the camera goes with to the eye (N, 2), 1 long where it is as near as it gets."""
    times_s = course.times_s
    angle = np.full(len(times_s), rng.uniform(-np.pi, np.pi))
    if kind in CARRIED:
        beside = rng.normal(np.pi, 0.25) if kind == "behind" else angle[0]
        angle = blurred(course.heading_rad, rng.uniform(0.2, 0.8), FINE_HZ) + beside
    elif kind == "orbit":
        angle += rng.uniform(0.4, 1.2) * np.sin(2 * np.pi * (times_s / rng.uniform(6, 16) + rng.random()))
    away = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    if kind == "approach":
        away *= np.linspace(rng.uniform(1.3, 2.5), 1.0, len(times_s))[:, None]
    return away


def _towards(
    eye_m: FloatArray, aim_m: FloatArray, lower_m: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Heading and downward tilt (N,) towards what is aimed at, `lower_m` below the eye; it is followed lazily."""
    offset = aim_m - eye_m
    flat = np.maximum(np.hypot(*offset.T), 0.3)
    lag_s = rng.uniform(0.2, 0.8)
    heading = np.unwrap(np.arctan2(offset[:, 0], offset[:, 1]))
    return blurred(heading, lag_s, FINE_HZ), blurred(np.arctan2(lower_m, flat), lag_s, FINE_HZ)


def _swing(kind: str, times_s: FloatArray, fov_rad: float, rng: np.random.Generator) -> FloatArray:
    """Radians (N,) by which a panning camera looks to and fro besides."""
    size = rng.uniform(0, 0.4) * fov_rad if kind == "pan" else 0.0
    return np.asarray(size * np.sin(2 * np.pi * (times_s / rng.uniform(5, 12) + rng.random())))


def _bob(kind: str, times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Metres (N,) by which the steps of whoever carries the camera lift it."""
    size_m = BOB_M * rng.random() if kind == "approach" else 0.0
    return np.asarray(size_m * np.abs(np.sin(math.pi * rng.uniform(*BOB_HZ) * times_s)))
