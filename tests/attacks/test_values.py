"""Values that keep every rule and cannot be meant end no session and cost no more with every frame."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from attacker import Attacker, plain_frame
from beside import Beside

from stereosync_bridge.errors import SERVICE_FAILED
from stereosync_bridge.frame_message import BoxSpec, FrameMessage

FRAMES = 40


def placed(position_m: tuple[float, float, float], count: int = 1) -> FrameMessage:
    boxes = tuple(BoxSpec(number, "x", 0.0, 0.5, 2.0, 1.5, position_m=position_m) for number in range(count))
    return replace(plain_frame(), boxes=boxes)


def show(attacker: Attacker, message: FrameMessage, frames: int = FRAMES) -> int:
    """Send frames as their credits come; how many were taken."""
    for _ in range(frames):
        if not attacker.send_frame(attacker.stamped(message)):
            break
    attacker.read(100)
    return attacker.sent


@pytest.mark.parametrize(
    "position_m", [(1e9, 0.0, 1e-150), (1e9, 1e9, 1e-300), (-1e9, -1e9, 1e9), (0.0, 0.0, 5e-324)], ids=str
)
def test_a_position_at_the_edge_of_its_rule(
    beside: Beside, attacker: Attacker, position_m: tuple[float, float, float]
) -> None:
    with beside.unharmed(1.5):
        assert show(attacker, placed(position_m)) > FRAMES / 4
    assert SERVICE_FAILED not in {error.code for error in attacker.errors}
    assert attacker.welcomed


def test_capture_times_that_hardly_move(beside: Beside, attacker: Attacker) -> None:
    """A microsecond a frame, eight characters: a history bounded by time alone would grow for ever."""
    first_s, taken_s = time.monotonic(), []
    with beside.unharmed() as span:
        while span.goes_on():
            moment_s = first_s + attacker.sent * 1e-6
            message = replace(attacker.stamped(placed((0.5, 0.0, 5.0), 8)), capture_client_s=moment_s)
            begun_s = time.monotonic()
            if attacker.send_frame(message):
                taken_s.append(time.monotonic() - begun_s)
    half = len(taken_s) // 2
    assert half > 10
    assert attacker.welcomed
    assert sum(taken_s[half:]) / half < 3 * sum(taken_s[:half]) / half + 0.02
