"""Told feet: their short history, the arrays that the cue encoder takes of it, and contacts read from it by a rule.

A foot is a point (x, y up, z) in a fixed world frame, sole or ankle. Only its height over its own floor, its speed and
its place against the other foot matter, so neither the frame's origin, its handedness nor the rig does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stereosync.cue_spec import FEET_CHANNELS, CueSpec
from stereosync.scene import SIDES, Float32Array, Foot

KEPT_S = 2.0
MOST_POINTS = 256
JUMP_M, JUMP_M_S = 3.0, 40.0  # farther between two frames, and faster: a teleport, no step
HEIGHT_BOUND_M, SPEED_BOUND_M_S = 2.0, 12.0
COURSE_OVER_S = 0.5  # over which the direction of the walk is taken
SLOWEST_COURSE_M = 0.05

FloatArray = npt.NDArray[np.float64]
Key = tuple[str, int]  # side, order within the side


@dataclass(frozen=True)
class FootTrack:
    """One foot of late: `times_s` (N,), `points_m` (N, 3) with y up, `grounded` (N,) 1, 0 or NaN; newest last."""

    times_s: FloatArray
    points_m: FloatArray
    grounded: FloatArray

    @property
    def heights_m(self) -> FloatArray:
        return np.asarray(self.points_m[:, 1])


@dataclass(frozen=True)
class FeetTrack:
    """The feet of one character by side and order within it."""

    feet: Mapping[Key, FootTrack] = field(default_factory=dict)


def keyed(feet: Sequence[Foot]) -> dict[Key, Foot]:
    """Feet by side and order within their side."""
    out: dict[Key, Foot] = {}
    for foot in feet:
        order = sum(side == foot.side for side, _ in out)
        out[foot.side, order] = foot
    return out


def extend_feet(track: FeetTrack | None, feet: Sequence[Foot], time_s: float) -> FeetTrack:
    """The track with one more frame. A foot that jumps, or that the last frame did not tell, begins anew."""
    before = track.feet if track is not None else {}
    return FeetTrack({key: _extend(before.get(key), foot, time_s) for key, foot in keyed(feet).items()})


def _extend(track: FootTrack | None, foot: Foot, time_s: float) -> FootTrack:
    point = np.array([foot.world_m])
    grounded = np.array([math.nan if foot.grounded is None else float(foot.grounded)])
    if track is None or _jumped(track, point[0], time_s):
        return FootTrack(np.array([time_s]), point, grounded)
    kept = (track.times_s < time_s) & (track.times_s >= time_s - KEPT_S)
    kept[: max(len(kept) - MOST_POINTS + 1, 0)] = False
    return FootTrack(
        np.append(track.times_s[kept], time_s),
        np.concatenate([track.points_m[kept], point]),
        np.concatenate([track.grounded[kept], grounded]),
    )


def _jumped(track: FootTrack, point_m: FloatArray, time_s: float) -> bool:
    elapsed_s = time_s - float(track.times_s[-1])
    way_m = float(np.linalg.norm(point_m - track.points_m[-1]))
    return elapsed_s > KEPT_S or way_m > max(JUMP_M, JUMP_M_S * max(elapsed_s, 0.0))


def feet_array(spec: CueSpec, track: FeetTrack | None) -> Float32Array:
    """The first foot of each side at fixed intervals back from now: (K, 8), channels `FEET_CHANNELS`; else zeros.

    Heights in metres over the lowest point of late, speeds in m/s, `stride` how far the left foot is ahead of the
    right one along the walk, in metres. Moments before the feet were told have `told` 0 and are zero.
    """
    pair = [track.feet.get((side, 0)) for side in SIDES] if track is not None else []
    left, right = pair if len(pair) == 2 else (None, None)
    if left is None or right is None:
        return np.zeros((spec.track_steps, len(FEET_CHANNELS)), np.float32)
    newest_s = max(float(left.times_s[-1]), float(right.times_s[-1]))
    times_s: FloatArray = newest_s - np.arange(spec.track_steps, dtype=np.float64) * spec.track_interval_s
    known = times_s >= max(float(left.times_s[0]), float(right.times_s[0])) - 1e-6
    columns = [
        *_motion(left, times_s),
        *_motion(right, times_s),
        _stride_m(left, right, times_s),
        np.ones_like(times_s),
    ]
    return np.asarray(np.stack(columns, axis=-1) * known[:, None], dtype=np.float32)


def _motion(foot: FootTrack, times_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Height over the floor, vertical and horizontal speed at times (K,)."""
    recent = foot.times_s >= times_s[-1]
    floor_m = float(foot.heights_m[recent].min())
    velocity = velocities(foot)
    across = np.hypot(velocity[:, 0], velocity[:, 2])
    height, rise, speed = (
        np.interp(times_s, foot.times_s, values) for values in (foot.heights_m - floor_m, velocity[:, 1], across)
    )
    bound = SPEED_BOUND_M_S
    return np.clip(height, 0, HEIGHT_BOUND_M), np.clip(rise, -bound, bound), np.clip(speed, 0, bound)


def velocities(foot: FootTrack) -> FloatArray:
    """Velocity (N, 3) of each point since the one before it, m/s; the first has that of the second."""
    if len(foot.times_s) < 2:
        return np.zeros_like(foot.points_m)
    rates = np.diff(foot.points_m, axis=0) / np.maximum(np.diff(foot.times_s), 1e-3)[:, None]
    return np.concatenate([rates[:1], rates])


def _stride_m(left: FootTrack, right: FootTrack, times_s: FloatArray) -> FloatArray:
    """Metres (K,) by which the left foot is ahead of the right one along the walk, at times (K,)."""
    ours, theirs = (
        np.stack([np.interp(times_s, foot.times_s, foot.points_m[:, axis]) for axis in (0, 2)], axis=-1)
        for foot in (left, right)
    )  # (K, 2)
    steps = round(COURSE_OVER_S / max(float(times_s[0] - times_s[1]), 1e-3))
    way = (ours + theirs)[0] - (ours + theirs)[min(steps, len(times_s) - 1)]
    length = float(np.hypot(*way))
    if length < SLOWEST_COURSE_M:
        return np.zeros_like(times_s)
    return np.asarray(np.clip((ours - theirs) @ (way / length), -HEIGHT_BOUND_M, HEIGHT_BOUND_M))
