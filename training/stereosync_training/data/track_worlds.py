"""Worlds of bodies that tracks are simulated of: own scenes, plain and varied, and what was fetched of games."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from stereosync_scenes.arena.as_cycles import level_cycles
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.outline import outlined
from stereosync_scenes.cycles.own import own_cycles
from stereosync_scenes.foreign.as_cycles import foreign_cycles

SIZE_SPREAD = (0.18, 0.06, 0.15)  # natural log, each way: across, up, ahead
EACH = 12  # builds of one body of a game, of which there are few

Cycles = Callable[[int, int], Sequence[BodyCycle]]  # of so many people, from a seed on


def stretched(cycle: BodyCycle, rng: np.random.Generator) -> BodyCycle:
    """The cycle of somebody of another build, half of them left and right swapped. Feet that stand stay in place."""
    size = np.exp(rng.uniform(-1, 1, 3) * SIZE_SPREAD)
    left, right = cycle.contact_phase
    if rng.random() < 0.5:
        size, left, right = size * (-1, 1, 1), right, left
    return replace(
        cycle, points_m=cycle.points_m * size, way_m=cycle.way_m * float(size[2]), contact_phase=(left, right)
    )


def _of_game(read: Callable[[], Sequence[BodyCycle]], _people: int, seed: int) -> list[BodyCycle]:
    rng = np.random.default_rng([seed, 11])
    return [stretched(cycle, rng) for cycle in read() for _ in range(EACH)]


def _of_own(variety: str, people: int, seed: int) -> list[BodyCycle]:
    return own_cycles(people, seed, variety)


WORLDS: Mapping[str, Cycles] = {
    "own": partial(_of_own, "plain"),
    "varied": partial(_of_own, "varied"),
    "levels": partial(_of_game, partial(level_cycles, "train")),
    "foreign-train": partial(_of_game, partial(foreign_cycles, "foreign-train")),
}


def world_cycles(name: str, people: int, seed: int) -> list[BodyCycle]:
    """Outlines of the bodies of a world: of `people` own ones from `seed` on, or all of a game in several builds.

    Raises:
        KeyError: there is no such world.
        UserError: it was not fetched; the message says how.
    """
    return [outlined(cycle) for cycle in WORLDS[name](people, seed)]
