"""Listening: what a frame tells becomes what is known, bad words are counted, odd conventions are noticed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import walking_feet

from stereosync.listening import Listening, listen
from stereosync.scene import Box, Camera, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.told import AHEAD_S, BACK_S, NOTHING_TOLD, KnownContact, Told
from stereosync_scenes.casting import make_plan
from stereosync_scenes.telling import told_feet

PICTURE, DEPTH_M = np.zeros((9, 16, 3), np.uint8), np.ones((9, 16), np.float32)
FRAME_S = 1 / 30
Point = tuple[float, float, float]


def box(box_id: int = 1, **told: object) -> Box:
    return replace(Box(box_id, "walker", 4, 2, 6, 8), **told)  # type: ignore[arg-type]


def frame(*boxes: Box, time_s: float = 1.0, scene: ToldScene | None = None) -> SceneFrame:
    return SceneFrame(0, time_s, Camera(1.0, 16 / 9), PICTURE, DEPTH_M, boxes, scene)


def heard(*boxes: Box, scene: ToldScene | None = None) -> Told:
    """What one frame at 1 s tells."""
    return listen(Listening(), frame(*boxes, scene=scene))[1]


def foot(side: str, height_m: float = 0.0, surface: str | None = None) -> Foot:
    return Foot(side, (0.2, height_m, 0.3), None, surface)


def test_a_frame_that_tells_nothing_tells_nothing() -> None:
    assert heard(box(1), box(2)) == NOTHING_TOLD
    assert heard() == NOTHING_TOLD
    assert heard(scene=ToldScene()) == NOTHING_TOLD


@pytest.mark.parametrize("strength", [None, 0.25, 0.5, 0.75, 1.0])
def test_told_contacts_are_known_with_their_force_in_octaves(strength: float | None) -> None:
    told = heard(box(7, contacts=(ToldContact("left", 1.2, strength, "Gravel"),)))
    octaves = None if strength is None else {0.25: -1.0, 0.5: 0.0, 0.75: 1.0, 1.0: 2.0}[strength]
    assert told.contacts == {7: (KnownContact(1.2, "left", octaves, "gravel"),)}
    assert told.out_of_time == 0


@pytest.mark.parametrize(
    ("ahead_s", "kept"), [(AHEAD_S, True), (-BACK_S, True), (AHEAD_S + 0.01, False), (-BACK_S - 0.01, False)]
)
def test_contacts_out_of_time_are_left_out_and_counted(ahead_s: float, kept: bool) -> None:
    frame_s = 0.0  # where sums of decimals are exact
    near = ToldContact("right", frame_s + 0.1)
    told = listen(Listening(), frame(box(contacts=(ToldContact("left", ahead_s), near)), time_s=frame_s))[1]
    assert told.out_of_time == int(not kept)
    assert [contact.side for contact in told.contacts[1]] == (["left", "right"] if kept else ["right"])


def test_contacts_of_all_boxes_are_counted() -> None:
    late = (ToldContact("left", 0.2), ToldContact("right", 9.0))
    told = heard(box(1, contacts=late), box(2, contacts=late))
    assert told.out_of_time == 4
    assert told.contacts == {}


def test_words_of_engines_become_grounds() -> None:
    told = heard(box(1, surface="PM_Asphalt_02"), box(2, surface="leaves"), box(3, surface=""), box(4))
    assert told.grounds == {1: "stone", 2: "grass"}
    assert told.unknown_words == ()


def test_unknown_words_are_named_once_each_in_their_order() -> None:
    contact = ToldContact("left", 1.1, None, "砂利")
    boxes = box(1, surface="lava", contacts=(contact, contact)), box(2, surface="lava", feet=(foot("left", 0, "jam"),))
    told = heard(*boxes, scene=ToldScene(place="the moon"))
    assert told.grounds == {}
    assert told.place is None
    assert told.contacts[1][0].ground is None
    assert sorted(told.unknown_words) == sorted(("砂利", "lava", "jam", "the moon"))
    assert len(set(told.unknown_words)) == len(told.unknown_words)


def test_the_ground_under_a_foot_wins_over_the_box_and_the_lowest_foot_over_the_other() -> None:
    feet = (foot("left", 0.3, "snow"), foot("right", 0.1, "ice"))
    assert heard(box(surface="grass", feet=feet)).grounds == {1: "ice"}
    assert heard(box(surface="grass", feet=(foot("left", 0.0, "lava"), foot("right", 0.2, "snow")))).grounds == {
        1: "snow"
    }
    assert heard(box(surface="grass", feet=(foot("left"), foot("right")))).grounds == {1: "grass"}
    assert heard(box(surface="grass", feet=(foot("left", 0.0, "lava"),))).grounds == {1: "grass"}


def test_the_scene_is_told_as_it_is() -> None:
    room = ToldRoom(12.0, 0.6)
    told = heard(scene=ToldScene("Waterfall_2", 0.4, room, ambience=False))
    assert (told.place, told.amount, told.room, told.ambience) == ("waterfall", 0.4, room, False)
    assert heard(scene=ToldScene("")).place == ""
    assert heard(scene=ToldScene(None)).place is None


def walked(
    until_s: float,
    tell: Callable[[float], Sequence[Foot]] = walking_feet.feet,
    box_id: int = 1,
    rate_hz: float = 30.0,
) -> list[Told]:
    """What is known after each frame of somebody whose feet are told."""
    state, found = Listening(), []
    for number in range(round(until_s * rate_hz) + 1):
        time_s = number / rate_hz
        state, told = listen(state, frame(box(box_id, feet=tuple(tell(time_s))), time_s=time_s))
        found.append(told)
    return found


def test_contacts_are_read_from_told_feet() -> None:
    said = [contact for told in walked(2.5, box_id=5) for contact in told.contacts.get(5, ())]
    assert {contact.side for contact in said} == {"left", "right"}
    assert all(contact.by_feet and contact.octaves is None for contact in said)
    left_s = [contact.time_s for contact in said if contact.side == "left"]
    assert min(left_s) == pytest.approx(walking_feet.TURN_S, abs=0.05)


def test_a_foot_that_is_said_to_be_grounded_tells_a_contact() -> None:
    """Not what a rule makes of its height, which a bundle may know better."""

    def flagged(time_s: float) -> Sequence[Foot]:
        return [replace(foot, grounded=foot.world_m[1] < 0.02) for foot in walking_feet.feet(time_s)]

    said = [contact for told in walked(2.5, flagged) for contact in told.contacts.get(1, ())]
    assert {contact.side for contact in said} == {"left", "right"}
    assert not any(contact.by_feet for contact in said)


def test_a_contact_read_from_a_foot_has_that_foot_s_ground() -> None:
    def over(time_s: float) -> Sequence[Foot]:
        left, right = walking_feet.feet(time_s)
        return replace(left, surface="Metal"), replace(right, surface="lava")

    told = walked(2.5, over)
    grounds = {(contact.side, contact.ground) for one in told for contact in one.contacts.get(1, ())}
    assert grounds == {("left", "metal"), ("right", None)}
    assert {one.grounds[1] for one in told} == {"metal"}  # the only one that is known


def test_whose_feet_are_told_is_known() -> None:
    assert heard(box(1, feet=walking_feet.feet(0.0)), box(2)).feet == {1}


def test_feet_of_a_box_that_is_gone_are_forgotten() -> None:
    state, _ = listen(Listening(), frame(box(1, feet=walking_feet.feet(0.0)), box(2, feet=walking_feet.feet(0.0))))
    state, _ = listen(state, frame(box(2, feet=walking_feet.feet(0.03)), time_s=1.03))
    assert set(state.feet) == set(state.near_s) == {2}


def changed(change: Callable[[Point], Point], heading_rad: float = 0.0) -> Callable[[float], Sequence[Foot]]:
    def tell(time_s: float) -> Sequence[Foot]:
        feet = walking_feet.feet(time_s, heading_rad)
        return [replace(one, world_m=change(one.world_m)) for one in feet]

    return tell


def notices(told: Sequence[Told]) -> set[str]:
    return {one.odd_feet for one in told} - {""}


def as_z_up(point: Point) -> Point:
    return point[0], point[2], point[1]


def as_centimetres(point: Point) -> Point:
    return point[0] * 100, point[1] * 100, point[2] * 100


@pytest.mark.parametrize("heading_rad", [0.0, 0.7, math.pi / 2])
def test_centimetres_are_noticed_however_one_walks(heading_rad: float) -> None:
    assert notices(walked(3.0, changed(as_centimetres, heading_rad))) == {"centimetres"}
    in_both = changed(lambda point: as_z_up(as_centimetres(point)), heading_rad)
    assert notices(walked(3.0, in_both)) == {"centimetres"}


@pytest.mark.parametrize("heading_rad", [0.0, 0.4, math.pi])
def test_feet_with_z_up_are_noticed(heading_rad: float) -> None:
    assert notices(walked(3.0, changed(as_z_up, heading_rad))) == {"z_up"}


def test_nothing_is_said_before_some_time_has_passed() -> None:
    assert notices(walked(1.4, changed(as_z_up))) == notices(walked(1.4, changed(as_centimetres))) == set()


@pytest.mark.parametrize("seed", range(700, 712))
def test_right_feet_are_never_called_odd(seed: int) -> None:
    plan = make_plan(seed, 6.0)
    state = Listening()
    for time_s in np.arange(0, 6.0, FRAME_S).tolist():
        boxes = [box(character, feet=feet) for character, feet in told_feet(plan, time_s).items()]
        state, told = listen(state, frame(*boxes, time_s=time_s))
        assert told.odd_feet == "", time_s


@pytest.mark.parametrize("heading_rad", [0.0, 0.1, 0.8, math.pi / 2, math.pi / 2 - 0.1])
@pytest.mark.parametrize("climb", [0.75, -0.75])
def test_stairs_are_not_z_up(heading_rad: float, climb: float) -> None:
    """Up or down 2 m in 2 s, in any direction."""
    climbed = walked(4.0, lambda time_s: walking_feet.feet(time_s, heading_rad, climb))
    assert abs(climb) * walking_feet.STRIDE_M / walking_feet.TURN_S == pytest.approx(1.0, abs=0.1)
    assert notices(climbed) == set()


def test_a_lift_that_takes_somebody_up_is_not_z_up() -> None:
    def lifted(time_s: float) -> Sequence[Foot]:
        return [Foot(side, (x_m, 1.5 * time_s, 0.0)) for side, x_m in (("left", 0.0), ("right", 0.2))]

    assert notices(walked(4.0, lifted)) == set()


def test_a_strange_pair_for_a_moment_is_no_convention() -> None:
    def torn(time_s: float) -> Sequence[Foot]:
        left, right = walking_feet.feet(time_s)
        return left, (right if time_s % 1.0 < 0.9 else replace(right, world_m=(50.0, 0.0, 0.0)))

    assert notices(walked(4.0, torn)) == set()


def test_one_foot_and_a_pair_of_the_same_side_are_no_error() -> None:
    alone = walked(3.0, lambda time_s: walking_feet.feet(time_s)[:1])
    both_left = walked(3.0, lambda time_s: [replace(one, side="left") for one in walking_feet.feet(time_s)])
    assert notices(alone) == notices(both_left) == set()
    assert any(told.contacts for told in alone)
    assert {contact.side for told in both_left for contact in told.contacts.get(1, ())} == {"left"}
