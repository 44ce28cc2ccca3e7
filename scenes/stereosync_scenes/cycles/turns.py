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
WATCHED = 0.5  # of a turn: how long poses are compared with those a turn later, if the clip is long enough
MOST_OF_LOOP = 0.6  # of a loop of two turns or more
SAME = 1e-3  # of the poses' variance, squared distance: one pose
ONE_STEP, GAP_FRAMES = 1.6, 4.0  # frames that a loop without its last one may lack: whatever their way, and along it


@dataclass(frozen=True)
class Turn:
    """From frame `first` of a clip on, `length` frames; a loop that leaves out its last frame is longer than it is.

    `clip_frames` is how many the whole clip lasts.
    """

    first: int
    length: float
    clip_frames: int


def find_turns(points_m: FloatArray, step_s: float) -> list[Turn]:
    """Turns of a clip (F, V, 3), the likeliest first; none, if no pose comes back."""
    poses = _poses(points_m)
    loop = _loop_frames(poses)
    if loop and loop * step_s > LONGEST_TURN_S:
        loop = None
    clip_frames = loop or len(poses) - 1
    most = min(round(LONGEST_TURN_S / step_s), len(poses) - 2)
    lags = range(max(round(SHORTEST_TURN_S / step_s), 2), most + 1)
    changes = np.gradient(poses, axis=0)
    nearest = [_nearest(poses, changes, lag) for lag in lags]
    miss = [found[0] for found in nearest]
    dips = [at for at in range(1, len(miss) - 1) if miss[at - 1] >= miss[at] < miss[at + 1] and miss[at] <= COMES_BACK]
    limit = max(AS_GOOD * min((miss[at] for at in dips), default=0.0), COMES_BACK / 4)
    dips.sort(key=lambda at: (miss[at] > limit, at))
    turns = []
    for at in dips:
        first = nearest[at][1]
        length = min(lags[at] + _vertex(*miss[at - 1 : at + 2]), len(poses) - 1 - first)
        turns.append(Turn(first, length, clip_frames))
    if loop is None:
        return turns
    return [*(turn for turn in turns if turn.length <= loop * MOST_OF_LOOP), Turn(0, loop, clip_frames)]


def on_the_spot(points_m: FloatArray, turn: Turn) -> tuple[FloatArray, FloatArray]:
    """The points (F, V, 3) of a turn, less what each point is farther at its end, and the way (2,) along x and z.

    So the body's way is gone, and the last frame leads to the first. Frames are evenly spread over the turn.
    """
    lacking = int(np.ceil(turn.first + turn.length)) + 1 - len(points_m)
    if lacking > 0:
        points_m = _closed(points_m, lacking)
    frames = max(round(turn.length), 1)
    place = turn.first + np.arange(frames + 1) * (turn.length / frames)
    before = np.minimum(place.astype(int), len(points_m) - 2)
    share = (place - before)[:, None, None]
    part = points_m[before] * (1 - share) + points_m[before + 1] * share
    gone = part[-1] - part[0]
    spread = np.arange(frames)[:, None, None] / frames
    return part[:-1] - spread * gone, gone[:, [0, 2]].mean(axis=0)


def _vertex(before: float, lowest: float, after: float) -> float:
    """The lowest place of a parabola through three values in a row, from the middle one on."""
    bend = before - 2 * lowest + after
    return (before - after) / (2 * bend) if np.isfinite(bend) and bend > 0 else 0.0


def _closed(points_m: FloatArray, lacking: int) -> FloatArray:
    """A loop (F, V, 3) with the frames that it lacks up to its first one, which is farther by its way."""
    frames = len(points_m) - 1 + lacking
    way = (points_m[-1] - points_m[0]).mean(axis=0) * (1, 0, 1) * frames / (len(points_m) - 1)
    shares = np.arange(1, lacking + 1)[:, None, None] / lacking
    return np.concatenate([points_m, points_m[-1] + shares * (points_m[0] + way - points_m[-1])])


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
    weight = (lag / (2 * np.pi)) ** 2  # with it the changes of a sine are as large as the sine
    off += weight * ((changes[lag:] - changes[:-lag]) ** 2).sum(axis=1)
    spread = _spread(poses, lag)
    width = min(max(round(lag * WATCHED), 1), len(off))
    off, spread = (np.convolve(part, np.ones(width) / width, "valid") for part in (off, spread))
    miss = np.where(spread >= LIVELY * spread.max(), off / np.maximum(4 * spread, 1e-12), np.inf)
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
    if far <= ONE_STEP * step:
        return len(poses)
    goes_on = gap @ (first + last) > far * np.linalg.norm(first + last) / 2
    if goes_on and far <= GAP_FRAMES * step:
        return len(poses) - 1 + round(far / step)
    return len(poses) - 1 if far**2 <= COMES_BACK * 2 * poses.var(axis=0).sum() else None  # captured, not quite closed
