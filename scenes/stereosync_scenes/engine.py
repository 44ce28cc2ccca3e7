"""The engine: draws a plan at any time and says where everyone is. One thread; close what you open."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from stereosync.scene import Box, SceneFrame
from stereosync_scenes.boxes import box_around, linear_depth_m
from stereosync_scenes.drawing import draw, once_per_pixel, rewrite, vertices_of
from stereosync_scenes.figure import colours, limbs, surface, triangles
from stereosync_scenes.gait import pose
from stereosync_scenes.graphics import borrow_texture, canvas, panda, return_textures
from stereosync_scenes.places import sky_mesh, still_meshes
from stereosync_scenes.plan import Character, FloatArray, Plan
from stereosync_scenes.shapes import Mesh, lit
from stereosync_scenes.truth import feet_position

SHADOW_M = 0.004  # above the ground, so that it wins against it


class Engine:
    """Draws one plan off-screen. Many engines may be made one after the other; all share one graphics context.

    Raises GraphicsUnavailable, which names what to install, when nothing can be drawn here.
    """

    def __init__(self, plan: Plan, width_px: int = 256, height_px: int = 144) -> None:
        self.plan = plan
        self.canvas = canvas(width_px, height_px)
        self._size_px = (width_px, height_px)
        core = panda()
        self.camera = plan.shot.camera(width_px / height_px)
        self._root = core.NodePath("walk")
        self._root.setTwoSided(True)
        self._eye = self._root.attachNewNode(core.Camera("eye", self._lens()))
        sky = draw(self._root, sky_mesh(plan.mood), "sky")
        sky.setDepthWrite(False)
        sky.setBin("background", 0)
        self._sky = sky
        self._textures = []
        for mesh in still_meshes(plan):
            path = draw(self._root, mesh, "still")
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
        return SceneFrame(index, time_s, self.camera, picture, linear_depth_m(window_depth, self.camera), tuple(boxes))

    def _place(self, figure: _Figure, time_s: float) -> Box | None:
        body_pose = pose(self.plan, figure.character, time_s)
        points, normals = surface(figure.character.body, body_pose)
        figure.show(points, normals)
        seen = self.plan.shot.to_camera(points, time_s)
        position = feet_position(self.plan, body_pose.points_m, time_s)
        return box_around(figure.character.id, seen, position, self.camera, self._size_px)

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
        self._body = draw(root, blank, "body")
        self._shadow = draw(root, blank, "shadow", opacity=plan.mood.shadow)
        self._shadow.setBin("fixed", 10)
        self._shadow.setDepthWrite(False)
        self._shadow.setAttrib(once_per_pixel())
        self._vertices = vertices_of(blank, 1.0)
        self._dark = vertices_of(Mesh(blank.points_m, np.zeros((count, 3)), blank.uv, corners), plan.mood.shadow)

    def show(self, points: FloatArray, normals: FloatArray) -> None:
        """Move the surface to world `points` (N, 3) with `normals` (N, 3), and throw its shadow on the ground."""
        self._vertices["point"] = points
        self._vertices["colour"][:, :3] = lit(self._colours, normals, self.mood) * 255
        rewrite(self._body, self._vertices)
        sun = np.array(self.mood.towards_sun)
        self._dark["point"] = points - points[:, 2:] * (sun / sun[2])
        self._dark["point"][:, 2] = SHADOW_M
        rewrite(self._shadow, self._dark)
