"""Drawing: meshes as geometry of the graphics context, and vertices that are rewritten each frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync_scenes.graphics import panda
from stereosync_scenes.shapes import Mesh

VERTEX = np.dtype([("point", "<f4", 3), ("colour", "u1", 4), ("uv", "<f4", 2)])


def vertices_of(mesh: Mesh, opacity: float) -> npt.NDArray[np.void]:
    """The mesh's vertices (N,) as the graphics context has them."""
    vertices = np.zeros(len(mesh.points_m), dtype=VERTEX)
    vertices["point"], vertices["uv"] = mesh.points_m, mesh.uv
    vertices["colour"][:, :3] = np.clip(mesh.colours, 0, 1) * 255
    vertices["colour"][:, 3] = round(opacity * 255)
    return vertices


def once_per_pixel() -> Any:
    """Draw each pixel at most once, so that limbs' shadows that overlap are no darker."""
    stencil = panda().StencilAttrib
    keep, more = stencil.SOKeep, stencil.SOIncrement
    return stencil.make(True, stencil.SCFEqual, keep, keep, more, 0, 0xFF, 0xFF)


def rewrite(node: Any, vertices: npt.NDArray[np.void]) -> None:
    """Replace the vertices of a node path that `draw` returned."""
    node.node().modifyGeom(0).modifyVertexData().modifyArrayHandle(0).copyDataFrom(vertices.tobytes())


def draw(root: Any, mesh: Mesh, name: str, opacity: float = 1.0) -> Any:
    """Add a mesh to the scene; returns its node path."""
    core = panda()
    data = core.GeomVertexData(name, core.GeomVertexFormat.getV3c4t2(), core.Geom.UHDynamic)
    data.uncleanSetNumRows(len(mesh.points_m))
    data.modifyArrayHandle(0).copyDataFrom(vertices_of(mesh, opacity).tobytes())
    faces = core.GeomTriangles(core.Geom.UHStatic)
    faces.setIndexType(core.Geom.NTUint32)
    corners = faces.modifyVertices()
    corners.uncleanSetNumRows(mesh.corners.size)
    corners.modifyHandle().copyDataFrom(mesh.corners.astype("<u4").tobytes())
    geom = core.Geom(data)
    geom.addPrimitive(faces)
    node = core.GeomNode(name)
    node.addGeom(geom)
    # Bounds of geometry that is rewritten would be computed each frame; everything here is worth drawing.
    node.setBounds(core.OmniBoundingVolume())
    node.setFinal(True)
    path = root.attachNewNode(node)
    if opacity < 1.0:
        path.setTransparency(core.TransparencyAttrib.MAlpha)
    return path
