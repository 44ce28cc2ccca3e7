"""Bodies are thinned without holes, and put into the axes of own scenes."""

from __future__ import annotations

import numpy as np
from make_bodies import names_of_targets, read_mesh, thinned, turned

from stereosync_scenes.skins.file import SHAPES


def test_axes_are_x_right_y_forward_z_up() -> None:
    left_up_ahead = np.array([[1.0, 2.0, 3.0]])  # decimetres
    np.testing.assert_allclose(turned(left_up_ahead), [[-0.1, 0.3, 0.2]])


def test_a_mesh_is_read_by_groups() -> None:
    points, faces = read_mesh("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\ng a\nf 1/1 2/2 3/3 4/4\n")
    assert points.shape == (4, 3)
    assert faces["a"] == [[0, 1, 2, 3]]


def test_thinning_keeps_the_area_of_a_flat_grid() -> None:
    across, along = np.meshgrid(np.arange(9.0), np.arange(9.0), indexing="ij")
    points = np.stack([across.ravel(), along.ravel(), np.zeros(81)], axis=-1)
    first = (np.arange(8)[:, None] * 9 + np.arange(8)).ravel()
    faces = np.stack([first, first + 1, first + 10, first + 9], axis=-1)
    corners = thinned(faces, points, 2.0)
    a, b, c = (points[corners[:, corner]] for corner in range(3))
    area = np.abs(np.cross(b - a, c - a)[:, 2]).sum() / 2
    assert len(corners) < 128
    assert 40 < area <= 64 + 1e-9


def test_each_shape_is_made_of_one_build_and_all_faces() -> None:
    for shape in SHAPES:
        shares = list(names_of_targets(shape).values())
        assert abs(sum(shares) - 2.0) < 1e-9
