"""Encode, decode, and every way in which a message can be wrong."""

from __future__ import annotations

from datetime import UTC

import msgpack
import pytest
from changed_message import decode_changed, header_of
from hypothesis import given, settings
from hypothesis import strategies as st

from stereosync_bridge import errors, wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.golden import messages
from stereosync_bridge.version import WIRE

MESSAGES = messages()
FUZZ = settings(max_examples=300, deadline=None, database=None)


@pytest.mark.parametrize("name", MESSAGES)
def test_round_trip(name: str) -> None:
    assert wire.decode(wire.encode(MESSAGES[name])) == MESSAGES[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_unknown_keys_are_ignored(name: str) -> None:
    assert decode_changed(name, from_the_future=[1, {"a": None}]) == MESSAGES[name]


@pytest.mark.parametrize(
    ("name", "changes", "code", "field"),
    [
        ("ping", {"type": "NEW"}, errors.UNKNOWN_TYPE, "type"),
        ("ping", {"type": 3}, errors.UNKNOWN_TYPE, "type"),
        ("ping", {"sent_client_s": float("nan")}, errors.BAD_VALUE, "sent_client_s"),
        ("ping", {"sent_client_s": "now"}, errors.BAD_TYPE, "sent_client_s"),
        ("ping", {"frames_sent": True}, errors.BAD_TYPE, "frames_sent"),
        ("ping", {"frames_sent": -1}, errors.BAD_VALUE, "frames_sent"),
        ("ping", {"playback__buffered_ms": float("inf")}, errors.BAD_VALUE, "playback.buffered_ms"),
        ("hello", {"session": "short"}, errors.BAD_VALUE, "session"),
        ("hello", {"client": "bell\a"}, errors.BAD_VALUE, "client"),
        ("hello", {"capabilities": {"jpeg": 1}}, errors.BAD_TYPE, "capabilities.jpeg"),
        ("stats", {"values": {str(i): 0.0 for i in range(257)}}, errors.BAD_VALUE, "values"),
        ("audio", {"n_samples": 4}, errors.BAD_LENGTH, "pcm"),
        ("frame_plain", {"camera__near": 5.0, "camera__far": 5.0}, errors.BAD_VALUE, "camera.near"),
        ("frame_plain", {"camera__far": float("inf")}, errors.BAD_VALUE, "camera.far"),
        ("frame_plain", {"camera__fov_deg": 179.0}, errors.BAD_VALUE, "camera.fov_deg"),
        ("frame_plain", {"camera__fov_deg": 1.0}, errors.BAD_VALUE, "camera.fov_deg"),
        ("frame_plain", {"camera": None}, errors.BAD_TYPE, "camera"),
        ("frame_plain", {"picture__format": "webp"}, errors.BAD_VALUE, "picture.format"),
        ("frame_plain", {"picture__width_px": 5}, errors.BAD_LENGTH, "picture.n_bytes"),
        ("frame_plain", {"picture__width_px": 4096}, errors.BAD_VALUE, "picture.width_px"),
        ("frame_plain", {"depth__dtype": "float64"}, errors.BAD_VALUE, "depth.dtype"),
        ("frame_plain", {"depth__dtype": "float32"}, errors.BAD_LENGTH, "depth.n_bytes"),
        ("frame_plain", {"depth__dtype": "uint16", "depth__scale": 0.0}, errors.BAD_VALUE, "depth.scale"),
        ("frame_plain", {"depth__encoding": "inverse_projection"}, errors.MISSING_FIELD, "depth.inverse_projection"),
        ("frame_plain", {"depth__encoding": "carla24"}, errors.BAD_VALUE, "depth.dtype"),
        ("frame_plain", {"boxes__0__x1": 0.0}, errors.BAD_VALUE, "boxes[0].x1"),
        ("frame_plain", {"boxes__0__y1": float("nan")}, errors.BAD_VALUE, "boxes[0].y1"),
        ("frame_plain", {"boxes__0__position_m": [0, 0]}, errors.BAD_VALUE, "boxes[0].position_m"),
        ("frame_plain", {"box_origin": "middle"}, errors.BAD_VALUE, "box_origin"),
    ],
)
def test_broken_rule_is_named(name: str, changes: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(WireError) as caught:
        decode_changed(name, **changes)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.rule


def test_missing_field_is_named() -> None:
    header = header_of("frame_plain")
    del header["camera"]["near"]
    with pytest.raises(WireError, match=r"camera\.near: is required"):
        wire.decode([msgpack.packb(header), *wire.encode(MESSAGES["frame_plain"])[1:]])


def test_more_than_64_boxes_are_refused() -> None:
    box = header_of("frame_plain")["boxes"][0]
    decode_changed("frame_plain", boxes=[box | {"id": number} for number in range(64)])
    with pytest.raises(WireError, match="boxes: must hold 0 to 64 values, got 65"):
        decode_changed("frame_plain", boxes=[box | {"id": number} for number in range(65)])


def test_box_ids_are_unique() -> None:
    box = header_of("frame_plain")["boxes"][0]
    with pytest.raises(WireError, match="unique"):
        decode_changed("frame_plain", boxes=[box, box])


@pytest.mark.parametrize("change", [slice(0, -1), slice(0, 0), None])
@pytest.mark.parametrize("part", [1, 2])
def test_payload_of_another_length_is_refused(part: int, change: slice | None) -> None:
    parts = wire.encode(MESSAGES["frame_plain"])
    parts[part] = parts[part] + b"\0" if change is None else parts[part][change]
    with pytest.raises(WireError) as caught:
        wire.decode(parts)
    assert caught.value.code == errors.BAD_LENGTH
    assert caught.value.field == ("picture", "depth")[part - 1]


def test_number_of_parts_is_checked() -> None:
    parts = wire.encode(MESSAGES["frame_plain"])
    for wrong in (parts[:2], [*parts, b""], []):
        with pytest.raises(WireError) as caught:
            wire.decode(wrong)
        assert caught.value.code == errors.BAD_HEADER


@pytest.mark.parametrize("theirs", ["2.0", "0.9", "1", "x.y", None, 1.0])
def test_wrong_version_names_both(theirs: object) -> None:
    with pytest.raises(WireError) as caught:
        decode_changed("hello", wire=theirs, session="not read before the version")
    assert caught.value.code == errors.WRONG_VERSION
    assert WIRE in caught.value.rule


def test_version_of_a_client_that_needs_a_newer_server() -> None:
    with pytest.raises(WireError, match="update the older side"):
        decode_changed("hello", wire="1.9", min_wire="1.5")


def test_newer_minor_version_is_accepted() -> None:
    decode_changed("hello", wire="1.9")


def test_pcm_that_is_not_finite_is_refused() -> None:
    message = wire.decode([wire.encode(MESSAGES["audio"])[0], b"\xff" * 24])
    with pytest.raises(WireError, match="pcm: samples must be finite"):
        message.chunk()  # type: ignore[union-attr]


@FUZZ
@given(st.lists(st.binary(max_size=200), max_size=4))
def test_any_bytes_give_a_message_or_a_wire_error(parts: list[bytes]) -> None:
    decode_or_wire_error(parts)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@FUZZ
@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_any_header_value_gives_a_message_or_a_wire_error(name: str, data: st.DataObject) -> None:
    header = header_of(name)
    group = header
    while True:
        key = data.draw(st.sampled_from(sorted(group)))
        if isinstance(group[key], dict) and group[key] and data.draw(st.booleans()):
            group = group[key]
            continue
        group[key] = data.draw(VALUES)
        break
    decode_or_wire_error([msgpack.packb(header, datetime=True), *wire.encode(MESSAGES[name])[1:]])


@FUZZ
@given(st.sampled_from(sorted(MESSAGES)), st.integers(0, 10_000), st.integers(0, 255))
def test_any_changed_byte_gives_a_message_or_a_wire_error(name: str, position: int, value: int) -> None:
    parts = wire.encode(MESSAGES[name])
    header = bytearray(parts[0])
    header[position % len(header)] = value
    decode_or_wire_error([bytes(header), *parts[1:]])


def decode_or_wire_error(parts: list[bytes]) -> None:
    try:
        message = wire.decode(parts)
    except WireError as caught:
        error = caught
    else:
        assert wire.decode(wire.encode(message)) == message
        return
    assert error.code in errors.CODES
    assert error.field
    assert error.rule
