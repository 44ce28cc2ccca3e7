"""Rooms: from what is measured, a reverberation time, to what an engine can say, the hardness of the walls, and back.

Source: C. F. Eyring, "Reverberation time in dead rooms", JASA 1 (1930), for a cube of the room's size.
"""

from __future__ import annotations

import math

SABINE_S_PER_M = 0.161
SIDES = 6  # volume over surface of a cube is its size over six


def hardness(size_m: float, rt60_s: float) -> float:
    """The share of energy that the walls give back, 0 to 1; 0 in the open."""
    if size_m <= 0 or rt60_s <= 0:
        return 0.0
    return math.exp(-SABINE_S_PER_M * size_m / (SIDES * rt60_s))


def rt60_s(size_m: float, hardness: float) -> float:
    """The reverberation time of a room whose walls give back the share `hardness`, 0 to below 1; 0 in the open."""
    if size_m <= 0 or hardness <= 0:
        return 0.0
    return SABINE_S_PER_M * size_m / (SIDES * -math.log(min(hardness, 0.999)))
