"""The unit of a BVH file, which none of them tells: the one in which its body is as tall as people are."""

from __future__ import annotations

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.plan import FloatArray

ORDINARY_M = 1.65  # of an adult's joints, feet to the top of the head
# Metres of a unit, and how tall its bodies may be: those that few files are in are taken for adults alone.
UNITS = {
    "metres": (1.0, (0.7, 2.6)),
    "centimetres": (0.01, (0.7, 2.6)),
    "inches": (0.0254, (1.4, 2.0)),
    "the 0.45 inches of the CMU captures": (0.0254 / 0.45, (1.4, 2.0)),
    "millimetres": (0.001, (0.7, 2.6)),
}


def metres_of_unit(points: FloatArray) -> tuple[float, str]:
    """Metres of the unit of a body (F, J, 3), y up, and what the unit is called.

    Raises:
        UserError: the body is as tall as a person in none.
    """
    lengths = np.ptp(points, axis=1)
    tall = float(np.median(lengths[:, 1]))
    if float(np.median(lengths[:, [0, 2]].max(axis=1))) > 2 * tall:
        raise UserError("its body lies: y is up in BVH; export it with y up")
    fitting = {
        name: abs(float(np.log(tall * metres / ORDINARY_M)))
        for name, (metres, (least_m, most_m)) in UNITS.items()
        if least_m <= tall * metres <= most_m
    }
    if not fitting:
        raise UserError(f"its body is {tall:g} units tall, which no unit makes a person: scale it to metres")
    name = min(fitting, key=fitting.__getitem__)
    return UNITS[name][0], f"{name}, {tall * UNITS[name][0]:.2f} m tall"
