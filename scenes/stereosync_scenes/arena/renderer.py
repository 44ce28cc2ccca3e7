"""The renderer of walks in levels, like `stereosync_scenes.renderer.Renderer`. One thread; close what you open."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from stereosync.scene import Box, SceneFrame, UInt8Array
from stereosync_panda3d.projection import box_around, linear_depth_m
from stereosync_scenes.arena.courses import cycle_of
from stereosync_scenes.arena.exposure import exposure_curve
from stereosync_scenes.arena.meshes import level_meshes
from stereosync_scenes.arena.people import load_person, load_skin
from stereosync_scenes.arena.plan import ArenaPlan, Walker, blend
from stereosync_scenes.arena.scenery import load_scenery
from stereosync_scenes.arena.sky import sky_dome
from stereosync_scenes.arena.truth import as_triple, feet_middle_m, in_world
from stereosync_scenes.boxes import upright_cuboid
from stereosync_scenes.drawing import draw, once_per_pixel, rewrite, vertices_of
from stereosync_scenes.graphics import borrow_texture, canvas, panda, return_textures
from stereosync_scenes.plan import FloatArray, Mood
from stereosync_scenes.shapes import Mesh, lit

Bounds = Literal["tight", "static"]
SHADOW_M = 0.012  # above the floor, so that it wins against it
TRIAL_LOOKS = (0.1, 0.5, 0.9)  # of the walk, from which the exposure is found


class ArenaRenderer:
    """Draws one plan off-screen. Many may be made one after the other; all share one graphics context.

    `bounds` says what boxes go around, as in `Renderer`. Raises GraphicsUnavailable or LevelsUnavailable, which name
    what to install.
    """

    def __init__(self, plan: ArenaPlan, width_px: int = 256, height_px: int = 144, bounds: Bounds = "tight") -> None:
        if bounds not in ("tight", "static"):
            raise ValueError(f"bounds are tight or static, not {bounds!r}")
        self.plan, self._bounds = plan, bounds
        self.canvas = canvas(width_px, height_px)
        self._size_px = (width_px, height_px)
        core = panda()
        self.camera = plan.shot.camera(width_px / height_px)
        self._root = core.NodePath("arena")
        self._root.setTwoSided(True)
        self._root.setBin("fixed", 0)  # in the order of drawing, so that ties in depth are the same each time
        self._eye = self._root.attachNewNode(core.Camera("eye", self._lens()))
        self._sky = draw(self._root, sky_dome(plan.mood), "sky")
        self._sky.setDepthWrite(False)
        self._sky.setBin("background", 0)
        self._textures: list[Any] = []
        for mesh in level_meshes(plan, load_scenery(plan.game, plan.level)):
            path = draw(self._root, mesh, "level")
            path.setTwoSided(False)
            path.setAttrib(core.CullFaceAttrib.make(core.CullFaceAttrib.MCullClockwise))
            self._show(path, mesh.texture)
        self._figures = [_Figure(self, walker) for walker in plan.walkers]
        self._curve = self._exposed()

    def _show(self, path: Any, picture: UInt8Array | None) -> None:
        if picture is not None:
            self._textures.append(borrow_texture(picture))
            path.setTexture(self._textures[-1])

    def _lens(self) -> Any:
        lens = panda().PerspectiveLens()
        across = 2 * math.degrees(math.atan(self.camera.tan_half_horizontal))
        lens.setFov(across, math.degrees(self.camera.vertical_fov_rad))
        lens.setNearFar(self.camera.near_m, self.camera.far_m)
        return lens

    def _exposed(self) -> UInt8Array:
        """The curve (256,) that brings the walk's pictures to the plan's brightness."""
        pictures = []
        for share in TRIAL_LOOKS:
            self._look(share * self.plan.duration_s)
            pictures.append(self.canvas.draw(self._eye)[0])
        return exposure_curve(np.stack(pictures), self.plan.brightness)

    def _look(self, time_s: float) -> list[Box]:
        """Put camera and people where they are at `time_s`; returns the boxes."""
        shot = self.plan.shot
        x, y, z = (float(value) for value in blend(shot.eye_m, time_s))
        heading, down = float(blend(shot.heading_rad, time_s)), float(blend(shot.down_rad, time_s))
        self._eye.setPosHpr(x, y, z, math.degrees(heading) - 90, -math.degrees(down), 0)
        self._sky.setPos(x, y, z)
        return [box for figure in self._figures if (box := self._place(figure, time_s)) is not None]

    def frame(self, time_s: float, index: int = 0) -> SceneFrame:
        """The picture, linear depth and boxes at `time_s`."""
        import cv2

        boxes = self._look(time_s)
        picture, window_depth = self.canvas.draw(self._eye)
        exposed = np.asarray(cv2.LUT(picture, self._curve), dtype=np.uint8)
        return SceneFrame(index, time_s, self.camera, exposed, linear_depth_m(window_depth, self.camera), tuple(boxes))

    def _place(self, figure: _Figure, time_s: float) -> Box | None:
        points, walker = figure.show(time_s), figure.walker
        position = feet_middle_m(walker, time_s)
        if self._bounds == "static":
            position = blend(walker.feet_m, time_s)
            points = upright_cuboid(position[:2], figure.height_m) + np.array([0, 0, position[2]])
        seen, feet = (self.plan.shot.to_camera(one, time_s) for one in (points, position))
        return box_around(walker.id, seen, as_triple(feet), self.camera, self._size_px, self._bounds == "tight")

    def close(self) -> None:
        """Give back everything this renderer has in the graphics context."""
        self.canvas.forget(self._eye)
        self._root.removeNode()
        return_textures(self._textures)
        self._textures, self._figures = [], []

    def __enter__(self) -> ArenaRenderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Figure:
    """One person's moving geometry: a mesh for each surface and a shadow, rewritten each frame."""

    def __init__(self, renderer: ArenaRenderer, walker: Walker) -> None:
        self.walker, self.mood = walker, renderer.plan.mood
        person = load_person(walker.person, walker.gaits)
        skin = load_skin(walker.person, walker.skin)
        self._cycle, count = cycle_of(walker), len(person.uv)
        self.height_m = person.height_m * walker.scale
        self._pieces = []
        for name, corners in person.pieces:
            used, own = np.unique(corners, return_inverse=True)
            mesh = Mesh(np.zeros((len(used), 3)), np.ones((len(used), 3)), person.uv[used], triangles(own))
            path = draw(renderer._root, mesh, name)
            renderer._show(path, skin.get(name))
            self._pieces.append((path, used, vertices_of(mesh, 1.0)))
        everything = np.concatenate([corners for _, corners in person.pieces])
        dark = Mesh(np.zeros((count, 3)), np.zeros((count, 3)), np.zeros((count, 2)), everything)
        self._shadow = _shadow(renderer, dark, self.mood)
        self._dark = vertices_of(dark, self.mood.shadow)

    def show(self, time_s: float) -> FloatArray:
        """Move the surface to where it is at `time_s` and throw its shadow; returns its world points (N, 3)."""
        points, normals = self._cycle.at(float(blend(self.walker.phase, time_s)))
        world = in_world(self.walker, points, time_s)
        heading = float(blend(self.walker.heading_rad, time_s))
        shades = lit(np.ones(3), turned(normals, heading), self.mood) * 255
        for path, used, vertices in self._pieces:
            vertices["point"], vertices["colour"][:, :3] = world[used], shades[used]
            rewrite(path, vertices)
        floor, sun = float(blend(self.walker.feet_m, time_s)[2]), np.array(self.mood.towards_sun)
        self._dark["point"] = world - (world[:, 2:] - floor) * (sun / sun[2])
        self._dark["point"][:, 2] = floor + SHADOW_M
        rewrite(self._shadow, self._dark)
        return world


def _shadow(renderer: ArenaRenderer, mesh: Mesh, mood: Mood) -> Any:
    path = draw(renderer._root, mesh, "shadow", opacity=mood.shadow)
    path.setBin("fixed", 10)
    path.setDepthWrite(False)
    path.setAttrib(once_per_pixel())
    return path


def triangles(order: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
    """Indices as triangles (M, 3)."""
    return order.reshape(-1, 3).astype(np.uint32)


def turned(vectors: FloatArray, heading_rad: float) -> FloatArray:
    """Vectors (N, 3) turned about the vertical."""
    cosine, sine = math.cos(heading_rad), math.sin(heading_rad)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(vectors @ turn)
