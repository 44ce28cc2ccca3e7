"""The camera of a lens. The rendering thread."""

from __future__ import annotations

import math
from typing import Any

from stereosync.errors import StereoSyncError
from stereosync.scene import Camera

FARTHEST = 1e9  # engine units; what the wire allows, and beyond the steps of a 24-bit depth buffer


class LensError(StereoSyncError, ValueError):
    """A lens that the service cannot follow."""


def camera_of(lens: Any, metres_per_unit: float = 1.0) -> Camera:
    """The camera of a perspective lens. Its own aspect counts, not the picture's: that may be squeezed.

    Raises:
        LensError: the lens is not a plain perspective lens.
    """
    if not lens.isPerspective():
        raise LensError("StereoSync hears directions through a perspective lens; give the camera a PerspectiveLens")
    if lens.getFilmOffset().lengthSquared() > 0:
        raise LensError("the lens looks past its middle; set its film offset to 0")
    far = min(float(lens.getFar()), FARTHEST)
    near_m, far_m = lens.getNear() * metres_per_unit, far * metres_per_unit
    return Camera(math.radians(lens.getVfov()), float(lens.getAspectRatio()), near_m, far_m)
