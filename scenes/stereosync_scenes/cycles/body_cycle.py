"""One turn of a body's gait as points over time, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import FloatArray


@dataclass(frozen=True, eq=False)
class BodyCycle:
    """One turn of a gait on the spot: the body stands over the origin, faces +z, has its right at +x and up at +y.

    `points_m` (F, V, 3) are a few hundred points of the body at frames that are evenly spread over the turn; frame F
    would be frame 0 again. `period_s` is the turn's length in seconds, `way_m` how far it carries the body in metres.
    `contact_phase` (2,) says when the left and the right foot come down, 0 to 1.
    """

    name: str  # of the gait, such as "walk"
    body: str
    points_m: FloatArray
    period_s: float
    way_m: float
    contact_phase: tuple[float, float]

    @property
    def height_m(self) -> float:
        return float(np.median(np.ptp(self.points_m[..., 1], axis=1)))

    def at(self, phase: FloatArray) -> FloatArray:
        """Points (N, V, 3) at phases (N,) that count turns; between frames they are blended."""
        frames = len(self.points_m)
        place = (phase % 1.0) * frames
        first = place.astype(int) % frames
        part = (place - np.floor(place))[:, None, None]
        return np.asarray(self.points_m[first] * (1 - part) + self.points_m[(first + 1) % frames] * part)
