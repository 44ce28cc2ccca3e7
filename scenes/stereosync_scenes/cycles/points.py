"""Some hundred points that stand for a mesh of any size: spread over the body, and denser over its feet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync_scenes.plan import FloatArray

MOST_POINTS, MOST_FEET = 300, 120
FOOT_SHARE = 0.12  # of the height: what comes so low may be a foot's


def chosen_points(points: FloatArray, feet: npt.NDArray[np.bool_]) -> npt.NDArray[np.int_]:
    """Rows, ascending, of the points to keep of a mesh at some moments (M, V, 3), up in the middle.

    `feet` (V,) marks points that bones call feet; what comes low is taken for feet too.
    """
    lowest = points[..., 1].min(axis=0)
    tall = float(np.ptp(points[0, :, 1]))
    feet = feet | (lowest <= lowest.min() + FOOT_SHARE * tall)
    below = np.flatnonzero(feet)
    kept = [farthest(points[0], MOST_POINTS), below[farthest(points[0, below], MOST_FEET)]]
    return np.unique(np.concatenate(kept))


def farthest(points: FloatArray, count: int) -> npt.NDArray[np.int_]:
    """Rows of at most `count` of the points (V, 3): each the one that is farthest from all before it."""
    if len(points) <= count:
        return np.arange(len(points))
    away = np.linalg.norm(points - points.mean(axis=0), axis=1)
    rows = [int(away.argmax())]
    nearest = np.full(len(points), np.inf)
    while len(rows) < count:
        nearest = np.minimum(nearest, ((points - points[rows[-1]]) ** 2).sum(axis=1))
        rows.append(int(nearest.argmax()))
    return np.array(rows)
