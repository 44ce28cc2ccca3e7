"""Slips that break no rule, each beside the frame that was meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from stereosync_bridge.depth import decode_depth, looks_reversed
from stereosync_bridge.errors import (
    ANGLE_LOOKS_LIKE_RADIANS,
    BOXES_LOOK_LIKE_SHARES,
    BOXES_MISS_POSITIONS,
    CODES,
    DEPTH_LOOKS_EMPTY,
    DEPTH_LOOKS_REVERSED,
    DEPTH_OUT_OF_SCALE,
    ODD_FRAMES,
)
from stereosync_bridge.frame_message import BoxSpec, CameraSpec, DepthSpec, FrameMessage, PictureSpec
from stereosync_bridge.plausibility import odd
from stereosync_bridge.scene_codec import to_scene_frame

WIDTH, HEIGHT = 64, 36
EYE_M, CEILING_M = 1.6, 2.6
Array = npt.NDArray[np.float64]


def scene_m(room: bool, near_m: float, far_m: float) -> Array:
    """Planar metres of a floor under a ceiling, or under the sky, with a wall or the horizon behind."""
    slope = (1 - 2 * (np.arange(HEIGHT) + 0.5) / HEIGHT)[:, None] * np.ones(WIDTH)
    with np.errstate(divide="ignore"):
        floor_m = np.where(slope < 0, -EYE_M / slope, np.inf)
        above_m = np.where(slope > 0, (CEILING_M - EYE_M) / slope, np.inf) if room else np.full_like(slope, np.inf)
    return np.clip(np.minimum(floor_m, np.minimum(above_m, 8.0 if room else np.inf)), near_m, far_m)


def standard(z: Array, n: float, f: float) -> Array:
    return f * (z - n) / (z * (f - n))


STORED: dict[str, Callable[[Array, float, float], Array]] = {
    "standard": standard,
    "reversed": lambda z, n, f: 1 - standard(z, n, f),
    "reversed_infinite": lambda z, n, _f: n / z,
    "opengl_ndc": lambda z, n, f: 2 * standard(z, n, f) - 1,
    "ndc reversed": lambda z, n, f: 1 - 2 * standard(z, n, f),
    "linear01": lambda z, _n, f: z / f,
    "linear01 reversed": lambda z, _n, f: 1 - z / f,
    "orthographic": lambda z, n, f: (z - n) / (f - n),
    "orthographic_reversed": lambda z, n, f: (f - z) / (f - n),
}


@pytest.mark.parametrize("room", [True, False])
@pytest.mark.parametrize(("near_m", "far_m"), [(0.05, 4000.0), (0.1, 1000.0), (0.3, 1000.0)])
@pytest.mark.parametrize("rows", [1, -1])
@pytest.mark.parametrize(
    ("stored", "declared", "wrong"),
    [
        ("standard", "standard", False),
        ("reversed", "reversed", False),
        ("reversed_infinite", "reversed_infinite", False),
        ("opengl_ndc", "opengl_ndc", False),
        ("linear01", "linear01", False),
        ("linear01", "linear01_near", False),
        ("orthographic", "orthographic", False),
        ("orthographic_reversed", "orthographic_reversed", False),
        ("reversed", "standard", True),
        ("standard", "reversed", True),
        ("standard", "reversed_infinite", True),
        ("reversed", "opengl_ndc", True),
        ("ndc reversed", "opengl_ndc", True),
        ("linear01 reversed", "linear01", True),
        ("standard", "linear01", True),
        ("orthographic_reversed", "orthographic", True),
        ("orthographic", "orthographic_reversed", True),
    ],
)
def test_a_buffer_the_wrong_way_round_is_noticed(
    room: bool, near_m: float, far_m: float, rows: int, stored: str, declared: str, wrong: bool
) -> None:
    buffer = STORED[stored](scene_m(room, near_m, far_m), near_m, far_m)[::rows].astype("<f4")
    spec, camera = DepthSpec(declared, "float32", WIDTH, HEIGHT, buffer.nbytes), CameraSpec(90.0, near_m, far_m)
    depth_m = decode_depth(spec, camera, buffer.tobytes(), WIDTH / HEIGHT)
    assert looks_reversed(depth_m, spec, camera) == wrong


def test_a_sky_alone_says_nothing() -> None:
    spec, camera = DepthSpec("reversed_infinite", "float32", 2, 2, 16), CameraSpec(90.0, 0.1, 1000.0)
    assert not looks_reversed(np.full((2, 2), np.inf, np.float32), spec, camera)


Corners = tuple[float, float, float, float]
STANDS_M = (-0.8, -0.8, 4.0)  # in the lower half of the box of `frame_of`


def frame_of(
    metres: float = 4.0,
    fov_deg: float = 60.0,
    corners: Corners = (20, 8, 28, 30),
    position_m: tuple[float, float, float] | None = None,
) -> FrameMessage:
    """A character before a wall at `metres`, as a client in linear metres would send it."""
    depth = np.full((HEIGHT, WIDTH), metres, "<f4").tobytes()
    return FrameMessage(
        session="0" * 32,
        index=1,
        sent=1,
        capture_client_s=0.0,
        clock_offset_s=0.0,
        camera=CameraSpec(fov_deg, 0.1, 1000.0),
        picture=PictureSpec("rgb8", WIDTH, HEIGHT, 3 * WIDTH * HEIGHT),
        depth=DepthSpec("linear", "float32", WIDTH, HEIGHT, len(depth)),
        boxes=(BoxSpec(1, "walker", *corners, position_m=position_m),),
        picture_bytes=bytes(3 * WIDTH * HEIGHT),
        depth_bytes=depth,
    )


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (frame_of(), []),
        (frame_of(metres=400.0), [DEPTH_OUT_OF_SCALE]),
        (frame_of(metres=0.004), [DEPTH_OUT_OF_SCALE]),
        (frame_of(position_m=STANDS_M), []),
        (frame_of(metres=400.0, position_m=STANDS_M), [DEPTH_OUT_OF_SCALE]),
        (frame_of(position_m=(-80.0, -80.0, 400.0)), [DEPTH_OUT_OF_SCALE]),
        (frame_of(metres=0.0), [DEPTH_LOOKS_EMPTY]),
        (frame_of(metres=float("inf")), [DEPTH_LOOKS_EMPTY]),
        (replace(frame_of(metres=float("inf")), boxes=()), []),
        (frame_of(corners=(120, 48, 168, 180), position_m=STANDS_M), [BOXES_MISS_POSITIONS]),
        (frame_of(corners=(2, 1, 5, 8), position_m=(-2.6, -0.9, 4.0)), [BOXES_MISS_POSITIONS]),
        (frame_of(corners=(0, 0, 64, 36), position_m=(0.0, -3.0, 1.0)), []),
        (frame_of(fov_deg=1.05), [ANGLE_LOOKS_LIKE_RADIANS]),
        (frame_of(fov_deg=5.0), []),
        (frame_of(corners=(0.3, 0.2, 0.4, 0.8)), [BOXES_LOOK_LIKE_SHARES]),
        (frame_of(corners=(-0.3, -0.2, 0.4, 0.8)), [BOXES_LOOK_LIKE_SHARES]),
        (frame_of(corners=(0, 0, 0, 0)), []),
        (replace(frame_of(metres=400.0), boxes=()), []),
    ],
)
def test_units_that_cannot_be_meant(message: FrameMessage, codes: list[str]) -> None:
    assert odd(message, to_scene_frame(message)) == codes


def test_a_reversed_buffer_is_told_as_such_and_not_as_a_matter_of_scale() -> None:
    depth = STORED["reversed"](np.full((HEIGHT, WIDTH), 4.0), 0.1, 1000.0).astype("<f4").tobytes()
    plain = frame_of()
    message = replace(plain, depth=replace(plain.depth, encoding="standard"), depth_bytes=depth)
    assert odd(message, to_scene_frame(message)) == [DEPTH_LOOKS_REVERSED]


def test_every_finding_has_a_code_and_a_sentence_that_fit_the_wire() -> None:
    assert set(ODD_FRAMES) <= set(CODES)
    assert all(len(code) <= 32 and len(field) <= 128 and len(rule) <= 512 for code, (field, rule) in ODD_FRAMES.items())
