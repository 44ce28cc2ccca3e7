"""Visibility of people: the test that a staged shot must pass, and how much of a body is hidden."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.plan import ArenaShot, Walker
from stereosync_scenes.arena.views import ASPECT, PERSON_PX, PICTURE_PX, SHORT_PERSON_M
from stereosync_scenes.arena.voxels import Bools, Voxels
from stereosync_scenes.plan import FloatArray

EVERY = 12  # samples of a course between looks
LEAST_SHARE = 0.6  # of the time that the first walker is in the picture
LARGE_SHARE = 0.9  # of the walkers' time in the picture that they are PERSON_PX high
NEAREST_M = 1.0
BODY_HEIGHTS_M = (0.4, 0.65, 0.9, 1.15, 1.4)


def well_seen(voxels: Voxels, people: tuple[Walker, ...], shot: ArenaShot, inside: Bools) -> bool:
    """True if the first walker is seen most of the time, nobody is too small, and nobody walks through the camera."""
    looks = np.flatnonzero(inside)[::EVERY]
    seen_px = [_heights_px(voxels, walker, shot, looks) for walker in people]
    near = min(float(np.linalg.norm(walker.feet_m[:, :2] - shot.eye_m[:, :2], axis=1).min()) for walker in people)
    together = np.concatenate(seen_px)
    shown = together[together > 0]
    if near < NEAREST_M or len(shown) == 0:
        return False
    return bool((seen_px[0] > 0).mean() >= LEAST_SHARE and (shown >= PERSON_PX).mean() >= LARGE_SHARE)


def _heights_px(voxels: Voxels, walker: Walker, shot: ArenaShot, looks: npt.NDArray[np.int64]) -> FloatArray:
    """Height (N,) in pixels of a person in the picture at samples `looks`; 0 when outside it or hidden."""
    chest = walker.feet_m[looks] + (0, 0, 1.2)
    offset = chest - shot.eye_m[looks]
    heading, down = shot.heading_rad[looks], shot.down_rad[looks]
    level = offset[:, 0] * np.cos(heading) + offset[:, 1] * np.sin(heading)
    right = offset[:, 0] * np.sin(heading) - offset[:, 1] * np.cos(heading)
    ahead = np.maximum(level * np.cos(down) - offset[:, 2] * np.sin(down), 1e-3)
    above = level * np.sin(down) + offset[:, 2] * np.cos(down)
    tall = math.tan(shot.vertical_fov_rad / 2)
    inside = (ahead > 0.5) & (np.abs(right) < ASPECT * tall * ahead) & (np.abs(above) < tall * ahead)
    height = SHORT_PERSON_M * PICTURE_PX / (2 * ahead * tall)
    return np.where(inside & voxels.open_between(shot.eye_m[looks], chest), height, 0.0)


def hidden_share(voxels: Voxels, eye_m: FloatArray, feet_m: FloatArray, heading_rad: float) -> float:
    """The share of a body on `feet_m` (3,) that cubes hide from an eye (3,), from rays to its middle and both sides."""
    side = np.array([-math.sin(heading_rad), math.cos(heading_rad), 0.0]) * 0.15
    body = [feet_m + turn * side + (0, 0, height) for height in BODY_HEIGHTS_M for turn in (-1, 0, 1)]
    return float(1 - voxels.open_between(eye_m, np.array(body)).mean())
