"""What an engine tells: rules of the wire, the way into core's types and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgpack
import numpy as np
import pytest
from bridge_pair import FrameMaker
from changed_message import decode_changed, header_of

from stereosync.scene import Box, Camera, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.vocabulary import ground_of
from stereosync_bridge import errors, wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import BoxSpec, FrameMessage
from stereosync_bridge.rules import plain
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame, to_scene_frame
from stereosync_bridge.told_codec import word
from stereosync_bridge.told_message import ContactSpec, FootSpec, RoomSpec, SceneSpec

STAMP = FrameStamp("0" * 32, 1, 50.0, None)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\u200d"  # 8 code points, one of them drawn
FOOT = {"side": "left", "world_m": [0.0, 0.0, 0.0]}
CONTACT = {"side": "right", "time_client_s": 1.0}
BOX = "boxes__0__"


def sent(frame: SceneFrame) -> FrameMessage:
    message = wire.decode(wire.encode(from_scene_frame(frame, STAMP, PictureOptions())))
    assert isinstance(message, FrameMessage)
    return message


def box_of(frame: SceneFrame, **changes: Any) -> SceneFrame:
    return replace(frame, boxes=(replace(frame.boxes[0], **changes),))


# Rules


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({BOX + "feet": [FOOT] * 5}, errors.BAD_VALUE, "boxes[0].feet"),
        ({BOX + "feet": None}, errors.BAD_TYPE, "boxes[0].feet"),
        ({BOX + "feet": {"left": FOOT}}, errors.BAD_TYPE, "boxes[0].feet"),
        ({BOX + "feet": [[0, 0, 0]]}, errors.BAD_TYPE, "boxes[0].feet[0]"),
        ({BOX + "feet": [{"side": "left"}]}, errors.MISSING_FIELD, "boxes[0].feet[0].world_m"),
        ({BOX + "feet__1__side": "middle"}, errors.BAD_VALUE, "boxes[0].feet[1].side"),
        ({BOX + "feet__1__side": 0}, errors.BAD_VALUE, "boxes[0].feet[1].side"),
        ({BOX + "feet__0__world_m": [0.0, 0.0]}, errors.BAD_VALUE, "boxes[0].feet[0].world_m"),
        ({BOX + "feet__0__world_m": None}, errors.BAD_TYPE, "boxes[0].feet[0].world_m"),
        ({BOX + "feet__0__world_m__2": float("nan")}, errors.BAD_VALUE, "boxes[0].feet[0].world_m[2]"),
        ({BOX + "feet__0__world_m__1": float("-inf")}, errors.BAD_VALUE, "boxes[0].feet[0].world_m[1]"),
        ({BOX + "feet__0__world_m__0": 1e10}, errors.BAD_VALUE, "boxes[0].feet[0].world_m[0]"),
        ({BOX + "feet__0__grounded": 1}, errors.BAD_TYPE, "boxes[0].feet[0].grounded"),
        ({BOX + "feet__0__surface": 7}, errors.BAD_TYPE, "boxes[0].feet[0].surface"),
        ({BOX + "feet__0__surface": "s" * 65}, errors.BAD_VALUE, "boxes[0].feet[0].surface"),
        ({BOX + "contacts": [CONTACT] * 9}, errors.BAD_VALUE, "boxes[0].contacts"),
        ({BOX + "contacts__0__time_client_s": float("nan")}, errors.BAD_VALUE, "boxes[0].contacts[0].time_client_s"),
        ({BOX + "contacts__0__time_client_s": None}, errors.BAD_TYPE, "boxes[0].contacts[0].time_client_s"),
        ({BOX + "contacts__0__strength": 1.01}, errors.BAD_VALUE, "boxes[0].contacts[0].strength"),
        ({BOX + "contacts__0__strength": "hard"}, errors.BAD_TYPE, "boxes[0].contacts[0].strength"),
        ({BOX + "contacts__0__surface": "\U0001f3dd" * 65}, errors.BAD_VALUE, "boxes[0].contacts[0].surface"),
        ({BOX + "surface": ["stone"]}, errors.BAD_TYPE, "boxes[0].surface"),
        ({BOX + "surface": b"stone"}, errors.BAD_TYPE, "boxes[0].surface"),
        ({"scene": "forest"}, errors.BAD_TYPE, "scene"),
        ({"scene": []}, errors.BAD_TYPE, "scene"),
        ({"scene": True}, errors.BAD_TYPE, "scene"),
        ({"scene__place": 3}, errors.BAD_TYPE, "scene.place"),
        ({"scene__amount": -0.1}, errors.BAD_VALUE, "scene.amount"),
        ({"scene__amount": float("nan")}, errors.BAD_VALUE, "scene.amount"),
        ({"scene__ambience": None}, errors.BAD_TYPE, "scene.ambience"),
        ({"scene__room": 12.5}, errors.BAD_TYPE, "scene.room"),
        ({"scene__room": {"size_m": 4.0}}, errors.MISSING_FIELD, "scene.room.hardness"),
        ({"scene__room__size_m": 10_001}, errors.BAD_VALUE, "scene.room.size_m"),
        ({"scene__room__hardness": 1.5}, errors.BAD_VALUE, "scene.room.hardness"),
        ({"playback": []}, errors.BAD_TYPE, "playback"),
        ({"playback__device_ms": -1.0}, errors.BAD_VALUE, "playback.device_ms"),
        ({"playback__device_ms": None}, errors.BAD_TYPE, "playback.device_ms"),
    ],
)
def test_broken_rule_is_named(changes: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(WireError) as caught:
        decode_changed("frame_told", **changes)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.rule


@pytest.mark.parametrize(
    "changes",
    [
        {BOX + "feet": []},
        {BOX + "feet": [FOOT, FOOT, {**FOOT, "side": "right"}, FOOT]},
        {BOX + "feet__0__world_m": [-1e9, 0, 1e9]},
        {BOX + "feet__0__grounded": None, BOX + "feet__0__surface": None},
        {BOX + "contacts": [CONTACT] * 8},
        {BOX + "contacts__0__strength": None},
        {BOX + "contacts__0__time_client_s": -1e12},
        {BOX + "surface": None},
        {"scene": {}},
        {"scene": None},
        {"scene": {"place": None, "amount": None, "room": None, "ambience": True}},
        {"scene__room": {"size_m": 0, "hardness": 0}},
        {"playback": None},
        {"playback__device_ms": 10_000},
        {BOX + "hints": {"shoe": ["of", 1.0]}},
    ],
)
def test_what_keeps_the_rules_is_taken(changes: dict[str, object]) -> None:
    message = decode_changed("frame_told", **changes)
    assert wire.decode(wire.encode(message)) == message


@pytest.mark.parametrize(
    "surface", ["石头", "砂利" * 32, FAMILY * 8, "\x00\a\n\x7f", "\u202eflipped\ufeff", " ", "\U0010ffff", "a" * 64]
)
def test_any_characters_are_a_surface_and_no_hint_if_unknown(surface: str) -> None:
    message = decode_changed("frame_told", boxes__0__surface=surface, scene__place=surface)
    assert isinstance(message, FrameMessage)
    frame = to_scene_frame(message)
    assert (frame.boxes[0].surface, frame.scene and frame.scene.place) == (surface, surface)
    assert sent(frame).boxes[0].surface == surface
    assert ground_of(surface) is None


def test_text_that_is_no_utf8_is_a_bad_header() -> None:
    header = msgpack.packb(header_of("frame_told")).replace(b"wood", b"w\xff\xfed")
    with pytest.raises(WireError) as caught:
        wire.decode([header, b"", b""])
    assert caught.value.code == errors.BAD_HEADER


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        (BoxSpec(1, "w", 0.0, 0.0, 1.0, 1.0), "id label x0 y0 x1 y1 tight position_m"),
        (FootSpec("left", (0.0, 0.0, 0.0)), "side world_m"),
        (FootSpec("left", (0.0, 0.0, 0.0), False, ""), "side world_m grounded surface"),
        (ContactSpec("left", 0.0), "side time_client_s"),
        (ContactSpec("left", 0.0, 0.0), "side time_client_s strength"),
        (SceneSpec(), ""),
        (SceneSpec(""), "place"),
        (SceneSpec(amount=0.0, room=RoomSpec(0.0, 0.0), ambience=False), "amount room ambience"),
    ],
)
def test_only_what_is_not_told_is_left_out(record: object, keys: str) -> None:
    assert list(plain(record)) == keys.split()


def test_a_full_frame_of_64_characters_fits_into_the_header(told_scene: FrameMaker) -> None:
    frame, name = told_scene(), "MI_Cobblestone_Wet_01"
    feet = tuple(Foot(side, (1234.5, 0.125, -987.25), True, name) for side in ("left", "right"))
    contacts = tuple(ToldContact("left", 1e5 + 0.1 * number, 0.5, name) for number in range(4))
    box = replace(frame.boxes[0], feet=feet, contacts=contacts, surface=name, position_m=(1.0, 2.0, 3.0))
    parts = wire.encode(sent(replace(frame, boxes=tuple(replace(box, id=number) for number in range(64)))))
    assert len(parts[0]) < wire.MAX_HEADER_BYTES


# Into core's types and back


def test_everything_told_makes_the_round_trip(told_scene: FrameMaker) -> None:
    frame = told_scene(3, 12.5)
    back = to_scene_frame(sent(frame))
    contact = replace(frame.boxes[0].contacts[0], time_s=62.75)
    assert back.boxes == (replace(frame.boxes[0], contacts=(contact,)),)
    assert back.scene == frame.scene


def test_golden_frame(told_frame: FrameMessage) -> None:
    frame = to_scene_frame(told_frame)
    first, second = frame.boxes
    assert first.feet == (
        Foot("left", (-0.25, 0.125, 3.5), False, "PM_Gravel_01"),
        Foot("right", (0.25, 0.0, 4.0), True, "gravel"),
    )
    assert first.contacts[0].time_s - frame.capture_time_s == pytest.approx(0.2)
    assert (first.contacts[0].side, first.contacts[0].strength, first.contacts[0].surface) == ("left", 0.75, "water")
    assert (second.feet, second.contacts, second.surface) == ((), (), "wood")
    assert frame.scene == ToldScene("forest", 0.5, ToldRoom(12.5, 0.25), ambience=False)


def test_a_box_without_feet_is_as_before(scene: FrameMaker) -> None:
    message = sent(scene())
    assert message == from_scene_frame(scene(), STAMP, PictureOptions())
    box = to_scene_frame(message).boxes[0]
    assert (box.feet, box.contacts, box.surface) == ((), (), None)
    assert "feet" not in msgpack.unpackb(wire.encode(message)[0])["boxes"][0]


def test_two_left_feet_keep_their_order(scene: FrameMaker) -> None:
    feet = (Foot("left", (0.0, 0.0, 1.0)), Foot("right", (0.0, 0.0, 2.0)), Foot("left", (0.0, 0.0, 3.0)))
    assert to_scene_frame(sent(box_of(scene(), feet=feet))).boxes[0].feet == feet


@pytest.mark.parametrize(
    ("text", "goes_out"),
    [
        (None, None),
        ("", None),
        ("gravel", "gravel"),
        ("g" * 65, "g" * 64),
        ("石" * 100, "石" * 64),
        (FAMILY * 9, FAMILY * 8),
        ("a\ud83d", "a?"),
        (json.loads('"\\ud83d\\ude00"'), "\U0001f600"),
    ],
)
def test_surfaces_are_cut_at_64_code_points(scene: FrameMaker, text: str | None, goes_out: str | None) -> None:
    assert word(text) == goes_out
    feet, contacts = (Foot("left", (0.0, 0.0, 0.0), surface=text),), (ToldContact("left", 0.0, surface=text),)
    box = sent(box_of(scene(), feet=feet, contacts=contacts, surface=text)).boxes[0]
    assert (box.surface, box.feet[0].surface, box.contacts[0].surface) == (goes_out, goes_out, goes_out)


@pytest.mark.parametrize(("place", "goes_out"), [("", ""), (None, None), ("p" * 70, "p" * 64)])
def test_a_quiet_place_is_told_and_a_long_one_cut(scene: FrameMaker, place: str | None, goes_out: str | None) -> None:
    message = sent(replace(scene(), scene=ToldScene(place)))
    assert message.scene == SceneSpec(goes_out)
    assert to_scene_frame(message).scene == ToldScene(goes_out)


def test_empty_surfaces_that_come_in_are_none() -> None:
    message = decode_changed("frame_told", boxes__0__surface="", boxes__0__feet__0__surface="")
    assert isinstance(message, FrameMessage)
    box = to_scene_frame(message).boxes[0]
    assert (box.surface, box.feet[0].surface) == (None, None)


def test_numpy_scalars_go_over_the_wire(scene: FrameMaker) -> None:
    point: Any = np.array([1.5, 0.25, -2.0], np.float32)
    told: dict[str, Any] = {
        "feet": (Foot("left", point, np.bool_(True)),),  # type: ignore[arg-type]
        "contacts": (ToldContact("left", np.float32(0.5), np.float32(0.25)),),  # type: ignore[arg-type]
    }
    box = to_scene_frame(sent(box_of(scene(), **told))).boxes[0]
    assert box.feet == (Foot("left", (1.5, 0.25, -2.0), True),)
    assert box.contacts == (ToldContact("left", 50.5, 0.25),)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"feet": (Foot("left", (0.0, float("nan"), 0.0)),)}, "boxes[0].feet[0].world_m[1]"),
        ({"feet": (Foot("left", (0.0, 0.0, 0.0)),) * 5}, "boxes[0].feet"),
        ({"feet": (Foot("both", (0.0, 0.0, 0.0)),)}, "boxes[0].feet[0].side"),
        ({"contacts": (ToldContact("left", 0.0),) * 9}, "boxes[0].contacts"),
        ({"contacts": (ToldContact("left", 0.0, 1.5),)}, "boxes[0].contacts[0].strength"),
    ],
)
def test_a_client_refuses_to_send_what_breaks_a_rule(scene: FrameMaker, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(WireError) as caught:
        sent(box_of(scene(), **changes))
    assert caught.value.field == field


def test_a_client_refuses_a_room_that_breaks_a_rule(scene: FrameMaker) -> None:
    with pytest.raises(WireError, match=r"scene\.room\.hardness: must be at least 0 and at most 1"):
        sent(replace(scene(), scene=ToldScene(room=ToldRoom(4.0, 1.5))))


@pytest.mark.parametrize(("speed", "ahead_s"), [(1.0, 0.25), (0.5, 0.5)])
def test_contacts_move_with_their_frame(told_scene: FrameMaker, speed: float, ahead_s: float) -> None:
    frame = told_scene(1, 10.0)
    moved = frame.stamped(100.0, speed)
    assert (moved.capture_time_s, moved.boxes[0].contacts[0].time_s) == (100.0, 100.0 + ahead_s)
    assert moved.stamped(10.0, 1 / speed).boxes == frame.boxes


def test_moving_a_frame_without_boxes() -> None:
    message = decode_changed("frame_plain", boxes=[])
    assert isinstance(message, FrameMessage)
    boxes: tuple[Box, ...] = to_scene_frame(message).stamped(3.0).boxes
    assert boxes == ()


class Odd:
    """Of no type that the wire has."""


def numpy_box(frame: SceneFrame) -> SceneFrame:
    """The frame with every number of its camera and its box as NumPy has them."""
    corners = np.array([4.25, 2.5, 9.75, 16.125], np.float32)
    position: Any = np.array([0.5, -1.0, 4.0], np.float32)
    box = Box(np.int64(3), "walker", *corners, np.bool_(False), position)  # type: ignore[arg-type]
    camera = Camera(np.float32(1.0), np.float32(1.5), np.float32(0.25), np.float64(100))  # type: ignore[arg-type]
    return replace(frame, index=np.int32(7), capture_time_s=np.float64(2.5), camera=camera, boxes=(box,))  # type: ignore[arg-type]


def test_numbers_of_numpy_are_sent_as_pythons_own(scene: FrameMaker) -> None:
    frame = to_scene_frame(sent(numpy_box(scene())))
    assert (frame.index, frame.capture_time_s, frame.camera.aspect) == (7, 52.5, 1.5)
    assert frame.boxes == (Box(3, "walker", 4.25, 2.5, 9.75, 16.125, False, (0.5, -1.0, 4.0)),)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": Odd()}, "boxes[0].id"),
        ({"x0": "4"}, "boxes[0].x0"),
        ({"y1": None}, "boxes[0].y1"),
        ({"x1": np.longdouble(4)}, "boxes[0].x1"),
        ({"position_m": (Odd(), 0.0, 1.0)}, "boxes[0].position_m[0]"),
        ({"position_m": np.zeros((3, 3))}, "boxes[0].position_m[0]"),
        ({"label": 7}, "boxes[0].label"),
        ({"surface": 7}, "boxes[0].surface"),
        ({"feet": (Foot("left", "here"),)}, "boxes[0].feet[0].world_m"),  # type: ignore[arg-type]
        ({"x1": 10**400}, "boxes[0].x1"),
        ({"x0": 9.0, "x1": 3.0}, "boxes[0].x1"),
    ],
)
def test_a_value_that_cannot_be_sent_is_named(scene: FrameMaker, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(WireError) as caught:
        sent(box_of(scene(), **changes))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("picture", "depth", "rule"),
    [
        ((2160, 3840, 3), (9, 16), r"picture\.width_px: must be 1 to 2048, got 3840"),
        ((18, 32, 4), (9, 16), "picture: must be"),
        ((18, 32, 3), (0, 0), r"depth\.width_px: must be 1 to 2048, got 0"),
        ((18, 32, 3), (9, 16, 1), "depth: must be"),
        ((18, 32, 3), (9,), "depth: must be"),
        ((18,), (9, 16), "picture: must be"),
        ((0, 0, 3), (9, 16), "picture: must be"),
    ],
)
def test_a_picture_that_cannot_be_sent_is_refused_at_the_client(
    scene: FrameMaker, picture: tuple[int, ...], depth: tuple[int, ...], rule: str
) -> None:
    frame = replace(scene(), picture=np.zeros(picture, np.uint8), depth_m=np.ones(depth, np.float32))
    for format_ in ("rgb8", "jpeg"):
        with pytest.raises(WireError, match=rule):
            from_scene_frame(frame, STAMP, PictureOptions(format_))
