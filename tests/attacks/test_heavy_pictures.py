"""Pictures that ask for much work, illegal and legal, cost their own session and nobody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from attacker import Attacker, plain_frame
from beside import Beside
from heavy_pictures import many_scans, marker_chain

from stereosync_bridge.errors import BAD_VALUE, FRAMES_COST_TOO_MUCH
from stereosync_bridge.frame_message import DepthSpec, FrameMessage, PictureSpec

SIDE_PX = 2048
LEAST_LOOKS_PER_S = 3.0


def jpeg_frame(data: bytes) -> FrameMessage:
    spec = PictureSpec("jpeg", SIDE_PX, SIDE_PX, len(data))
    return replace(plain_frame(), picture=spec, picture_bytes=data)


@pytest.mark.parametrize(
    "data",
    [many_scans(SIDE_PX, SIDE_PX, 20_000), marker_chain(SIDE_PX, SIDE_PX, 8 << 20)],
    ids=["20,000 scans", "a chain of 2 million markers"],
)
def test_a_picture_that_would_take_seconds_is_refused(beside: Beside, attacker: Attacker, data: bytes) -> None:
    with beside.unharmed() as span:
        while span.goes_on():
            attacker.send_frame(attacker.stamped(jpeg_frame(data)), limit_s=0.2)
            attacker.read(20)
    assert {error.code for error in attacker.errors} == {BAD_VALUE}
    assert all(error.field == "picture" for error in attacker.errors)


def test_raw_frames_of_full_hd_are_looked_at_seldom_and_their_client_is_told(
    beside: Beside, attacker: Attacker
) -> None:
    """1920 x 1080, BGRA8 and float32 depth of `reversed`: 16 MB a frame, offered as fast as credits come."""
    width_px, height_px = 1920, 1080
    depth = np.linspace(0.01, 0.9, width_px * height_px, dtype="<f4").tobytes()
    picture = bytes(4 * width_px * height_px)
    frame = replace(
        plain_frame(),
        picture=PictureSpec("bgra8", width_px, height_px, len(picture)),
        depth=DepthSpec("reversed", "float32", width_px, height_px, len(depth)),
        picture_bytes=picture,
        depth_bytes=depth,
    )
    with beside.unharmed(3.0) as span:
        while span.goes_on():
            attacker.send_frame(attacker.stamped(frame), limit_s=0.2)
            attacker.read()
    assert attacker.sent > 3 * LEAST_LOOKS_PER_S
    assert attacker.chunks > 0
    assert {error.code for error in attacker.errors} <= {FRAMES_COST_TOO_MUCH}
