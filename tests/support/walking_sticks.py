"""A body of sticks that walks on the spot: feet whose contacts are known, and a trunk."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.cycles.body_cycle import BodyCycle

FRAMES = 24
LEFT, RIGHT = (4, 5), (6, 7)  # rows of the feet's points
CONTACTS = (0.0, 0.5)
STRIDE_M, LIFT_M, TALL_M = 0.7, 0.15, 1.7


def stick_cycle(body: str = "sticks", tall: float = 1.0) -> BodyCycle:
    """Each foot stands for half a turn, from its contact on, and swings for the other half."""
    turn = np.arange(FRAMES) / FRAMES
    trunk = np.array([[0.2, 0.0], [-0.2, 0.0], [0.1, 0.1], [-0.1, -0.1]])  # across, ahead
    heights_m = np.array([1.4, 1.4, TALL_M, 1.0])
    points = np.zeros((FRAMES, 8, 3))
    points[:, :4] = np.stack([trunk[:, 0], heights_m, trunk[:, 1]], axis=-1)
    for feet, across_m, contact in zip((LEFT, RIGHT), (-0.1, 0.1), CONTACTS, strict=True):
        since = (turn - contact) % 1.0
        ahead_m = np.where(since < 0.5, STRIDE_M / 2 - 2 * since * STRIDE_M, (2 * since - 1.5) * STRIDE_M)
        lift_m = np.where(since < 0.5, 0.0, LIFT_M * np.sin(2 * np.pi * (since - 0.5)))
        for row, toe_m in zip(feet, (0.0, 0.2), strict=True):
            points[:, row] = np.stack([np.full(FRAMES, across_m), lift_m, ahead_m + toe_m], axis=-1)
    return BodyCycle("walk", body, points * tall, 1.1, 2 * STRIDE_M * tall, CONTACTS)
