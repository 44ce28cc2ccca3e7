"""The effects of a place."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.effects.fire import fires
from stereosync_scenes.effects.machines import machines, traffic
from stereosync_scenes.effects.moving import Eye, Moving
from stereosync_scenes.effects.water import boats, crests, fountain, surface_of_water, waterfall
from stereosync_scenes.effects.weather import drips, leaves, rain, snow
from stereosync_scenes.fields import SWAYING, tree_meshes
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.shapes import merged


def effects_of(plan: Plan) -> list[Moving]:
    """Everything that moves by itself in the plan's place; nothing where it is quiet."""
    rng = np.random.default_rng([plan.setting.seed, 11])
    makers = {
        "rain": (rain,), "thunder": (rain,), "snowstorm": (snow,), "wind": (leaves,), "cave": (drips,),
        "river": (surface_of_water, crests), "sea": (surface_of_water, crests),
        "harbour": (surface_of_water, crests, boats), "fountain": (fountain,), "city": (traffic,),
    }  # fmt: skip
    several = {"waterfall": waterfall, "fire": fires, "machinery": machines}
    effects = [make(plan, rng) for make in makers.get(plan.place, ())]
    effects += several[plan.place](plan, rng) if plan.place in several else []
    return effects + _swaying_trees(plan, rng)


def _swaying_trees(plan: Plan, rng: np.random.Generator) -> list[Moving]:
    """The trees of a windy place: they bend with their height, each at its own moment."""
    if plan.place not in SWAYING:
        return []
    turn, strength = rng.uniform(0, 2 * np.pi), 0.015 + 0.05 * plan.amount
    found = []
    for mesh in merged(tree_meshes(plan)):
        base = mesh.points_m
        phase = 0.9 * np.round(base[:, 0]) + 0.7 * np.round(base[:, 1])
        reach = strength * np.maximum(base[:, 2], 0.0) ** 1.5

        def points_at(
            time_s: float, eye: Eye, base: FloatArray = base, phase: FloatArray = phase, reach: FloatArray = reach
        ) -> FloatArray:
            del eye
            bend = reach * (0.4 + 0.6 * np.sin(2.6 * time_s + 0.15 * phase))
            return np.asarray(base + bend[:, None] * np.array([np.cos(turn), np.sin(turn), 0.0]))

        found.append(Moving(mesh, points_at, solid=True))
    return found
