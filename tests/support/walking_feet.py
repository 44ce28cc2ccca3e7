"""Two feet that walk straight on, written down by hand: a foot stands, then swings in an arc to where it comes down."""

from __future__ import annotations

import math

from stereosync.scene import Foot

TURN_S, STANCE, STRIDE_M, LIFT_M = 1.1, 0.6, 1.5, 0.15
SIDEWAYS_M = 0.1  # of each foot, from the line of the walk


def foot_m(time_s: float, side: str, heading_rad: float = 0.0, climb: float = 0.0) -> tuple[float, float, float]:
    """Where a sole is (x, y up, z): it comes down at every whole turn, the right foot half a turn later.

    `climb`: how much the way rises per metre.
    """
    turns = time_s / TURN_S - (0.0 if side == "left" else 0.5)
    whole, part = math.floor(turns), turns % 1.0
    swing = max(part - STANCE, 0.0) / (1 - STANCE)
    ahead_m = STRIDE_M * (whole + swing * swing * (3 - 2 * swing) + (0.0 if side == "left" else 0.5))
    beside_m = SIDEWAYS_M if side == "left" else -SIDEWAYS_M
    height_m = climb * ahead_m + LIFT_M * math.sin(math.pi * swing)
    cos, sin = math.cos(heading_rad), math.sin(heading_rad)
    return (ahead_m * sin - beside_m * cos, height_m, ahead_m * cos + beside_m * sin)


def feet(time_s: float, heading_rad: float = 0.0, climb: float = 0.0) -> tuple[Foot, Foot]:
    """Both feet of a moment."""
    left, right = (Foot(side, foot_m(time_s, side, heading_rad, climb)) for side in ("left", "right"))
    return left, right
