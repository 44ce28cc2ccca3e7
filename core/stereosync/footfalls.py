"""Contacts read from told feet by a rule: a foot that was up and is down, or will be within a twentieth of a second.

A foot falls only in its last tenth of a second, so a rule can say no sooner. A cue encoder that reads feet knows more,
also in that last moment (decision 0020): the rule is for bundles without one, and for what it misses. Where the engine
says that a foot is grounded, its word decides.
"""

from __future__ import annotations

import numpy as np

from stereosync.feet import FloatArray, FootTrack

OVER_S = 1.3  # the floor and the lift of a foot are those of its last turn
DOWN_SHARE, DOWN_M = 0.05, 0.01  # of its lift, and at least: the height at which a foot is down
UP_SHARE, LEAST_LIFT_M = 0.3, 0.02  # of its lift: higher, it has been up
REACH_S = 0.05
FALLS_M_S = 0.1


def contact_s(foot: FootTrack) -> float | None:
    """The moment at which the foot came down between the last two frames, or will within `REACH_S`; else None."""
    if len(foot.times_s) < 3:
        return None
    if says_grounded(foot):
        before, now = foot.grounded[-2:].tolist()
        return _landed_s(foot) if now > before else None
    recent = foot.times_s >= foot.times_s[-1] - OVER_S
    times_s, heights_m = foot.times_s[recent], foot.heights_m[recent] - foot.heights_m[recent].min()
    lift_m = float(heights_m.max())
    down_m = max(DOWN_SHARE * lift_m, DOWN_M)
    if lift_m < LEAST_LIFT_M or not _was_up(heights_m[:-1], down_m, UP_SHARE * lift_m):
        return None
    return _crossing_s(times_s, heights_m, down_m)


def says_grounded(foot: FootTrack) -> bool:
    """True if the engine said of the last two frames whether the foot is grounded."""
    return not bool(np.isnan(foot.grounded[-2:]).any())


def _landed_s(foot: FootTrack) -> float:
    """Between a frame in the air and one on the ground: when its fall had used up the height."""
    (before_s, now_s), (high_m, low_m) = foot.times_s[-2:].tolist(), foot.heights_m[-2:].tolist()
    falls_m_s = (foot.heights_m[-3] - high_m) / max(before_s - foot.times_s[-3], 1e-3)
    took_s = (high_m - low_m) / falls_m_s if falls_m_s > FALLS_M_S else (now_s - before_s) / 2
    return float(min(max(before_s + took_s, before_s), now_s))


def _was_up(heights_m: FloatArray, down_m: float, up_m: float) -> bool:
    """True if the foot was higher than `up_m` since it was last down."""
    down = np.flatnonzero(heights_m <= down_m)
    since = heights_m[down[-1] + 1 :] if len(down) else heights_m
    return bool(len(since)) and float(since.max()) > up_m


def _crossing_s(times_s: FloatArray, heights_m: FloatArray, down_m: float) -> float | None:
    falls_m_s = float(heights_m[-2] - heights_m[-1]) / max(float(times_s[-1] - times_s[-2]), 1e-3)
    left_s = (float(heights_m[-1]) - down_m) / max(falls_m_s, 1e-6)  # below zero where it is down already
    if falls_m_s < FALLS_M_S or left_s > REACH_S:
        return None
    return float(max(times_s[-1] + left_s, times_s[-2]))
