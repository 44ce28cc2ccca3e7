"""Moving meshes: fixed triangles and colours, points that follow from the time and from where the camera is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import Colour, FloatArray, Plan
from stereosync_scenes.shapes import Mesh, quads


@dataclass(frozen=True, eq=False)
class Eye:
    """The camera of one moment: `position_m` (3,) and its unit `right` and `forward` (3,), both level."""

    position_m: FloatArray
    right: FloatArray
    forward: FloatArray


PointsAt = Callable[[float, Eye], FloatArray]


@dataclass(frozen=True, eq=False)
class Moving:
    """A mesh whose points (N, 3) are `points_at(time_s, eye)`, or stay when that is None.

    `scroll` moves its texture, in tiles per second. What is not `solid` leaves no trace in the depth buffer, as
    particles and other see-through things leave none in game engines.
    """

    mesh: Mesh
    points_at: PointsAt | None = None
    opacity: float = 1.0
    scroll: tuple[float, float] = (0.0, 0.0)
    solid: bool = False


def eye_of(plan: Plan, time_s: float) -> Eye:
    heading = plan.shot.track.heading_at(time_s)
    cos, sin = float(np.cos(heading)), float(np.sin(heading))
    return Eye(plan.shot.eye_at(time_s), np.array([sin, -cos, 0.0]), np.array([cos, sin, 0.0]))


def quad_cloud(colours: FloatArray) -> Mesh:
    """A mesh of one rectangle per colour (K, 3); its points are to be given later."""
    count = len(colours)
    return Mesh(np.zeros((4 * count, 3)), np.repeat(colours, 4, axis=0), np.zeros((4 * count, 2)), quads(count))


def shades(count: int, colour: Colour, spread: float, rng: np.random.Generator) -> FloatArray:
    """`count` colours (K, 3), each the given one somewhat lighter or darker."""
    return np.asarray(np.clip(np.array(colour) * rng.uniform(1 - spread, 1 + spread, (count, 1)), 0, 1))


def cards(middle: FloatArray, across: FloatArray, along: FloatArray) -> FloatArray:
    """Corners (4 K, 3) of rectangles around `middle` (K, 3) with half sides `across` and `along` (K, 3)."""
    corners = np.stack(
        [middle - across - along, middle + across - along, middle + across + along, middle - across + along], 1
    )
    return np.asarray(corners.reshape(-1, 3))


def around(start: FloatArray, drift: FloatArray, span_m: float, eye: Eye) -> FloatArray:
    """Places (K, 3) that fill a square of side `span_m` around the camera and stand still in the world but for `drift`.

    Both (K, 3). Height is kept as it is.
    """
    place = start + drift
    flat = eye.position_m[:2] + 0.45 * span_m * eye.forward[:2]
    place[:, :2] = (place[:, :2] - flat + span_m / 2) % span_m - span_m / 2 + flat
    return place
