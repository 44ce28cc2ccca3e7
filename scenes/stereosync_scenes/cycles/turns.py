"""Turns of a gait within a clip: those after which the pose is the same again, the most repeatable first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import FloatArray

SHORTEST_TURN_S, LONGEST_TURN_S = 0.35, 4.0
MOST_POINTS = 60  # that poses are compared by
COMES_BACK = 0.12  # how far a turn may miss, of two poses drawn at random
AS_GOOD = 3.0  # times as far as the best: a shorter turn is the turn, a longer one several
LIVELY = 0.3  # of the liveliest stretch: what moves less stands about
SAME = 1e-3  # of the poses' variance, squared distance: one pose
GAP_FRAMES = 4.0  # that a loop without its last frame may lack


@dataclass(frozen=True)
class Turn:
    """Frames `first` to `first + frames` of a clip; a loop that leaves out its last frame is one longer than it is.

    `clip_frames` is how many the whole clip lasts.
    """

    first: int
    frames: int
    clip_frames: int


def find_turns(points_m: FloatArray, step_s: float) -> list[Turn]:
    """Turns of a clip (F, V, 3), the likeliest first; none, if no pose comes back."""
    poses = _poses(points_m)
    frames = len(poses)
    loop = _loop_frames(poses)
    if loop and loop * step_s > LONGEST_TURN_S:
        loop = None
    clip_frames = loop or frames - 1
    most = min(round(LONGEST_TURN_S / step_s), frames - 2)
    lags = range(max(round(SHORTEST_TURN_S / step_s), 2), most + 1)
    changes = np.gradient(poses, axis=0)
    nearest = [_nearest(poses, changes, lag) for lag in lags]
    miss = np.array([found[0] for found in nearest])
    rest = (miss[1:-1] <= miss[:-2]) & (miss[1:-1] < miss[2:]) if len(miss) > 2 else np.zeros(0, bool)
    dips = [at + 1 for at in np.flatnonzero(rest) if miss[at + 1] <= COMES_BACK]
    limit = AS_GOOD * min((miss[at] for at in dips), default=0.0)
    dips.sort(key=lambda at: (miss[at] > max(limit, COMES_BACK / 4), at))
    turns = [Turn(nearest[at][1], lags[at], clip_frames) for at in dips]
    if loop is None:
        return turns
    within = [turn for turn in turns if turn.frames <= 0.6 * loop]
    return [*within, Turn(0, loop, clip_frames)]


def on_the_spot(points_m: FloatArray, turn: Turn) -> tuple[FloatArray, FloatArray]:
    """The points (frames, V, 3) of a turn, less what each point is farther at its end, and the way (2,) along x, z.

    So the body's way is gone, and the last frame leads to the first.
    """
    part = points_m[turn.first : turn.first + turn.frames + 1]
    if len(part) <= turn.frames:  # a loop without its last frames
        part = _closed(part, turn.frames)
    gone = part[-1] - part[0]
    way = gone[:, [0, 2]].mean(axis=0)
    share = np.arange(turn.frames)[:, None, None] / turn.frames
    return part[:-1] - share * gone, way


def _closed(part: FloatArray, frames: int) -> FloatArray:
    """A loop (F, V, 3) with the frames that it lacks up to its first one, farther by its way: (frames + 1, V, 3)."""
    way = (part[-1] - part[0]).mean(axis=0) * (1, 0, 1) * frames / (len(part) - 1)
    last = part[0] + way
    lacking = frames + 1 - len(part)
    shares = np.arange(1, lacking + 1)[:, None, None] / lacking
    return np.concatenate([part, part[-1] + shares * (last - part[-1])])


def _poses(points_m: FloatArray) -> FloatArray:
    """Poses (F, D) of some points, over the origin."""
    stride = -(-points_m.shape[1] // MOST_POINTS)
    middle = points_m.mean(axis=1, keepdims=True) * (1, 0, 1)
    return np.asarray((points_m - middle)[:, ::stride].reshape(len(points_m), -1))


def _nearest(poses: FloatArray, changes: FloatArray, lag: int) -> tuple[float, int]:
    """The least miss among the turns of `lag` frames, and where that one begins.

    A miss is the squared distance of poses and of their changes between both ends, over that of two random poses.
    """
    off = ((poses[lag:] - poses[:-lag]) ** 2).sum(axis=1)
    off += ((changes[lag:] - changes[:-lag]) ** 2).sum(axis=1) * (
        lag / (2 * np.pi)
    ) ** 2  # those of a sine weigh as much
    spread = _spread(poses, lag)
    lively = spread >= LIVELY * spread.max()
    miss = np.where(lively, off / np.maximum(4 * spread, 1e-12), np.inf)
    first = int(miss.argmin())
    return float(miss[first]), first


def _spread(poses: FloatArray, lag: int) -> FloatArray:
    """Variance (F - lag,) of the poses within the next `lag` frames."""
    sums = np.cumsum(np.concatenate([np.zeros((1, poses.shape[1])), poses]), axis=0)
    squares = np.cumsum(np.concatenate([[0.0], (poses**2).sum(axis=1)]))
    mean = (sums[lag:-1] - sums[: -lag - 1]) / lag
    return np.asarray((squares[lag:-1] - squares[: -lag - 1]) / lag - (mean**2).sum(axis=1))


def _loop_frames(poses: FloatArray) -> int | None:
    """Frames of the turn that a whole clip is, if its end leads to its beginning."""
    if len(poses) < 4:
        return None
    gap, first, last = poses[0] - poses[-1], poses[1] - poses[0], poses[-1] - poses[-2]
    step = float(np.linalg.norm(first) + np.linalg.norm(last)) / 2
    far = float(np.linalg.norm(gap))
    if far <= step / 2 or far**2 <= SAME * poses.var(axis=0).sum():
        return len(poses) - 1
    goes_on = gap @ (first + last) > far * np.linalg.norm(first + last) / 2
    return len(poses) - 1 + round(far / step) if goes_on and far <= GAP_FRAMES * step else None
