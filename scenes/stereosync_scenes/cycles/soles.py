"""Heels of a skeleton without a skin: ankles hang above the sole, and a step comes down on what is below and behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stereosync_scenes.cycles.feet import named_feet
from stereosync_scenes.cycles.motion import Motion
from stereosync_scenes.plan import FloatArray

BEHIND = 0.3  # of the way from ankle to toes, level: how far a heel is behind the ankle
FLAT_SHARE = 0.1  # of the frames: those in which the foot is lowest, where it lies flat


def with_heels(motion: Motion) -> Motion:
    """The motion with a heel for each foot of which only joints are there: at least an ankle and toes."""
    feet = named_feet(motion.bones) if motion.joints_only else None
    if feet is None or min(map(len, feet)) < 2:
        return motion
    heels = [_heel(motion.points_m[:, rows]) for rows in feet]
    bones = tuple(motion.bones[rows[0]] for rows in feet)
    return replace(
        motion, points_m=np.concatenate([motion.points_m, np.stack(heels, axis=1)], axis=1), bones=motion.bones + bones
    )


def _heel(foot_m: FloatArray) -> FloatArray:
    """The heel (F, 3) of a foot (F, V, 3), first its ankle and last its toes: fixed to the line between the two."""
    ankle, line = foot_m[:, 0], foot_m[:, -1] - foot_m[:, 0]
    level = np.hypot(line[:, 0], line[:, 2])
    ahead = line * (1, 0, 1) / np.maximum(level, 1e-6)[:, None]
    pitch = np.arctan2(line[:, 1], level)
    highest = foot_m[..., 1].max(axis=1)
    flat = highest <= np.quantile(highest, FLAT_SHARE)
    floor = foot_m[..., 1].min()
    behind, below = BEHIND * np.median(level[flat]), np.median(ankle[flat, 1]) - floor
    turn = pitch - np.median(pitch[flat])
    back = behind * np.cos(turn) - below * np.sin(turn)
    down = behind * np.sin(turn) + below * np.cos(turn)
    return np.asarray(ankle - back[:, None] * ahead - down[:, None] * (0, 1, 0))
