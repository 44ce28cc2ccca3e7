"""The reader of G3D models: what was written is read, and what is cut short is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_g3d import g3d_bytes, stick_points

from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.foreign.g3d import read_g3d


def test_meshes_are_read_as_they_were_written() -> None:
    (mesh,) = read_g3d(g3d_bytes(stick_points(), "cloth.png"))
    np.testing.assert_allclose(mesh.points, stick_points(), atol=1e-6)
    np.testing.assert_array_equal(mesh.normals[3, 5], [0, 1, 0])
    np.testing.assert_array_equal(mesh.uv, np.full((20, 2), 0.25))
    assert (mesh.name, mesh.texture, mesh.corners[-1].tolist()) == ("body", "cloth.png", [19, 0, 1])


def test_a_mesh_without_a_texture_has_no_coordinates_of_one() -> None:
    (mesh,) = read_g3d(g3d_bytes(stick_points()))
    assert (mesh.texture, mesh.uv.any(), mesh.corners.shape) == ("", False, (20, 3))


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 0.6, 0.999])
def test_a_file_that_is_cut_short_is_refused_in_a_sentence(share: float) -> None:
    data = g3d_bytes(stick_points(), "cloth.png")
    with pytest.raises(BadFile, match=r"G3D model of version 4|cut short or damaged.*fetch its package again"):
        read_g3d(data[: int(share * len(data))])


def test_other_formats_and_older_versions_are_refused() -> None:
    data = g3d_bytes(stick_points())
    for wrong in (b"IDP3" + data[4:], data[:3] + b"\3" + data[4:], b""):
        with pytest.raises(BadFile, match="version 4"):
            read_g3d(wrong)


def test_numbers_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(BadFile, match="vertex that is not there"):
        read_g3d(g3d_bytes(stick_points(), corners=np.array([(0, 1, 20)])))
    points = stick_points()
    points[2, 3, 1] = np.nan
    with pytest.raises(BadFile, match="not finite"):
        read_g3d(g3d_bytes(points))
