"""A body of a course in the space of its camera: x right, y up, z forward, metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync_scenes.boxes import upright_cuboid
from stereosync_scenes.cycles.course import Course
from stereosync_scenes.cycles.shots import Shot, camera_axes
from stereosync_scenes.plan import FloatArray

LOW_SHARE = 0.1  # of a body's height: points that come so low are its feet's


@dataclass(frozen=True, eq=False)
class BeforeCamera:
    """At each of N moments: the body's points (N, V, 3) and how high each is above the floor (N, V), a fixed cuboid
    around it (N, 8, 3), the point on the floor that the body goes along with (N, 3), and the middle of its feet
    (N, 3)."""

    points_m: FloatArray
    heights_m: FloatArray
    cuboid_m: FloatArray
    root_m: FloatArray
    feet_m: FloatArray


def before_camera(course: Course, shot: Shot, times_s: FloatArray) -> BeforeCamera:
    """The body at times (N,) of its course."""
    cycle, scale = course.cycle, course.scale
    heading, phase, *place = (
        _at(course, column, times_s) for column in (course.heading_rad, course.phase, *course.place_m.T)
    )
    points = cycle.at(phase) * scale
    low = cycle.points_m[..., 1].min(axis=0) <= cycle.points_m[..., 1].min() + LOW_SHARE * cycle.height_m
    feet = points[:, low].mean(axis=1, keepdims=True) * (1, 0, 1)
    cuboid = upright_cuboid(np.zeros(2), cycle.height_m * scale)[:, [0, 2, 1]]
    root = np.stack([place[0], np.zeros(len(times_s)), place[1]], axis=-1)[:, None]
    turn = _turns(heading)
    eye = np.stack([_at(course, column, times_s) for column in shot.eye_m.T], axis=-1)[:, None]
    axes = camera_axes(*(_at(course, column, times_s) for column in (shot.heading_rad, shot.down_rad)))
    seen = [(part @ turn + root - eye) @ axes for part in (points, cuboid, np.zeros((1, 3)), feet)]
    return BeforeCamera(seen[0], points[..., 1], seen[1], seen[2][:, 0], seen[3][:, 0])


def _at(course: Course, values: FloatArray, times_s: FloatArray) -> FloatArray:
    return np.interp(times_s, course.times_s, values)


def _turns(heading_rad: FloatArray) -> FloatArray:
    """Matrices (N, 3, 3) from rows of a body's points to the world, for headings (N,) from +z towards +x."""
    sin, cos, none = np.sin(heading_rad), np.cos(heading_rad), np.zeros(len(heading_rad))
    rows = [(cos, none, -sin), (none, none + 1, none), (sin, none, cos)]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)
