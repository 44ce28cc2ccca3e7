"""Feet: which joints are taken for them, and where they are when the body moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from panda3d import core

from stereosync_panda3d.feet import JointError, plain_name, soles_of, usual_joint
from stereosync_panda3d.options import Telling

if TYPE_CHECKING:
    from direct.actor.Actor import Actor

BIPED = """<CoordinateSystem> { Z-Up }
<Group> body {
  <Dart> { 1 }
  <VertexPool> points { <Vertex> 1 { 0 0 0 } <Vertex> 2 { 1 0 0 } <Vertex> 3 { 0 0 1 } }
  <Group> skin { <Polygon> { <VertexRef> { 1 2 3 <Ref> { points } } } }
  <Joint> Hips {
    <Transform> { <Translate> { 0 0 1 } }
    <Joint> LeftFoot {
      <Transform> { <Translate> { -0.25 0 -1 } }
      <VertexRef> { 1 2 <Scalar> membership { 1 } <Ref> { points } }
    }
    <Joint> RightFoot {
      <Transform> { <Translate> { 0.25 0.5 -0.75 } }
      <VertexRef> { 3 <Scalar> membership { 1 } <Ref> { points } }
    }
  }
}
"""
PANDA = Telling(left=("eff2",), right=("eff2_1",))  # the hind legs of the panda that comes with Panda3D


@pytest.fixture
def panda() -> Iterator[Actor]:
    core.loadPrcFileData("test", "load-file-type egg pandaegg")
    from direct.actor.Actor import Actor

    actor = Actor("panda", {"walk": "panda-walk"})
    actor.reparentTo(core.NodePath("room"))
    yield actor
    actor.cleanup()


def at(panda: Actor, frame: int) -> None:
    panda.pose("walk", frame)
    for part in panda.findAllMatches("**/+Character"):
        part.node().forceUpdate()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("LeftFoot", "leftfoot"),
        ("mixamorig:LeftFoot", "leftfoot"),
        ("foot.L", "footl"),
        ("DEF-foot.L", "footl"),
        ("foot_l", "footl"),
        ("Bip01 L Foot", "lfoot"),
        ("hero:Bip001 L Foot", "lfoot"),
        ("L_Ankle", "lankle"),
    ],
)
def test_every_rig_s_way_of_writing_is_read(name: str, plain: str) -> None:
    assert plain_name(name) == plain
    assert usual_joint(["Hips", name, "LeftToe"], "left") == name
    assert usual_joint(["Hips", name, "LeftToe"], "right") is None


def test_a_foot_comes_before_an_ankle_and_the_first_of_two() -> None:
    assert usual_joint(["LeftAnkle", "LeftFoot", "left_foot"], "left") == "LeftFoot"
    assert usual_joint([], "left") is None


def test_joints_with_usual_names_are_found_without_a_word(tmp_path: Path) -> None:
    core.loadPrcFileData("test", "load-file-type egg pandaegg")
    from direct.actor.Actor import Actor

    (tmp_path / "body.egg").write_text(BIPED, encoding="utf-8")
    actor = Actor(core.Filename.fromOsSpecific(str(tmp_path / "body.egg")))
    actor.reparentTo(core.NodePath("room"))
    actor.setPos(1, 2, 3)
    found = [(sole.side, tuple(sole.path.getPos(actor.getTop()))) for sole in soles_of(actor, Telling())]
    assert found == [("left", (0.75, 2, 3)), ("right", (1.25, 2.5, 3.25))]
    actor.cleanup()


def test_named_joints_are_where_the_animation_has_them(panda: Actor) -> None:
    panda.setPos(100, 0, 5)
    left, right = soles_of(panda, PANDA)
    assert (left.side, right.side) == ("left", "right")
    places = []
    for frame in range(0, 28, 7):
        at(panda, frame)
        places.append([tuple(sole.path.getPos(panda.getTop())) for sole in (left, right)])
    low, high = panda.getTightBounds()
    for pair in places:
        for x, y, z in pair:
            assert low.x - 1 < x < high.x + 1
            assert low.y - 8 < y < high.y + 8
            assert 5 - 0.5 < z < 5 + 3, "12 units tall, and the feet are low"
    assert len({pair[0] for pair in places}) == 4, "the left foot moves"
    assert all(pair[0][0] > pair[1][0] for pair in places), "the panda looks along -y: its left is at greater x"


def test_released_joints_leave_the_body_as_it_was(panda: Actor) -> None:
    before = [path.getName() for path in panda.findAllMatches("**")]
    soles = soles_of(panda, PANDA)
    assert len(panda.findAllMatches("**")) == len(before) + 2
    for sole in soles:
        sole.release()
    assert [path.getName() for path in panda.findAllMatches("**")] == before


def test_a_joint_that_is_not_there_is_told_with_those_that_are(panda: Actor) -> None:
    with pytest.raises(JointError, match=r"no joint 'foot\.L'.*eff2"):
        soles_of(panda, Telling(left=("foot.L",)))
    with pytest.raises(JointError, match="is it an Actor"):
        soles_of(core.NodePath("body"), Telling(right=("foot.R",)))


def test_a_body_without_usual_joints_has_no_feet(panda: Actor) -> None:
    assert soles_of(panda, Telling()) == ()
    assert soles_of(core.NodePath("body"), Telling()) == ()


def test_node_paths_are_taken_as_they_are_two_of_a_side_at_most() -> None:
    body = core.NodePath("body")
    paths = [body.attachNewNode(name) for name in "abc"]
    soles = soles_of(body, Telling(left=tuple(paths), right=(paths[2],)))
    assert [(sole.side, sole.path) for sole in soles] == [("left", paths[0]), ("left", paths[1]), ("right", paths[2])]
    for sole in soles:
        sole.release()
    assert not any(path.isEmpty() for path in paths)


def test_feet_can_be_left_untold(panda: Actor) -> None:
    assert soles_of(panda, Telling(left=("eff2",), feet=False)) == ()
