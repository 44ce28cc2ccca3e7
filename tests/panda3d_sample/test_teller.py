"""What is told of a character: feet in metres, the ground under them, contacts; and the floors that are found."""

from __future__ import annotations

from typing import Any

import pytest
from panda3d import core

from stereosync.scene import Box, Foot, ToldContact
from stereosync_panda3d.ground import GroundProbe, word_of
from stereosync_panda3d.options import CaptureOptions, Telling
from stereosync_panda3d.steps import ContactBook
from stereosync_panda3d.teller import Teller

BOX = Box(1, "walker", 0.0, 0.0, 10.0, 20.0)


class Room:
    """A body with two feet over a floor of gravel, whose right half is wood."""

    def __init__(self, scale: float = 1.0) -> None:
        self.world = core.NodePath("room")
        gravel = self.floor(-10 * scale, 0.0, scale)
        gravel.setTag("surface", "PM_Gravel_01")
        boards = self.world.attachNewNode("boards")
        boards.setPythonTag("surface", "wood")
        self.floor(0.0, 10 * scale, scale).reparentTo(boards)
        self.body = self.world.attachNewNode("body")
        self.feet = [self.body.attachNewNode(side) for side in ("left", "right")]
        self.feet[0].setPos(-0.25 * scale, 0, 0.125 * scale)
        self.feet[1].setPos(0.25 * scale, 0.5 * scale, 0.375 * scale)
        own = self.body.attachNewNode(core.CollisionNode("own"))
        own.node().addSolid(core.CollisionSphere(0, 0, 0, 0.75 * scale))
        self.telling = Telling(left=(self.feet[0],), right=(self.feet[1],))

    def floor(self, x0: float, x1: float, scale: float) -> Any:
        """A rectangle of the plane z = 0, seen from above."""
        corners = [core.Point3(x, y * scale, 0) for x, y in ((x0, -10), (x1, -10), (x1, 10), (x0, 10))]
        path = self.world.attachNewNode(core.CollisionNode("floor"))
        path.node().addSolid(core.CollisionPolygon(*corners))
        return path

    def told(self, telling: Telling | None = None, captured_s: float = 0.0, **options: Any) -> Box:
        teller = Teller(CaptureOptions(**options))
        teller.add(1, self.body, self.telling if telling is None else telling)
        return teller.told(BOX, self.world, captured_s)


def test_feet_are_told_in_a_fixed_world_with_y_up() -> None:
    room = Room()
    assert room.told().feet == (
        Foot("left", (-0.25, 0.125, 0.0), surface="PM_Gravel_01"),
        Foot("right", (0.25, 0.375, 0.5), surface="wood"),
    )
    room.body.setPosHpr(-5, 2, 1, 90, 0, 0)
    left, right = (foot.world_m for foot in room.told().feet)
    assert left == pytest.approx((-5, 1.125, 1.75), abs=1e-6)
    assert right == pytest.approx((-5.5, 1.375, 2.25), abs=1e-6)


def test_a_game_in_centimetres_is_told_in_metres() -> None:
    metres, centimetres = Room().told(), Room(100.0).told(metres_per_unit=0.01)
    for one, other in zip(metres.feet, centimetres.feet, strict=True):
        assert other.world_m == pytest.approx(one.world_m)
        assert other.surface == one.surface


def test_a_foot_far_above_the_floor_or_beside_it_has_no_ground() -> None:
    room = Room()
    room.body.setZ(3)
    assert [foot.surface for foot in room.told().feet] == [None, None]
    room.body.setPos(50, 0, 0)
    assert [foot.surface for foot in room.told().feet] == [None, None]


def test_what_the_game_says_of_the_ground_takes_the_place_of_the_ray() -> None:
    room = Room()
    teller = Teller(CaptureOptions())
    teller.add(1, room.body, room.telling)
    teller.tell_surface(1, "snow")
    teller.tell_surface(99, "nobody's")
    told = teller.told(BOX, room.world, 0.0)
    assert (told.surface, [foot.surface for foot in told.feet]) == ("snow", [None, None])
    teller.tell_surface(1, None)
    assert teller.told(BOX, room.world, 0.0).feet[1].surface == "wood"


