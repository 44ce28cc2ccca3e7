"""The renderer of walks of foreign bodies: the project's own, with other figures in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from stereosync.scene import Box
from stereosync_panda3d.projection import box_around
from stereosync_scenes.boxes import upright_cuboid
from stereosync_scenes.drawing import draw, once_per_pixel, rewrite, vertices_of
from stereosync_scenes.foreign.plan import ForeignPlan, ForeignWalker
from stereosync_scenes.foreign.truth import feet_middle
from stereosync_scenes.plan import FloatArray, Mood
from stereosync_scenes.renderer import SHADOW_M, Bounds, Renderer
from stereosync_scenes.shapes import Mesh, lit
from stereosync_scenes.truth import as_triple


class ForeignRenderer(Renderer):
    """Draws one plan off-screen. `bounds` and what it raises are `Renderer`'s, and ForeignUnavailable."""

    def __init__(self, plan: ForeignPlan, width_px: int = 256, height_px: int = 144, bounds: Bounds = "tight") -> None:
        super().__init__(plan.scene, width_px, height_px, bounds)
        self.foreign = plan
        self._walkers = [_Walking(self, walker, plan.scene.mood) for walker in plan.walkers]

    def show(self, mesh: Mesh, name: str) -> Any:
        """Draw a mesh, with its texture if it has one; returns its node path."""
        return self._textured(draw(self._root, mesh, name), mesh)

    def shade(self, mesh: Mesh, mood: Mood) -> Any:
        """Draw a mesh that lies on the ground as a shadow; returns its node path."""
        path = draw(self._root, mesh, "shadow", opacity=mood.shadow)
        path.setBin("fixed", 10)
        path.setDepthWrite(False)
        path.setAttrib(once_per_pixel())
        return path

    def _boxes(self, time_s: float) -> list[Box]:
        return [box for walking in self._walkers if (box := self._stood(walking, time_s)) is not None]

    def _stood(self, walking: _Walking, time_s: float) -> Box | None:
        points, walker = walking.show(time_s), walking.walker
        position = feet_middle(self.foreign, walker, time_s)
        if self._bounds == "static":
            middle = walker.track.position_at(time_s)
            points = upright_cuboid(middle, walker.height_m)
            position = self.plan.shot.to_camera([*middle, 0.0], time_s)
        seen, tight = self.plan.shot.to_camera(points, time_s), self._bounds == "tight"
        return box_around(walker.id, seen, as_triple(position), self.camera, self._size_px, tight)


class _Walking:
    """One body's moving geometry: a mesh for each piece and a shadow, rewritten each frame."""

    def __init__(self, renderer: ForeignRenderer, walker: ForeignWalker, mood: Mood) -> None:
        self.walker, self.mood = walker, mood
        body, count = walker.body, len(walker.body.uv)
        self._pieces = []
        for texture, corners in body.pieces:
            used, own = np.unique(corners, return_inverse=True)
            blank = np.zeros((len(used), 3))
            mesh = Mesh(blank, blank + 1, body.uv[used], own.reshape(-1, 3).astype(np.uint32), texture)
            self._pieces.append((renderer.show(mesh, walker.name), used, vertices_of(mesh, 1.0)))
        everything = np.concatenate([corners for _, corners in body.pieces])
        dark = Mesh(np.zeros((count, 3)), np.zeros((count, 3)), np.zeros((count, 2)), everything)
        self._shadow, self._dark = renderer.shade(dark, mood), vertices_of(dark, mood.shadow)

    def show(self, time_s: float) -> FloatArray:
        """Move the surface to where it is at `time_s` and throw its shadow; returns its world points (N, 3)."""
        points, normals = self.walker.surface(time_s)
        shades = lit(np.ones(3), normals, self.mood) * 255
        for path, used, vertices in self._pieces:
            vertices["point"], vertices["colour"][:, :3] = points[used], shades[used]
            rewrite(path, vertices)
        sun = np.array(self.mood.towards_sun)
        self._dark["point"] = points - points[:, 2:] * (sun / sun[2])
        self._dark["point"][:, 2] = SHADOW_M
        rewrite(self._shadow, self._dark)
        return points
