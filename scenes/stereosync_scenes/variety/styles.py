"""Styles of steps, drawn calmly: people of one world differ as the cycles of one shelf of games do, not at random.

Measured spread of a body's widest moment against its contacts: `scripts/gait_phases.py`.
"""

from __future__ import annotations

import numpy as np

from stereosync_scenes.body import Character
from stereosync_scenes.step_style import StepStyle

KEYED_ODDS, UNEVEN_ODDS, STILL_ARM_ODDS, TIPTOE_ODDS = 0.25, 0.25, 0.12, 0.12
HELD = {"rifle": (0.75, 0.85), "staff": (0.0, 0.5), "sword": (0.0, 0.3), "shield": (0.9, 0.0)}  # left and right arm


def draw_style(one: Character, rng: np.random.Generator) -> StepStyle:
    """The style of someone, whose hands may be busy."""
    carried = [HELD[name] for name in one.body.carries if name in HELD]
    held = tuple(max([0.0, *(arms[side] for arms in carried)]) for side in (0, 1))
    amplitude = rng.uniform(0.6, 1.3)
    swung = [0.0 if rng.random() < STILL_ARM_ODDS else amplitude * (1 - min(held[side], 1.0)) for side in (0, 1)]
    tiptoe = rng.random() < TIPTOE_ODDS
    return StepStyle(
        early=rng.uniform(0.0, 0.22),
        retract=rng.uniform(0.0, 0.09),
        stance=rng.uniform(0.88, 1.1),
        ahead=rng.uniform(0.75, 1.25),
        strike=rng.uniform(-0.6, -0.2) if tiptoe else rng.uniform(0.0, 1.3),
        uneven=rng.uniform(-0.09, 0.09) if rng.random() < UNEVEN_ODDS else 0.0,
        lift=rng.uniform(0.8, 1.8),
        skim=rng.uniform(1.0, 1.6),
        arms_late_s=rng.uniform(-0.03, 0.05),
        arms=(swung[0], swung[1]),
        held=(held[0], held[1]),
        elbows_out=rng.uniform(0.0, 0.12),
        twist=rng.uniform(0.7, 1.4),
        bob=rng.uniform(0.4, 2.2),
        bob_late=rng.uniform(-0.12, 0.12),
        sway=rng.uniform(0.6, 1.6),
        lean_rad=rng.uniform(-0.06, 0.12),
        alert=True,
        keys=int(rng.integers(4, 9)) if rng.random() < KEYED_ODDS else 0,
    )
