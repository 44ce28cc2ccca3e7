"""Looks: what is drawn of a body, a skin or rounded limbs, with what it wears. Boxes come from the same vertices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync_scenes import figure
from stereosync_scenes.gait import Pose
from stereosync_scenes.plan import Body, FloatArray
from stereosync_scenes.skins.skin import dressed, skin_surface


def surface(body: Body, pose: Pose) -> tuple[FloatArray, FloatArray]:
    """World vertices and outward unit normals, both (V, 3), of a body in a pose."""
    if not body.shape:
        return figure.surface(body, pose)
    skin = skin_surface(body, pose)
    if not figure.limbs(body):
        return skin
    points, normals = zip(skin, figure.surface(body, pose), strict=True)
    return np.concatenate(points), np.concatenate(normals)


def colours(body: Body) -> FloatArray:
    """Colour of every vertex (V, 3), 0 to 1."""
    if not body.shape:
        return figure.colours(body)
    worn = figure.colours(body) if figure.limbs(body) else np.zeros((0, 3))
    return np.concatenate([dressed(body).colours, worn])


def corners(body: Body) -> npt.NDArray[np.uint32]:
    """Triangle corners (M, 3), counter-clockwise from outside."""
    worn = figure.triangles(len(figure.limbs(body)))
    if not body.shape:
        return worn
    skin = dressed(body)
    return np.concatenate([skin.corners, worn + np.uint32(len(skin.colours))])
