"""Cuboids before, behind and across the near plane."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stereosync.scene import Camera
from stereosync_panda3d.projection import EDGES, box_around, corners_of, cut_at_near, linear_depth_m

CAMERA = Camera(math.radians(90), 2.0, 0.1, 100.0)


def test_a_cuboid_has_eight_corners_and_twelve_edges() -> None:
    corners = corners_of(np.array([-1.0, 0.0, 4.0]), np.array([1.0, 2.0, 7.0]))
    assert len(np.unique(corners, axis=0)) == 8
    assert len(EDGES) == 12
    differing = (corners[EDGES[:, 0]] != corners[EDGES[:, 1]]).sum(axis=1)
    assert (differing == 1).all()


def test_a_box_before_the_camera_is_where_it_is_seen() -> None:
    corners = corners_of(np.array([-1.0, -1.0, 4.0]), np.array([1.0, 1.0, 8.0]))
    box = box_around(3, cut_at_near(corners, CAMERA.near_m), (0.0, -1.0, 6.0), CAMERA, (200, 100), label="cat")
    assert box is not None
    assert (box.x0, box.x1) == pytest.approx((100 - 12.5, 100 + 12.5))
    assert (box.y0, box.y1) == pytest.approx((50 - 12.5, 50 + 12.5))
    assert (box.id, box.label, box.position_m) == (3, "cat", (0.0, -1.0, 6.0))


def test_a_corner_behind_the_camera_does_not_flip_to_the_other_side() -> None:
    """A wall to the right that reaches from before the camera to behind it: its box ends at the right edge."""
    corners = corners_of(np.array([1.0, -1.0, -3.0]), np.array([1.2, 1.0, 5.0]))
    seen = cut_at_near(corners, CAMERA.near_m)
    box = box_around(1, seen, None, CAMERA, (200, 100))
    assert box is not None
    assert box.x0 == pytest.approx(100 + 100 * (1.0 / 5.0) / 2)
    assert box.x1 == 200
    assert (box.y0, box.y1) == (0, 100)
    uncut = box_around(1, corners, None, CAMERA, (200, 100))
    assert uncut is not None
    assert uncut.x1 < 130  # what cutting is for


def test_nothing_before_the_near_plane_is_no_box() -> None:
    corners = corners_of(np.array([-1.0, -1.0, -3.0]), np.array([1.0, 1.0, 0.05]))
    assert box_around(1, cut_at_near(corners, CAMERA.near_m), None, CAMERA, (200, 100)) is None


def test_window_depth_becomes_metres_and_the_sky_infinite() -> None:
    depth_m = np.array([[0.2, 3.0, 99.0]])
    near, far = CAMERA.near_m, CAMERA.far_m
    stored = (far - near * far / depth_m) / (far - near)
    metres = linear_depth_m(np.append(stored, [[1.0]], axis=1).astype(np.float32), CAMERA)
    assert metres.dtype == np.float32
    np.testing.assert_allclose(metres[0, :3], depth_m[0], rtol=1e-2)
    assert math.isinf(metres[0, 3])
