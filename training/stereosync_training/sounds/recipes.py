"""Numbers for the synthesis of a step on each ground. Colours and times follow recordings of that ground."""

from __future__ import annotations

from dataclasses import dataclass

COLOUR_HZ = (100.0, 300.0, 1000.0, 3000.0, 6000.0, 10_000.0, 18_000.0)


@dataclass(frozen=True)
class Recipe:
    """The synthesis of a step on one ground; energies of the three parts are shares of the whole.

    Grains are collisions of loose matter, modes the ringing of what is struck, bubbles those of water.
    """

    colour_db: tuple[float, ...]  # level at each of COLOUR_HZ
    swell_s: float  # from the first touch to the full weight
    fade_s: float  # time constant of what follows
    grains_hz: float  # collisions a second under the full weight
    grain_s: float  # time constant of one collision
    modal: float = 0.0
    mode_s: float = 0.01  # time constant of a mode at 500 Hz; higher ones die sooner
    modes: int = 0
    bubbles: float = 0.0
    bubbles_hz: float = 0.0


RECIPES = {
    "snow": Recipe((12, 9, 4, -6, -12, -15, -29), 0.020, 0.045, 900, 0.0030),
    "stone": Recipe((18, 15, 7, -14, -22, -28, -42), 0.002, 0.015, 2500, 0.0015, 0.5, 0.006, 14),
    "grass": Recipe((7, 4, 1, -4, -6, -7, -21), 0.008, 0.090, 1500, 0.0020),
    "gravel": Recipe((2, 0, 6, 1, -6, -12, -26), 0.018, 0.055, 220, 0.0040),
    "sand": Recipe((-2, 3, 5, 1, -2, -8, -22), 0.028, 0.055, 5000, 0.0015),
    "water": Recipe((-10, 2, 11, 1, -4, -8, -22), 0.015, 0.110, 900, 0.0040, bubbles=0.6, bubbles_hz=160),
    "wood": Recipe((13, 16, 7, -12, -18, -23, -37), 0.002, 0.015, 2000, 0.0015, 0.85, 0.014, 16),
    "dirt": Recipe((5, 9, 6, -6, -12, -16, -30), 0.008, 0.040, 500, 0.0040),
    "carpet": Recipe((25, 15, 4, -18, -25, -29, -43), 0.003, 0.025, 4000, 0.0020, 0.6, 0.008, 10),
    "tile": Recipe((1, 22, 3, -9, -21, -31, -45), 0.001, 0.010, 2000, 0.0010, 0.85, 0.010, 22),
    "metal": Recipe((2, 13, 7, -5, -16, -27, -41), 0.001, 0.025, 1500, 0.0015, 0.85, 0.045, 30),
    "ice": Recipe((-9, 0, 8, 1, -2, -3, -17), 0.003, 0.028, 450, 0.0020, 0.35, 0.006, 16),
    "glass": Recipe((24, 11, 4, -5, -23, -32, -46), 0.001, 0.008, 2000, 0.0010, 0.85, 0.012, 20),
}
