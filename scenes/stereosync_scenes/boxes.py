"""The loose bounds that engines often have of a person; boxes and depth are `stereosync_panda3d.projection`."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import FloatArray

STATIC_HALF_WIDTH = 0.45  # of body height: arms stretched out, as in the pose a figure is modelled in
STATIC_TOP = 1.05


def upright_cuboid(position_m: FloatArray, height_m: float) -> FloatArray:
    """The 8 corners (8, 3) of a fixed upright box around a person who stands at `position_m` (2,), as engines give for
    skinned meshes: it goes along with the person but follows no limb."""
    wide = STATIC_HALF_WIDTH * height_m
    corners = np.array([(x, y, z) for x in (-wide, wide) for y in (-wide, wide) for z in (0.0, STATIC_TOP * height_m)])
    return np.asarray(corners + np.array([position_m[0], position_m[1], 0.0]))