def test_feet_and_ground_can_be_left_untold() -> None:
    room = Room()
    assert room.told(Telling(feet=False, ground=False)) == BOX
    left, right = room.telling.left, room.telling.right
    assert [foot.surface for foot in room.told(Telling(left, right, ground=False)).feet] == [None, None]


def test_a_body_without_feet_has_the_ground_under_its_origin() -> None:
    room = Room()
    room.body.setX(-3)
    told = room.told(Telling())
    assert (told.feet, told.surface) == ((), "PM_Gravel_01")


def test_a_foot_that_was_taken_away_is_not_told() -> None:
    room = Room()
    teller = Teller(CaptureOptions())
    teller.add(1, room.body, room.telling)
    room.feet[0].removeNode()
    assert [foot.side for foot in teller.told(BOX, room.world, 0.0).feet] == ["right"]
    teller.remove(1)
    teller.remove(1)


def test_contacts_go_with_the_frames_around_them() -> None:
    room = Room()
    teller = Teller(CaptureOptions())
    teller.add(1, room.body, room.telling)
    step = ToldContact("left", 10.0, 0.5)
    teller.tell_contact(1, step)
    teller.tell_contact(99, step)
    told = [teller.told(BOX, room.world, captured_s).contacts for captured_s in (9.4, 9.6, 10.05, 10.2)]
    assert told == [(), (step,), (step,), ()]


def test_a_contact_told_anew_is_one() -> None:
    book = ContactBook()
    first, moved, other = ToldContact("left", 10.0), ToldContact("left", 10.1, 0.75), ToldContact("right", 10.1)
    for contact in (first, other, moved):
        book.add(contact)
    assert book.of_frame(9.9) == (other, moved)


def test_eight_contacts_at_most_go_with_a_frame() -> None:
    book = ContactBook()
    for side in ("left", "right"):
        for index in range(5):
            book.add(ToldContact(side, 10 + 0.125 * index))
    assert len(book.of_frame(10.0)) == 8


def test_only_floors_of_the_mask_are_found() -> None:
    room = Room()
    for floor in room.world.findAllMatches("**/floor"):
        floor.node().setIntoCollideMask(core.BitMask32.bit(4))
    assert [foot.surface for foot in room.told().feet] == ["PM_Gravel_01", "wood"], "bit 4 is one of the usual ones"
    assert [foot.surface for foot in room.told(ground_mask=1 << 5).feet] == [None, None]
    assert [foot.surface for foot in room.told(ground_mask=1 << 4).feet] == ["PM_Gravel_01", "wood"]


def test_the_nearest_floor_counts_though_it_has_no_word() -> None:
    room = Room()
    step = room.world.attachNewNode(core.CollisionNode("step"))
    step.node().addSolid(
        core.CollisionPolygon(*[core.Point3(x, y, 0.1) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    )
    assert [foot.surface for foot in room.told().feet] == [None, None]
    step.setTag("surface", "metal")
    assert [foot.surface for foot in room.told().feet] == ["metal", "metal"]


def test_the_probe_leaves_the_scene_as_it_was() -> None:
    room = Room()
    before = len(room.world.findAllMatches("**"))
    GroundProbe().under(core.Point3(-1, 0, 0), room.world, room.body, 1.0)
    assert len(room.world.findAllMatches("**")) == before


def test_a_tag_that_is_no_text_is_no_word() -> None:
    path = core.NodePath("floor")
    assert word_of(path) is None
    path.setPythonTag("surface", 7)
    assert word_of(path) is None
    path.setTag("surface", "ice")
    assert word_of(path) == "ice"
    assert word_of(path.attachNewNode("part")) == "ice"
