"""The plan of a walk of foreign bodies: a scene of the project without people of its own, and who walks there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.foreign.bodies import TALL_M, ForeignBody, load_body
from stereosync_scenes.foreign.catalogue import Split
from stereosync_scenes.plan import FloatArray, Plan, Shot, Track
from stereosync_scenes.track import RATE_HZ


@dataclass(frozen=True, eq=False)
class ForeignWalker:
    """One body under way: `track` of its origin, `phase` (N,) the turns of its gait at the track's samples."""

    id: int
    name: str  # of the body
    scale: float
    track: Track
    phase: FloatArray

    @property
    def body(self) -> ForeignBody:
        return load_body(self.name)

    @property
    def height_m(self) -> float:
        return self.scale * TALL_M

    def phase_at(self, time_s: float) -> float:
        """Turns of the gait at a time."""
        return float(np.interp((time_s - self.track.start_s) * RATE_HZ, np.arange(len(self.phase)), self.phase))

    def surface(self, time_s: float) -> tuple[FloatArray, FloatArray]:
        """World points and unit normals (V, 3) at a time."""
        points, normals = self.body.cycle.at(self.phase_at(time_s))
        return self.in_world(points, time_s), normals @ self._axes(time_s)

    def in_world(self, points_m: npt.ArrayLike, time_s: float) -> FloatArray:
        """World points (N, 3) of points of the body at a time."""
        place = np.append(self.track.position_at(time_s), 0.0)
        return np.asarray(np.asarray(points_m) @ self._axes(time_s) * self.scale + place)

    def foot_m(self, side: int, time_s: float) -> FloatArray:
        """World point (3,) of the left (0) or right (1) foot: the middle of its vertices, as a bone would be."""
        points, _ = self.body.cycle.at(self.phase_at(time_s))
        middle = points[self.body.gait.feet[side]].mean(axis=0)
        return np.asarray(self.in_world(middle[None], time_s)[0])

    def _axes(self, time_s: float) -> FloatArray:
        """The body's ahead, left and up in the world, as rows (3, 3)."""
        heading = self.track.heading_at(time_s)
        cosine, sine = np.cos(heading), np.sin(heading)
        return np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, eq=False)
class ForeignPlan:
    """One walk, complete."""

    split: Split
    kind: str  # of the camera
    scene: Plan
    walkers: tuple[ForeignWalker, ...]  # the camera goes with the first

    @property
    def shot(self) -> Shot:
        """The scene's camera."""
        return self.scene.shot
