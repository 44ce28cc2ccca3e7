"""Clearance: how near the ground a body comes, below its middle and around it, as the depth in its crop shows.

Whatever a body is and however it walks, a foot comes down where the body reaches the ground. A plane's inverse depth is
linear across a picture (1 / z = n . (x, y, 1) / d), so that a trimmed least-squares fit finds the ground in a crop;
what is before it stands above it, and how high follows from the same plane. Lengths are in heights of the box, because
nothing else is known of how large a body is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array

PLACES_APART = 0.11  # beside and below a body's middle
UP_SLOPE, ALONG_SLOPE = 5.0, 0.7  # what a length counts beside one across: depth is known less well
FARTHEST = 0.4  # a body that is farther from a place is as if it were not there
HALVES = 4  # left, right, near, far
HALF_FROM, LOW = 0.02, 0.04  # of a body, from its middle; how soon a foot is no longer low
LOWEST, HIGHEST = 0.02, 0.6  # heights between which something is of the body, and not of the ground
HIPS_FROM, HIPS_TO, FEWEST_HIP_PIXELS = 0.2, 0.5, 3  # what lies between is in the middle of a body
REACH_M, MOST_REACH = 0.8, 0.35  # of a body in depth; the second in logarithms of depth
EDGE_M, LEAST_EDGE = 0.15, 0.03  # what lies so far behind a neighbour may be half of one and half of the other
LEAST_STEEPNESS = 1e-3  # of a ground that is seen at all
KNOWN = 0.99  # relative depths beyond are clipped
FIRST_TOLERANCES, RIDGE, FEWEST_GROUND_PIXELS = (0.08, 0.03, 0.015), 1e-6, 40
GROUND_BELOW = -0.1  # of the crop's middle, in crop heights, where ground is looked for

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.floating]
ScalarT = TypeVar("ScalarT", bound=np.generic)


class CropView(NamedTuple):
    """A crop's width, its middle, and the height of the box that it is of, in tangents of viewing angles, x right and y
    down; and the depth in metres that its depths are relative to."""

    side_tan: float
    x_tan: float
    y_tan: float
    height_tan: float
    depth_m: float


def clearances(relative_depth: Float32Array, inside: BoolArray, views: Sequence[CropView], places: int) -> Float32Array:
    """Clearance (N, 2 * places + HALVES) of the bodies in N crops, as `profile` has it. All zero where ground or body
    are not made out, or the feet are outside the picture.

    Args:
        relative_depth: (N, P, P), natural logarithm of depth over the body's, bounded to +-1.
        inside: (N, P, P), true for pixels that are in the picture.
        views: of each crop.
        places: how many, each way; odd, so that the middle is one.
    """
    if not views or not places:
        return np.zeros((len(views), channels(places)), np.float32)
    side_tan, x_tan, y_tan, height_tan, depth_m = np.array(views, np.float32).T[:, :, None, None]  # (N, 1, 1) each
    across, down = _grid(relative_depth.shape[-1])
    known = inside & (np.abs(relative_depth) < KNOWN)
    plane, found = _ground(np.exp(-relative_depth), known)
    a, b, c = plane.T[:, :, None, None]
    slopes = (a / side_tan, b / side_tan)
    at_axis = c - slopes[0] * x_tan - slopes[1] * y_tan
    steepness = np.sqrt(slopes[0] ** 2 + slopes[1] ** 2 + at_axis**2)
    eye = 1 / np.maximum(steepness, LEAST_STEEPNESS)  # the camera's height in depths of the body
    above = eye / height_tan * (1 - (a * across + b * down + c) * np.exp(relative_depth))
    near = np.abs(relative_depth) < np.minimum(REACH_M / depth_m, MOST_REACH)
    body = known & near & ~_edges(relative_depth, inside, depth_m)
    body &= (found & inside[:, -1].any(-1))[:, None, None]
    rows = (len(views), -1)
    heights = np.where(body, above, -1.0).reshape(rows)
    beside = np.broadcast_to(across * side_tan / height_tan, above.shape).reshape(rows)
    return profile(heights, beside, (relative_depth / height_tan).reshape(rows), places)


def channels(places: int) -> int:
    """The length of a clearance with so many places each way; 0 without any."""
    return 2 * places + HALVES if places else 0


def mirrored(clearance: npt.NDArray[ScalarT]) -> npt.NDArray[ScalarT]:
    """A clearance (..., E) seen in a mirror: left is right."""
    places = (clearance.shape[-1] - HALVES) // 2
    across, along, left, right, depth = np.split(clearance, np.cumsum((places, places, 1, 1)), axis=-1)
    return np.concatenate((across[..., ::-1], along, right, left, depth), axis=-1)


def profile(heights: FloatArray, across: FloatArray, along: FloatArray, places: int) -> Float32Array:
    """Clearance (N, 2 * places + HALVES) from points of N bodies, (N, V) each, in heights of the box; 1 means that the
    body is on the ground there, 0 that it is far.

    First come places across the picture, then places from near to far: how near the body is to each, height counted
    most. Then how low it comes in its left, right, near and far half. Points that are not of a body, or unseen, have
    negative heights.
    """
    hips = (heights > HIPS_FROM) & (heights < HIPS_TO)
    count = hips.sum(1)
    rise = np.where((heights > LOWEST) & (heights < HIGHEST), heights - LOWEST, 1.0)
    near, low = [], []
    for values, slope in ((across, 1.0), (along, ALONG_SLOPE)):
        middle = (values * hips).sum(1) / np.maximum(count, 1)
        beside = values - middle[:, None]
        near += [(UP_SLOPE * rise + slope * np.abs(beside - place)).min(1) for place in _places(places)]
        low += [np.where(half, rise, 1.0).min(1) for half in (beside < -HALF_FROM, beside > HALF_FROM)]
    parts = [*(np.maximum(1 - away / FARTHEST, 0.0) for away in near), *(np.exp(-lowest / LOW) for lowest in low)]
    return np.asarray(np.stack(parts, axis=1) * (count > FEWEST_HIP_PIXELS)[:, None], np.float32)


def _places(count: int) -> FloatArray:
    return PLACES_APART * (np.arange(count, dtype=np.float32) - count // 2)


def _grid(size: int) -> tuple[Float32Array, Float32Array]:
    """Across (1, P) and down (P, 1) from a crop's middle, in crop widths."""
    line = ((np.arange(size) + 0.5) / size - 0.5).astype(np.float32)
    return line[None], line[:, None]


