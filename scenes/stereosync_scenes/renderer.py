"""The renderer: draws a plan at any time and says where everyone is. One thread; close what you open."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from stereosync.scene import Box, SceneFrame
from stereosync_panda3d.projection import box_around, linear_depth_m
from stereosync_scenes.boxes import upright_cuboid
from stereosync_scenes.drawing import draw, once_per_pixel, rewrite, vertices_of
from stereosync_scenes.effects.moving import Eye, Moving, eye_of
from stereosync_scenes.effects.of_place import effects_of
from stereosync_scenes.gait import pose
from stereosync_scenes.graphics import borrow_texture, canvas, panda, return_textures
from stereosync_scenes.looks import colours, corners, surface
from stereosync_scenes.places import sky_mesh, star_meshes, still_meshes
from stereosync_scenes.plan import Character, FloatArray, Plan
from stereosync_scenes.shapes import Mesh, lit
from stereosync_scenes.truth import as_triple, feet_position

Bounds = Literal["tight", "static"]
SHADOW_M = 0.004  # above the ground, so that it wins against it


class Renderer:
    """Draws one plan off-screen. Many may be made one after the other; all share one graphics context.

    `bounds` says what boxes go around: "tight" what is drawn of a person, "static" a cuboid that follows no limb, as
    engines have it for skinned meshes. Raises GraphicsUnavailable, which names what to install, when nothing can be
    drawn.
    """

    def __init__(self, plan: Plan, width_px: int = 256, height_px: int = 144, bounds: Bounds = "tight") -> None:
        if bounds not in ("tight", "static"):
            raise ValueError(f"bounds are tight or static, not {bounds!r}")
        self.plan, self._bounds = plan, bounds
        self.canvas = canvas(width_px, height_px)
        self._size_px = (width_px, height_px)
        core = panda()
        self.camera = plan.shot.camera(width_px / height_px)
        self._root = core.NodePath("walk")
        self._root.setTwoSided(True)
        self._root.setBin("fixed", 0)  # in the order of drawing, so that ties in depth are the same each time
        self._eye = self._root.attachNewNode(core.Camera("eye", self._lens()))
        self._sky = self._draw_sky()
        self._textures: list[Any] = []
        for mesh in still_meshes(plan):
            self._textured(draw(self._root, mesh, "still"), mesh)
        self._effects = [
            _Effect(self._textured(_draw_moving(self._root, one), one.mesh), one) for one in effects_of(plan)
        ]
        self._figures = [_Figure(self._root, plan, character) for character in plan.characters]

    def _draw_sky(self) -> Any:
        sky = draw(self._root, sky_mesh(self.plan.mood), "sky")
        sky.setDepthWrite(False)
        sky.setBin("background", 0)
        for stars in star_meshes(self.plan):
            draw(sky, stars, "stars").setBin("background", 1)
        if self.plan.mood.haze > 0:
            fog = panda().Fog("haze")
            fog.setColor(*self.plan.mood.sky_horizon)
            fog.setExpDensity(self.plan.mood.haze)
            self._root.setFog(fog)
            sky.setFogOff()
        return sky

    def _textured(self, path: Any, mesh: Mesh) -> Any:
        if mesh.texture is not None:
            self._textures.append(borrow_texture(mesh.texture))
            path.setTexture(self._textures[-1])
        return path

    def _lens(self) -> Any:
        lens = panda().PerspectiveLens()
        across = 2 * math.degrees(math.atan(self.camera.tan_half_horizontal))
        lens.setFov(across, math.degrees(self.camera.vertical_fov_rad))
        lens.setNearFar(self.camera.near_m, self.camera.far_m)
        return lens

    def frame(self, time_s: float, index: int = 0) -> SceneFrame:
        """The picture, linear depth and boxes at `time_s`."""
        shot = self.plan.shot
        x, y, z = as_triple(shot.eye_at(time_s))
        self._eye.setPosHpr(x, y, z, math.degrees(shot.track.heading_at(time_s)) - 90, -math.degrees(shot.down_rad), 0)
        self._sky.setPos(x, y, z)
        eye = eye_of(self.plan, time_s)
        for effect in self._effects:
            effect.show(time_s, eye)
        boxes = self._boxes(time_s)
        picture, window_depth = self.canvas.draw(self._eye)
        return SceneFrame(index, time_s, self.camera, picture, linear_depth_m(window_depth, self.camera), tuple(boxes))

    def _boxes(self, time_s: float) -> list[Box]:
        """Put everybody where they are; the boxes of those in the picture."""
        return [box for figure in self._figures if (box := self._place(figure, time_s)) is not None]

    def _place(self, figure: _Figure, time_s: float) -> Box | None:
        body_pose = pose(self.plan, figure.character, time_s)
        points, normals = surface(figure.character.body, body_pose)
        figure.show(points, normals)
        position = feet_position(self.plan, body_pose.points_m, time_s)
        if self._bounds == "static":
            middle = figure.character.track.position_at(time_s)
            points = upright_cuboid(middle, figure.character.body.height_m)
            position = as_triple(self.plan.shot.to_camera([*middle, 0.0], time_s))
        seen, tight = self.plan.shot.to_camera(points, time_s), self._bounds == "tight"
        return box_around(figure.character.id, seen, position, self.camera, self._size_px, tight)

    def close(self) -> None:
        """Give back everything this renderer has in the graphics context."""
        self.canvas.forget(self._eye)
        self._root.removeNode()
        return_textures(self._textures)
        self._textures, self._figures, self._effects = [], [], []

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _draw_moving(root: Any, moving: Moving) -> Any:
    path = draw(root, moving.mesh, "moving", moving.opacity)
    if not moving.solid:
        path.setDepthWrite(False)
        path.setBin("fixed", 20)
    return path


class _Effect:
    """One moving mesh of a place, rewritten each frame."""

    def __init__(self, path: Any, moving: Moving) -> None:
        self._path, self._moving = path, moving
        self._vertices = vertices_of(moving.mesh, moving.opacity)

    def show(self, time_s: float, eye: Eye) -> None:
        """Move it to where it is at `time_s`."""
        if self._moving.points_at is not None:
            self._vertices["point"] = self._moving.points_at(time_s, eye)
            rewrite(self._path, self._vertices)
        if self._moving.scroll != (0.0, 0.0):
            along, down = (rate * time_s % 1.0 for rate in self._moving.scroll)
            self._path.setTexOffset(panda().TextureStage.getDefault(), along, down)


class _Figure:
    """One person's moving geometry: body and shadow, rewritten each frame."""

    def __init__(self, root: Any, plan: Plan, character: Character) -> None:
        self.character, self.mood = character, plan.mood
        self._colours = colours(character.body)
        count = len(self._colours)
        faces = corners(character.body)
        blank = Mesh(np.zeros((count, 3)), self._colours, np.zeros((count, 2)), faces)
        self._body = draw(root, blank, "body")
        self._shadow = draw(root, blank, "shadow", opacity=plan.mood.shadow)
        self._shadow.setBin("fixed", 10)
        self._shadow.setDepthWrite(False)
        self._shadow.setAttrib(once_per_pixel())
        self._vertices = vertices_of(blank, 1.0)
        self._dark = vertices_of(Mesh(blank.points_m, np.zeros((count, 3)), blank.uv, faces), plan.mood.shadow)

    def show(self, points: FloatArray, normals: FloatArray) -> None:
        """Move the surface to world `points` (N, 3) with `normals` (N, 3), and throw its shadow on the ground."""
        self._vertices["point"] = points
        self._vertices["colour"][:, :3] = lit(self._colours, normals, self.mood) * 255
        rewrite(self._body, self._vertices)
        sun = np.array(self.mood.towards_sun)
        self._dark["point"] = points - points[:, 2:] * (sun / sun[2])
        self._dark["point"][:, 2] = SHADOW_M
        rewrite(self._shadow, self._dark)
