"""A figure of boxes that walks to and fro: the sample's only character, without a file to load."""

from __future__ import annotations

import math
from typing import Any

from panda3d import core

STEP_M = 0.75
SPEED_M_PER_S = 1.4
SWING_DEG = 26.0
SHIN_M = 0.42  # and as much for the thigh
MIDDLE_M, ACROSS_M, ALONG_M = 5.5, 3.0, 2.5  # of the ellipse
CUBE_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
SHADES = (0.75, 0.9, 0.65, 0.8, 0.5, 1.0)  # of the faces, so that a shape is seen without lights


def cuboid(parent: Any, size: tuple[float, float, float], colour: tuple[float, float, float], name: str) -> Any:
    """A box that hangs from the middle of its upper face, as a limb hangs from its joint."""
    data = core.GeomVertexData(name, core.GeomVertexFormat.getV3c4(), core.Geom.UHStatic)
    point, paint = core.GeomVertexWriter(data, "vertex"), core.GeomVertexWriter(data, "color")
    triangles = core.GeomTriangles(core.Geom.UHStatic)
    wide, deep, high = size
    for face, shade in zip(CUBE_FACES, SHADES, strict=True):
        first = data.getNumRows()
        for corner in face:
            x, y, z = corner & 1, corner >> 1 & 1, corner >> 2
            point.addData3((x - 0.5) * wide, (y - 0.5) * deep, (z - 1) * high)
            paint.addData4(*(shade * part for part in colour), 1)
        triangles.addVertices(first, first + 1, first + 2)
        triangles.addVertices(first, first + 2, first + 3)
    geom = core.Geom(data)
    geom.addPrimitive(triangles)
    node = core.GeomNode(name)
    node.addGeom(geom)
    path = parent.attachNewNode(node)
    path.setTwoSided(True)
    return path


class Walker:
    """`body`'s origin lies on the ground between the feet, `soles` are node paths of the left and the right one.

    `walk_to` sets everything for one moment.
    """

    def __init__(self, parent: Any) -> None:
        self.body = parent.attachNewNode("walker")
        self._hips = self.body.attachNewNode("hips")
        trunk = cuboid(self._hips, (0.38, 0.24, 0.62), (0.2, 0.4, 0.75), "trunk")
        trunk.setZ(0.62)
        cuboid(self._hips, (0.2, 0.22, 0.26), (0.85, 0.65, 0.5), "head").setZ(0.9)
        self._legs = [self._limb(side * 0.1, 0.0, (0.15, 0.17), SHIN_M, (0.25, 0.25, 0.3)) for side in (-1, 1)]
        self.soles = tuple(self._sole(lower) for _, lower in self._legs)
        self._arms = [self._limb(side * 0.25, 0.6, (0.09, 0.1), 0.29, (0.2, 0.4, 0.75)) for side in (-1, 1)]

    def _limb(self, x: float, z: float, size: tuple[float, float], long: float, colour: Any) -> tuple[Any, Any]:
        """Upper and lower half, each turning about its upper end."""
        upper = self._hips.attachNewNode("upper")
        upper.setPos(x, 0, z)
        cuboid(upper, (*size, long), colour, "upper")
        lower = upper.attachNewNode("lower")
        lower.setZ(-long)
        cuboid(lower, (*size, long), colour, "lower")
        return upper, lower

    def _sole(self, shin: Any) -> Any:
        """The end of a leg."""
        sole = shin.attachNewNode("sole")
        sole.setZ(-SHIN_M)
        return sole

    def walk_to(self, time_s: float) -> None:
        """Stand where the walk is at `time_s`: an ellipse, from left to right and from near to far."""
        turn = SPEED_M_PER_S / ((ACROSS_M + ALONG_M) / 2) * time_s
        self.body.setPos(ACROSS_M * math.cos(turn), MIDDLE_M + ALONG_M * math.sin(turn), 0)
        ahead = math.atan2(ALONG_M * math.cos(turn), -ACROSS_M * math.sin(turn))
        self.body.setH(math.degrees(ahead) - 90)
        self._stride(math.pi * SPEED_M_PER_S * time_s / STEP_M)

    def _stride(self, phase: float) -> None:
        """One step every half turn of `phase`: legs swing, the free knee bends, the hips sink at each landing."""
        for side, (leg, arm) in enumerate(zip(self._legs, self._arms, strict=True)):
            swing = math.sin(phase + side * math.pi)
            forward = math.cos(phase + side * math.pi)
            leg[0].setP(SWING_DEG * swing)
            leg[1].setP(-8 - 42 * max(forward, 0.0))
            arm[0].setP(-SWING_DEG * swing)
            arm[1].setP(15)
        self._hips.setZ(2 * SHIN_M * math.cos(math.radians(SWING_DEG) * abs(math.sin(phase))))
