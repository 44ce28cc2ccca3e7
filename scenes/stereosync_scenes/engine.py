"""The engine: draws a plan at any time and says where everyone is. One thread; close what you open."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.scene import Box, Float32Array, SceneFrame
from stereosync_scenes.figure import colours, limbs, surface, triangles
from stereosync_scenes.gait import pose
from stereosync_scenes.graphics import borrow_texture, canvas, panda, return_textures
from stereosync_scenes.places import sky_mesh, still_meshes
from stereosync_scenes.plan import Character, FloatArray, Plan
from stereosync_scenes.shapes import Mesh, lit
from stereosync_scenes.truth import feet_position

VERTEX = np.dtype([("point", "<f4", 3), ("colour", "u1", 4), ("uv", "<f4", 2)])
SHADOW_M = 0.004  # above the ground, so that it wins against it


class Engine:
    """Draws one plan off-screen. Many engines may be made one after the other; all share one graphics context.

    Raises GraphicsUnavailable, which names what to install, when nothing can be drawn here.
    """

    def __init__(self, plan: Plan, width_px: int = 256, height_px: int = 144) -> None:
        self.plan = plan
        self.canvas = canvas(width_px, height_px)
        core = panda()
        self.camera = plan.shot.camera(width_px / height_px)
        self._root = core.NodePath("walk")
        self._root.setTwoSided(True)
        self._eye = self._root.attachNewNode(core.Camera("eye", self._lens()))
        sky = _draw(self._root, sky_mesh(plan.mood), "sky")
        sky.setDepthWrite(False)
        sky.setBin("background", 0)
        self._sky = sky
        self._textures = []
        for mesh in still_meshes(plan):
            path = _draw(self._root, mesh, "still")
            if mesh.texture is not None:
                self._textures.append(borrow_texture(mesh.texture))
                path.setTexture(self._textures[-1])
        self._figures = [_Figure(self._root, plan, character) for character in plan.characters]

    def _lens(self) -> Any:
        lens = panda().PerspectiveLens()
        across = 2 * math.degrees(math.atan(self.camera.tan_half_horizontal))
        lens.setFov(across, math.degrees(self.camera.vertical_fov_rad))
        lens.setNearFar(self.camera.near_m, self.camera.far_m)
        return lens

    def frame(self, time_s: float, index: int = 0) -> SceneFrame:
        """The picture, linear depth and boxes at `time_s`."""
        shot = self.plan.shot
        x, y = (float(value) for value in shot.track.position_at(time_s))
        self._eye.setPosHpr(
            x, y, shot.height_m, math.degrees(shot.track.heading_at(time_s)) - 90, -math.degrees(shot.down_rad), 0
        )
        self._sky.setPos(x, y, shot.height_m)
        boxes = [box for figure in self._figures if (box := self._place(figure, time_s)) is not None]
        picture, window_depth = self.canvas.draw(self._eye)
        return SceneFrame(index, time_s, self.camera, picture, self._metres(window_depth), tuple(boxes))

    def _place(self, figure: _Figure, time_s: float) -> Box | None:
        body_pose = pose(self.plan, figure.character, time_s)
        points, normals = surface(figure.character.body, body_pose)
        figure.show(points, normals)
        seen = self.plan.shot.to_camera(points, time_s)
        position = feet_position(self.plan, body_pose.points_m, time_s)
        return self._box(figure.character.id, seen, position)

    def _box(self, number: int, seen_m: FloatArray, position: tuple[float, float, float]) -> Box | None:
        """The rectangle around camera-space points (N, 3), cut at the picture's edges; None when nothing is inside."""
        before = seen_m[seen_m[:, 2] > self.camera.near_m]
        if len(before) == 0:
            return None
        width, height = self.canvas.width_px, self.canvas.height_px
        x = (before[:, 0] / before[:, 2] / self.camera.tan_half_horizontal + 1) / 2 * width
        y = (1 - before[:, 1] / before[:, 2] / self.camera.tan_half_vertical) / 2 * height
        x0, x1 = np.clip([x.min(), x.max()], 0, width)
        y0, y1 = np.clip([y.min(), y.max()], 0, height)
        if x1 <= x0 or y1 <= y0:
            return None
        return Box(number, "person", float(x0), float(y0), float(x1), float(y1), True, position)

    def _metres(self, window_depth: npt.NDArray[np.float32]) -> Float32Array:
        near, far = self.camera.near_m, self.camera.far_m
        metres = np.float32(near * far) / (np.float32(far) - window_depth * np.float32(far - near))
        return np.where(window_depth >= 1.0, np.float32(np.inf), metres).astype(np.float32)

    def close(self) -> None:
        """Give back everything this engine has in the graphics context."""
        self.canvas.forget(self._eye)
        self._root.removeNode()
        return_textures(self._textures)
        self._textures, self._figures = [], []

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Figure:
    """One person's moving geometry: body and shadow, rewritten each frame."""

    def __init__(self, root: Any, plan: Plan, character: Character) -> None:
        self.character, self.mood = character, plan.mood
        self._colours = colours(character.body)
        count = len(self._colours)
        corners = triangles(len(limbs(character.body)))
        blank = Mesh(np.zeros((count, 3)), self._colours, np.zeros((count, 2)), corners)
        self._body = _draw(root, blank, "body")
        self._shadow = _draw(root, blank, "shadow", opacity=plan.mood.shadow)
        self._shadow.setBin("fixed", 10)
        self._shadow.setDepthWrite(False)
        self._shadow.setAttrib(_once_per_pixel())
        self._vertices = _vertices(blank, 1.0)
        self._dark = _vertices(Mesh(blank.points_m, np.zeros((count, 3)), blank.uv, corners), plan.mood.shadow)

    def show(self, points: FloatArray, normals: FloatArray) -> None:
        """Move the surface to world `points` (N, 3) with `normals` (N, 3), and throw its shadow on the ground."""
        self._vertices["point"] = points
        self._vertices["colour"][:, :3] = lit(self._colours, normals, self.mood) * 255
        _rewrite(self._body, self._vertices)
        sun = np.array(self.mood.towards_sun)
        self._dark["point"] = points - points[:, 2:] * (sun / sun[2])
        self._dark["point"][:, 2] = SHADOW_M
        _rewrite(self._shadow, self._dark)


