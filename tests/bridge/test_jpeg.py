"""JPEGs: which are taken, what they may cost, and that nothing is written beside the log."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stereosync.scene import UInt8Array
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import PictureSpec
from stereosync_bridge.jpeg import MAX_SCANS, SPARE_BYTES, decode_jpeg, encode_jpeg
from stereosync_bridge.picture import decode_picture

WIDTH, HEIGHT = 48, 32
NOISE = np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
SMOOTH: UInt8Array = cv2.GaussianBlur(NOISE, (0, 0), 4)
WHOLE = encode_jpeg(SMOOTH, 90)
COMMENT = b"\xff\xfe\x00\x02"


def decoded(payload: bytes) -> UInt8Array:
    return decode_jpeg(payload, WIDTH, HEIGHT, (WIDTH, HEIGHT))


def with_fill_bytes(payload: bytes, count: int) -> bytes:
    """Fill bytes before each marker of the header, as encoders that align segments write them."""
    out, position = b"\xff\xd8", 2
    while payload[position + 1] != 0xDA:
        end = position + 2 + int.from_bytes(payload[position + 2 : position + 4], "big")
        out += b"\xff" * count + payload[position:end]
        position = end
    return out + b"\xff" * count + payload[position:]


def progressive(scans: int) -> bytes:
    """A grey progressive JPEG, each scan of which visits all blocks for a few bytes."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    blocks = WIDTH // 8 * HEIGHT // 8
    head = segment(0xDB, b"\0" + bytes([1] * 64))
    head += segment(0xC2, struct.pack(">BHHB", 8, HEIGHT, WIDTH, 1) + bytes((1, 0x11, 0)))
    head += segment(0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\x00")
    head += segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\xe0")
    first = segment(0xDA, bytes((1, 1, 0, 0, 0, 0))) + bytes(blocks // 8 + 1)
    more = segment(0xDA, bytes((1, 1, 0, 1, 63, 0))) + bytes((0, 1))
    return b"\xff\xd8" + head + first + more * (scans - 1) + b"\xff\xd9"


@pytest.mark.parametrize("count", [1, 2, 7])
def test_fill_bytes_before_markers_are_passed_over(count: int) -> None:
    np.testing.assert_array_equal(decoded(with_fill_bytes(WHOLE, count)), decoded(WHOLE))


def test_markers_without_a_length_are_passed_over() -> None:
    np.testing.assert_array_equal(decoded(WHOLE[:2] + b"\xff\x01\xff\xd0" + WHOLE[2:]), decoded(WHOLE))


@pytest.mark.parametrize("flags", [[cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 1]])
def test_progressive_pictures_and_restart_markers_are_taken(flags: list[int]) -> None:
    payload = cv2.imencode(".jpg", SMOOTH[..., ::-1], flags)[1].tobytes()
    assert np.abs(decoded(payload).astype(int) - SMOOTH).mean() < 3


def test_a_grey_picture_comes_in_three_channels() -> None:
    payload = cv2.imencode(".jpg", SMOOTH[..., 0])[1].tobytes()
    assert decoded(payload).shape == (HEIGHT, WIDTH, 3)


def test_scans_are_counted_before_anything_is_decoded() -> None:
    assert decoded(progressive(MAX_SCANS)).shape == (HEIGHT, WIDTH, 3)
    with pytest.raises(WireError, match="picture: has more than 64 scans"):
        decoded(progressive(MAX_SCANS + 1))


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (WHOLE[:2] + COMMENT * 300 + WHOLE[2:], "segments before its first scan"),
        (WHOLE[:2] + b"\xff\xfe\xff\xff" + bytes(0xFFFD) + WHOLE[2:], "within 65536 bytes"),
        (WHOLE[:2] + b"\xff" * 66_000 + WHOLE[2:], "within 65536 bytes"),
        (WHOLE[:-2] + COMMENT * 2000 + WHOLE[-2:], "markers after its first scan"),
        (WHOLE + bytes(3 * WIDTH * HEIGHT + SPARE_BYTES), "more than 3 a pixel"),
        (WHOLE.replace(b"\xff\xc0", b"\xff\xc9"), "baseline or progressive"),
        (WHOLE[: len(WHOLE) // 2], "damaged or cut"),
        (WHOLE[:20], "damaged or cut"),
        (b"\xff\xd8\xff", "damaged or cut"),
        (b"\xff\xd8", "damaged or cut"),
        (b"\x89PNG", "is not a JPEG"),
        (b"", "is not a JPEG"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_taken_is_refused_in_a_sentence(payload: bytes, rule: str) -> None:
    with pytest.raises(WireError, match=rule):
        decoded(payload)


def test_damaged_pictures_are_silent(capfd: pytest.CaptureFixture[str]) -> None:
    places = np.random.default_rng(2).integers(len(WHOLE) // 2, len(WHOLE), (200, 2))
    for place in places:
        broken = bytearray(WHOLE)
        for at in place:
            broken[at] ^= 0x5A
        try:
            decoded(bytes(broken))
        except WireError:
            continue
    assert capfd.readouterr() == ("", "")


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 40))
def test_any_change_gives_a_picture_or_a_wire_error(changes: list[tuple[int, int]], cut: int) -> None:
    payload = bytearray(WHOLE)
    for at, value in changes:
        payload[at] = value
    try:
        picture = decoded(bytes(payload[: len(payload) - cut]))
    except WireError:
        return
    assert picture.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("format_", ["rgb8", "rgba8", "bgra8", "jpeg"])
@pytest.mark.parametrize(("width", "height"), [(1000, 500), (1920, 1080), (2048, 3)])
def test_a_large_picture_comes_as_its_mean(format_: str, width: int, height: int) -> None:
    slope = np.linspace(20, 220, width)[None, :, None] * np.ones((height, 1, 4))
    slope[..., 0] /= 2  # red
    rgba = slope.astype(np.uint8)
    stored = rgba[..., [2, 1, 0, 3]] if format_ == "bgra8" else rgba[..., : 3 if format_ == "rgb8" else 4]
    payload = encode_jpeg(rgba[..., :3], 95) if format_ == "jpeg" else np.ascontiguousarray(stored).tobytes()
    picture = decode_picture(PictureSpec(format_, width, height, len(payload)), payload)
    assert picture.shape == (max(1, round(height * 640 / width)), 640, 3)
    expected = np.linspace(20, 220, 640)[None, :, None] * (0.5, 1, 1)
    assert np.abs(picture - expected)[:, 2:-2].max() < 6
