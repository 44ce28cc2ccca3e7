"""Sources of walks: own scenes, plain, varied or on photo floors; levels and characters of OpenArena; bodies of
MegaGlest in own scenes.

One plan per seed. Training, validation and test never share a seed; levels of the split "shift" and their characters
are in no other, nor are the bodies of "foreign" and the photos of "floors-test".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError
from stereosync.scene import Foot, SceneFrame
from stereosync_scenes import telling
from stereosync_scenes.arena import telling as arena_telling
from stereosync_scenes.arena.cast import arena_plan
from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.arena.renderer import ArenaRenderer
from stereosync_scenes.arena.truth import arena_kinds, arena_truth
from stereosync_scenes.casting import make_plan
from stereosync_scenes.foreign import catalogue as foreign_catalogue
from stereosync_scenes.foreign import telling as foreign_telling
from stereosync_scenes.foreign.cast import foreign_plan
from stereosync_scenes.foreign.renderer import ForeignRenderer
from stereosync_scenes.foreign.truth import foreign_kinds, foreign_truth
from stereosync_scenes.kinds import walk_kinds
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.truth import walk_truth
from stereosync_scenes.walk import WalkKinds, WalkTruth, Whereabouts

Bounds = Literal["tight", "static"]  # boxes that follow the limbs, or those of a fixed upright cuboid
FOREIGN: tuple[foreign_catalogue.Split, ...] = get_args(foreign_catalogue.Split)
VARIETY = {"own": "plain", "varied": "varied", "floors": "floors", "floors-test": "floors-test"}  # by source
SOURCES = (*VARIETY, "levels", "levels-shift", *FOREIGN)


@dataclass(frozen=True)
class WalkSource:
    """Functions that plan, tell and draw walks of one kind. A plan is whatever `plan` returns.

    `feet` by character and `whereabouts` are what an engine could tell of a plan at a time in seconds, without drawing.
    """

    plan: Callable[[int, float], Any]  # seed, duration_s
    truth: Callable[..., WalkTruth]  # plan, and by which `contact.Definition` if not by the truth's
    kinds: Callable[[Any], WalkKinds]
    feet: Callable[[Any, float], dict[int, tuple[Foot, ...]]]
    whereabouts: Callable[[Any, float], tuple[Whereabouts, ...]]
    renderer: Callable[[Any, int, int, Bounds], Any]  # plan, width_px, height_px; a context manager with `frame`

    def frames(
        self,
        plan: Any,
        times_s: npt.NDArray[np.float64],
        size_px: tuple[int, int] = (256, 144),
        bounds: Bounds = "tight",
    ) -> Iterator[SceneFrame]:
        """The plan's frames at the given times."""
        with self.renderer(plan, *size_px, bounds) as renderer:
            for index, time_s in enumerate(times_s):
                yield renderer.frame(float(time_s), index)


def walk_source(name: str) -> WalkSource:
    """The source of this name.

    Raises:
        ValueError: there is no such source.
    """
    for split in FOREIGN:
        if name == split:
            return _foreign(split)
    if name in VARIETY:
        plan = partial(make_plan, variety=VARIETY[name])
        return WalkSource(plan, walk_truth, walk_kinds, telling.told_feet, telling.whereabouts, Renderer)
    if name in SOURCES:
        return _levels("shift" if name == "levels-shift" else "train")
    raise UserError(f"there is no source of walks {name!r}; there are {', '.join(SOURCES)}")


def _levels(split: Split) -> WalkSource:
    plan = partial(arena_plan, split=split)
    return WalkSource(plan, arena_truth, arena_kinds, arena_telling.told_feet, arena_telling.whereabouts, ArenaRenderer)


def _foreign(split: foreign_catalogue.Split) -> WalkSource:
    plan = partial(foreign_plan, split=split)
    return WalkSource(
        plan, foreign_truth, foreign_kinds, foreign_telling.told_feet, foreign_telling.whereabouts, ForeignRenderer
    )
