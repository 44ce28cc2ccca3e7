"""FRAME to SceneFrame: pictures, boxes, cameras, and payloads that cannot be decoded."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from bridge_pair import FrameMaker
from hypothesis import given, settings
from hypothesis import strategies as st

from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import (
    DEPTH_BYTES,
    DEPTH_ENCODINGS,
    BoxSpec,
    CameraSpec,
    DepthSpec,
    FrameMessage,
    PictureSpec,
)
from stereosync_bridge.golden import messages
from stereosync_bridge.jpeg import encode_jpeg
from stereosync_bridge.messages import Playback
from stereosync_bridge.picture import decode_picture
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame, to_scene_frame

STAMP = FrameStamp("0" * 32, 1, 50.0, Playback())
RAINBOW = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)


@pytest.mark.parametrize(("format_", "order"), [("rgb8", [0, 1, 2]), ("rgba8", [0, 1, 2, 3]), ("bgra8", [2, 1, 0, 3])])
@pytest.mark.parametrize("row_origin", ["top", "bottom"])
def test_raw_picture(format_: str, order: list[int], row_origin: str) -> None:
    alpha = np.full((4, 6, 1), 9, np.uint8)
    stored = np.concatenate([RAINBOW, alpha], axis=2)[..., order]
    stored = stored if row_origin == "top" else stored[::-1]
    spec = PictureSpec(format_, 6, 4, stored.size, row_origin)
    np.testing.assert_array_equal(decode_picture(spec, stored.tobytes()), RAINBOW)


def test_jpeg_keeps_red_red() -> None:
    red = np.zeros((16, 24, 3), np.uint8)
    red[..., 0] = 200
    payload = encode_jpeg(red, 90)
    decoded = decode_picture(PictureSpec("jpeg", 24, 16, len(payload)), payload)
    assert np.abs(decoded.astype(int) - red).max() <= 6


@pytest.mark.parametrize("size", [(24, 17), (23, 16), (16, 24)])
def test_jpeg_of_another_size_is_refused(size: tuple[int, int]) -> None:
    payload = encode_jpeg(np.zeros((16, 24, 3), np.uint8), 90)
    with pytest.raises(WireError, match="as declared"):
        decode_picture(PictureSpec("jpeg", *size, len(payload)), payload)


@pytest.mark.parametrize("keep", [2, 30, 0.3])
def test_broken_jpeg_is_refused_or_decoded(keep: float) -> None:
    """libjpeg fills what is missing at the end; a head that is missing is refused."""
    whole = encode_jpeg(np.zeros((16, 24, 3), np.uint8), 90)
    payload = whole[: int(keep * len(whole)) if keep < 1 else int(keep)]
    with pytest.raises(WireError, match="picture"):
        decode_picture(PictureSpec("jpeg", 24, 16, len(payload)), payload)


def test_png_is_no_jpeg() -> None:
    payload = cv2.imencode(".png", RAINBOW)[1].tobytes()
    with pytest.raises(WireError, match="picture"):
        decode_picture(PictureSpec("jpeg", 6, 4, len(payload)), payload)


def test_scene_round_trip(scene: FrameMaker) -> None:
    frame = scene(7, 12.5)
    back = to_scene_frame(from_scene_frame(frame, STAMP, PictureOptions()))
    assert back.capture_time_s == 62.5
    assert (back.index, back.boxes) == (7, frame.boxes)
    assert back.camera.vertical_fov_rad == pytest.approx(frame.camera.vertical_fov_rad)
    assert (back.camera.aspect, back.camera.near_m, back.camera.far_m) == (frame.camera.aspect, 0.1, 1000.0)
    np.testing.assert_array_equal(back.picture, frame.picture)
    np.testing.assert_array_equal(back.depth_m, frame.depth_m)


def test_unknown_depth_travels_as_infinity(scene: FrameMaker) -> None:
    depth_m = np.array([[np.nan, -1.0, 0.0], [1e6, np.inf, 2.0]], dtype=np.float32)
    back = to_scene_frame(from_scene_frame(replace(scene(), depth_m=depth_m), STAMP, PictureOptions()))
    np.testing.assert_array_equal(back.depth_m, [[np.inf, np.inf, np.inf], [np.inf, np.inf, 2.0]])


def test_boxes_from_the_bottom_left(plain_frame: FrameMessage) -> None:
    box = BoxSpec(1, "walker", 0.5, 0.25, 1.5, 1.0)
    converted = to_scene_frame(replace(plain_frame, boxes=(box,), box_origin="bottom")).boxes[0]
    assert (converted.y0, converted.y1) == (1.0, 1.75)
    assert (converted.x0, converted.x1) == (0.5, 1.5)


def test_horizontal_angle_becomes_vertical(plain_frame: FrameMessage) -> None:
    camera = to_scene_frame(replace(plain_frame, camera=CameraSpec(90.0, 10.0, 1e5, "horizontal", 0.01))).camera
    assert camera.tan_half_horizontal == pytest.approx(1.0)
    assert camera.tan_half_vertical == pytest.approx(0.5)  # the golden picture is twice as wide as high
    assert (camera.near_m, camera.far_m) == (0.1, 1000.0)


def test_angle_of_the_other_axis_is_checked(plain_frame: FrameMessage) -> None:
    with pytest.raises(WireError, match=r"camera\.fov_deg: both"):
        to_scene_frame(replace(plain_frame, camera=CameraSpec(178.9, 0.1, 10.0, aspect=20.0)))


def test_engine_frame_of_the_golden_files() -> None:
    message = messages()["frame_engine"]
    assert isinstance(message, FrameMessage)
    frame = to_scene_frame(message)
    assert frame.capture_time_s == 100.25
    # n / d in centimetres: 10 / [[0.125, 0], [0.5, 0.25]], the lower row first in the buffer.
    np.testing.assert_allclose(frame.depth_m, [[0.8, np.inf], [0.2, 0.4]])
    np.testing.assert_array_equal(frame.picture[1, 0], [2, 1, 0])
    assert frame.boxes[0].position_m == (-0.5, -1.0, 4.0)
    assert (frame.boxes[0].y0, frame.boxes[0].y1, frame.boxes[0].tight) == (0.0, 1.5, False)
    assert math.degrees(frame.camera.vertical_fov_rad) == pytest.approx(90.0)


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.sampled_from(DEPTH_ENCODINGS),
    st.sampled_from(sorted(DEPTH_BYTES)),
    st.booleans(),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=24, max_size=24),
    st.lists(st.floats(-1e12, 1e12), min_size=16, max_size=16),
    st.sampled_from(["rgb8", "jpeg"]),
)
def test_any_payload_gives_a_scene_or_a_wire_error(
    encoding: str, dtype: str, radial: bool, depth: bytes, picture: bytes, matrix: list[float], format_: str
) -> None:
    plain = messages()["frame_plain"]
    assert isinstance(plain, FrameMessage)
    depth = depth[: 4 * DEPTH_BYTES[dtype]]
    try:
        spec = DepthSpec(encoding, dtype, 2, 2, len(depth), radial=radial, inverse_projection=tuple(matrix))
        shape = PictureSpec(format_, 4, 2, len(picture))
        message = replace(plain, depth=spec, depth_bytes=depth, picture=shape, picture_bytes=picture)
        frame = to_scene_frame(message)
    except WireError:
        return
    assert frame.depth_m.dtype == np.float32
    assert not np.isnan(frame.depth_m).any()


def test_boxes_follow_a_picture_that_is_thinned(plain_frame: FrameMessage) -> None:
    picture = PictureSpec("rgb8", 1280, 720, 1280 * 720 * 3)
    box = BoxSpec(1, "walker", 100.5, 200.0, 300.0, 700.0)
    message = replace(plain_frame, picture=picture, picture_bytes=bytes(picture.n_bytes), boxes=(box,))
    for origin, rows in (("top", (100.0, 350.0)), ("bottom", (10.0, 260.0))):
        frame = to_scene_frame(replace(message, box_origin=origin))
        converted = frame.boxes[0]
        assert (frame.width_px, frame.height_px) == (640, 360)
        assert (converted.x0, converted.x1, converted.y0, converted.y1) == (50.25, 150.0, *rows)


@pytest.mark.parametrize(("z_m", "told"), [(1e-150, False), (-2.0, False), (0.04, False), (0.05, True)])
def test_a_position_beside_the_camera_counts_as_not_told(plain_frame: FrameMessage, z_m: float, told: bool) -> None:
    box = BoxSpec(1, "walker", 0, 0, 1, 1, position_m=(1e9, 0.0, z_m))
    position_m = to_scene_frame(replace(plain_frame, boxes=(box,))).boxes[0].position_m
    assert position_m == ((1e9, 0.0, z_m) if told else None)
