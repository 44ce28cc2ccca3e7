"""What is drawn of a character: vertices, parts, skinned meshes, hidden parts."""

from __future__ import annotations

import numpy as np
import pytest
from panda3d import core

from stereosync_panda3d.bodies import BOUNDS, in_camera, seen_points, vertices_of


@pytest.fixture
def camera() -> core.NodePath:
    path = core.NodePath("root").attachNewNode(core.Camera("eye"))
    path.setPosHpr(1, -5, 2, 30, 0, 0)
    return path


def card(parent: core.NodePath, width: float = 1.0) -> core.NodePath:
    """A rectangle from the origin to (width, 0, 1)."""
    maker = core.CardMaker("card")
    maker.setFrame(0, width, 0, 1)
    return parent.attachNewNode(maker.generate())


def test_camera_space_is_x_right_y_up_z_forward(camera: core.NodePath) -> None:
    ahead, right, above = camera.getParent().attachNewNode("a"), camera.attachNewNode("b"), camera.attachNewNode("c")
    ahead.setPos(camera, 0, 4, 0)
    right.setPos(2, 0, 0)
    above.setPos(0, 0, 3)
    for path, expected in ((ahead, (0, 0, 4)), (right, (2, 0, 0)), (above, (0, 3, 0))):
        np.testing.assert_allclose(in_camera(np.zeros((1, 3)), path, camera)[0], expected, atol=1e-5)


def test_tight_points_are_the_vertices_of_every_part(camera: core.NodePath) -> None:
    body = camera.getParent().attachNewNode("body")
    card(body)
    card(body).setPos(0, 0, 3)
    points = seen_points(body, camera, "tight", 0.1)
    assert points.shape == (8, 3)
    expected = [camera.getRelativePoint(body, core.Point3(x, 0, z)) for x in (0, 1) for z in (0, 1, 3, 4)]
    expected_sorted = sorted((round(x, 3), round(z, 3), round(y, 3)) for x, y, z in expected)
    assert sorted(tuple(np.round(point, 3)) for point in points) == expected_sorted


def test_parts_are_narrower_than_one_loose_box(camera: core.NodePath) -> None:
    """Two parts that lie across: their own corners leave out what one box around both would add."""
    body = camera.getParent().attachNewNode("body")
    body.setPos(camera, 0, 6, 0)
    card(body)
    card(body).setPosHpr(0.5, 0, 1, 0, 0, 45)
    tight, parts, loose = (np.ptp(seen_points(body, camera, bounds, 0.1)[:, 0]) for bounds in BOUNDS)
    assert tight == pytest.approx(parts, abs=1e-4)  # a card is its own corners
    assert loose >= parts - 1e-4
    assert len(seen_points(body, camera, "loose", 0.1)) == 8


def test_hidden_parts_are_left_out(camera: core.NodePath) -> None:
    body = camera.getParent().attachNewNode("body")
    card(body)
    wide = card(body, 20.0)
    assert np.ptp(seen_points(body, camera, "tight", 0.1)[:, 0]) > 10
    wide.hide()
    assert np.ptp(seen_points(body, camera, "tight", 0.1)[:, 0]) < 2
    body.hide()
    for bounds in BOUNDS:
        assert len(seen_points(body, camera, bounds, 0.1)) == 0


def test_a_body_without_geometry_has_no_points(camera: core.NodePath) -> None:
    body = camera.getParent().attachNewNode("empty")
    for bounds in BOUNDS:
        assert seen_points(body, camera, bounds, 0.1).shape == (0, 3)


def test_double_precision_and_other_columns_are_read() -> None:
    points = [(1.0, 2.0, 3.0), (4.0, 5.0, 6.5)]
    for number in (core.Geom.NTFloat32, core.Geom.NTFloat64):
        layout = core.GeomVertexArrayFormat("texcoord", 2, core.Geom.NTFloat32, core.Geom.CTexcoord)
        layout.addColumn("vertex", 3, number, core.Geom.CPoint)
        data = core.GeomVertexData("d", core.GeomVertexFormat.registerFormat(layout), core.Geom.UHStatic)
        writer = core.GeomVertexWriter(data, "vertex")
        for point in points:
            writer.addData3(*point)
        np.testing.assert_array_equal(vertices_of(core.Geom(data)), points)


def test_a_skinned_mesh_is_read_as_its_joints_stand(camera: core.NodePath) -> None:
    """The panda that comes with Panda3D, whose mesh hangs on 40 joints and more."""
    core.loadPrcFileData("test", "load-file-type egg pandaegg")
    from direct.actor.Actor import Actor

    panda = Actor("panda", {"walk": "panda-walk"})
    panda.reparentTo(camera.getParent())
    panda.setPos(camera, 0, 60, 0)
    seen = []
    for frame in (0, 5):
        panda.pose("walk", frame)
        for part in panda.findAllMatches("**/+Character"):
            part.node().forceUpdate()
        seen.append(seen_points(panda, camera, "tight", 0.1))
    assert seen[0].shape == seen[1].shape
    assert len(seen[0]) > 10_000
    low, high = panda.getTightBounds(camera)
    np.testing.assert_allclose(seen[1].min(axis=0), [low.x, low.z, low.y], atol=1e-3)
    np.testing.assert_allclose(seen[1].max(axis=0), [high.x, high.z, high.y], atol=1e-3)
    assert np.abs(seen[0].min(axis=0) - seen[1].min(axis=0)).max() > 0.3
    panda.cleanup()
