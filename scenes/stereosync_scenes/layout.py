"""Layout: where the things of a place stand around the free area, so that still and moving parts agree."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import Plan

SETBACK_M = {"city": 7.0, "fountain": 6.0, "machinery": 1.8, "fire": 1.5, "cave": 0.8}
OPEN_WATER = ("sea", "harbour")
WATER = (*OPEN_WATER, "river")


def setback_m(plan: Plan) -> float:
    """Metres from the free area to facades and hall walls, to leave room for the place's own things."""
    return SETBACK_M.get(plan.place, 0.0)


def shore_m(plan: Plan) -> tuple[float, float]:
    """Beginning and end of the water beyond the area, y in metres: nearer and wider the more of it there is."""
    near = plan.setting.reach_m + 0.4 + 3.5 * (1 - plan.amount)
    if plan.place == "river":
        return near, near + 3.0 + 8.0 * plan.amount
    return near, near + 110.0


def outside(rng: np.random.Generator, plan: Plan, extra_m: float) -> tuple[float, float] | None:
    """A spot behind or beside the free area; None where water lies. On every side if the camera looks everywhere."""
    setting = plan.setting
    part = rng.random()
    if part < (0.3 if setting.around else 0.6):
        y = setting.reach_m + float(rng.exponential(extra_m))
        if plan.place in WATER:
            near, far = shore_m(plan)
            y = near + (far - near) + float(rng.exponential(extra_m)) if plan.place == "river" else np.inf
        x = float(rng.uniform(-3, 3) * setting.half_width_m)
        return (x, y) if np.isfinite(y) else None
    if setting.around and part > 0.85:
        x, y = float(rng.uniform(-2, 2) * setting.half_width_m), setting.back_m - 1.0 - float(rng.exponential(extra_m))
        return x, y
    side = 1 if rng.random() < 0.5 else -1
    first = setting.back_m if setting.around else 2.0
    x = side * (setting.half_width_m + 0.8 + float(rng.exponential(0.5 * extra_m)))
    return x, float(rng.uniform(first, max(setting.reach_m, first + 1)))