def _ground(inverse: Float32Array, known: BoolArray) -> tuple[Float32Array, BoolArray]:
    """The ground (N, 3), its inverse depth across, down and in the crop's middle, and whether there is one (N,).

    The first guess is of pixels beside and below where feet are; then of those that are near the last guess.
    """
    across, down = _grid(inverse.shape[-1])
    basis = np.stack([part.ravel() for part in np.broadcast_arrays(across, down, np.float32(1))], axis=1)  # (P * P, 3)
    products = (basis[:, :, None] * basis[:, None]).reshape(-1, 9)
    values, low = inverse.reshape(len(inverse), -1), known & (down > GROUND_BELOW)
    taken = known & ((np.abs(across) > 0.22) & (down > 0.15) | (down > 0.4))
    for tolerance in (*FIRST_TOLERANCES, None):
        weights = taken.reshape(values.shape).astype(np.float32)
        squares = (weights @ products).reshape(-1, 3, 3) + RIDGE * np.eye(3, dtype=np.float32)
        plane = np.linalg.solve(squares, ((weights * values) @ basis)[..., None])[..., 0]
        if tolerance is not None:
            taken = low & (np.abs(values - plane @ basis.T) < tolerance).reshape(known.shape)
    return plane, (weights.sum(1) > FEWEST_GROUND_PIXELS) & (plane[:, 1] > 0)


def _edges(relative_depth: Float32Array, inside: BoolArray, depth_m: Float32Array) -> BoolArray:
    """Pixels that lie behind one beside them: their depth may be a mean of the body's and of what is behind."""
    far = np.pad(np.where(inside, relative_depth, np.inf), ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
    across = np.minimum(far[:, 1:-1, :-2], far[:, 1:-1, 2:])
    nearest = np.minimum(across, np.minimum(far[:, :-2, 1:-1], far[:, 2:, 1:-1]))
    return np.asarray(relative_depth - nearest > np.maximum(EDGE_M / depth_m, LEAST_EDGE))
