"""Worlds: who and what may be drawn. A world's draws of a seed never change; more variety is another world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.cameras import Optics, draw_optics
from stereosync_scenes.people import PLAIN_PEOPLE, People
from stereosync_scenes.plan import Patch


def _painted(patch: Patch) -> Patch:
    return patch


@dataclass(frozen=True)
class World:
    """Draws of a world. `optics` is told the kind of setting; `stream` keeps the random numbers of worlds apart;
    `floor` chooses what shows a patch, by the patch alone: worlds of one stream may differ in floors only."""

    people: People
    optics: Callable[[np.random.Generator, str], Optics]
    stream: int
    floor: Callable[[Patch], Patch] = _painted


def _plain_optics(rng: np.random.Generator, kind: str) -> Optics:
    del kind  # every plain camera stands in every setting
    return draw_optics(rng)


PLAIN_WORLD = World(PLAIN_PEOPLE, _plain_optics, stream=21)