def _vertices(mesh: Mesh, opacity: float) -> npt.NDArray[np.void]:
    vertices = np.zeros(len(mesh.points_m), dtype=VERTEX)
    vertices["point"], vertices["uv"] = mesh.points_m, mesh.uv
    vertices["colour"][:, :3] = np.clip(mesh.colours, 0, 1) * 255
    vertices["colour"][:, 3] = round(opacity * 255)
    return vertices


def _once_per_pixel() -> Any:
    """Draw each pixel at most once, so that limbs' shadows that overlap are no darker."""
    stencil = panda().StencilAttrib
    keep, more = stencil.SOKeep, stencil.SOIncrement
    return stencil.make(True, stencil.SCFEqual, keep, keep, more, 0, 0xFF, 0xFF)


def _rewrite(node: Any, vertices: npt.NDArray[np.void]) -> None:
    node.node().modifyGeom(0).modifyVertexData().modifyArrayHandle(0).copyDataFrom(vertices.tobytes())


def _draw(root: Any, mesh: Mesh, name: str, opacity: float = 1.0) -> Any:
    """Add a mesh to the scene; returns its node path."""
    core = panda()
    data = core.GeomVertexData(name, core.GeomVertexFormat.getV3c4t2(), core.Geom.UHDynamic)
    data.uncleanSetNumRows(len(mesh.points_m))
    data.modifyArrayHandle(0).copyDataFrom(_vertices(mesh, opacity).tobytes())
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
