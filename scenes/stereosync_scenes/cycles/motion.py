"""A body's points over time as a file has them, whatever its format: what cycles are found in."""

from __future__ import annotations

from dataclasses import dataclass

from stereosync_scenes.plan import FloatArray

SIDES = ("left", "right")
Feet = tuple[list[int], list[int]]  # rows of the points of the left and the right foot


@dataclass(frozen=True, eq=False)
class Motion:
    """One clip: points (F, V, 3) in metres, x to the right, y up, z ahead, `step_s` seconds from frame to frame.

    The body may go anywhere and face any way, and the frames may hold several turns, unless they are told to be
    `one_turn` of a gait on the spot that faces +z; `way_m` is then the turn's way, 0 where it is not told.
    """

    name: str  # of the gait
    body: str
    points_m: FloatArray
    step_s: float
    bones: tuple[str, ...] = ()  # (V,) the bone that carries each point; none: nobody tells
    joints_only: bool = False  # points of a skeleton, without a skin
    front_known: bool = False  # by its format a body that walks ahead goes towards +z
    contacts: tuple[float, float] | None = None  # told phases of the whole clip, left and right
    feet: Feet | None = None  # told
    one_turn: bool = False
    way_m: float = 0.0

    @property
    def duration_s(self) -> float:
        return len(self.points_m) * self.step_s
