"""Catalogue: which grounds lie in which kind of setting, and which places (kinds of ambience) go with them."""

from __future__ import annotations

import numpy as np

from stereosync.vocabulary import GROUNDS

QUIET_ODDS = 0.25  # of a place without any ambience

GROUNDS_OF = {
    "field": ("snow", "ice", "sand", "water", "grass", "dirt", "gravel", "stone", "wood"),
    "street": ("stone", "tile", "metal", "gravel", "wood", "snow", "ice", "dirt", "glass", "water", "grass"),
    "hall": ("wood", "carpet", "tile", "metal", "glass", "stone", "dirt", "water"),
}  # fmt: skip
ANY = GROUNDS
EARTHY = ("grass", "dirt", "gravel", "stone", "wood", "water")
FROZEN = ("snow", "ice", "stone", "wood", "metal")
# Place, and the grounds on which it makes sense, by kind of setting. A place's odds are those of its entry.
PLACES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "field": {
        "wind": ANY, "forest": ("grass", "dirt", "gravel", "snow", "wood", "stone"),
        "jungle": ("grass", "dirt", "water", "wood"), "river": (*EARTHY, "snow"),
        "sea": ("sand", "stone", "gravel", "wood", "water", "ice"), "waterfall": EARTHY, "rain": EARTHY,
        "thunder": (*EARTHY, "sand"), "snowstorm": FROZEN, "desert": ("sand", "dirt", "stone", "gravel"),
        "village": ("grass", "dirt", "gravel", "stone", "snow"), "night": ANY, "fire": ANY,
    },
    "street": {
        "city": ANY, "village": ("stone", "gravel", "wood", "snow", "dirt", "grass", "ice"),
        "harbour": ("stone", "wood", "metal", "tile", "gravel", "ice", "glass"), "rain": ANY, "thunder": ANY,
        "night": ANY, "fountain": ANY, "snowstorm": FROZEN,
    },
    "hall": {"machinery": ANY, "cave": ("stone", "dirt", "water"), "fire": ANY},
}  # fmt: skip
# What fits few grounds is likelier on those; what fits many kinds of setting is rarer in each.
WEIGHT = {
    "forest": 2.0, "jungle": 2.5, "river": 2.0, "sea": 1.8, "waterfall": 1.5, "snowstorm": 1.5, "desert": 1.5,
    "cave": 3.0, "machinery": 1.3, "harbour": 2.0, "city": 1.4, "fire": 0.5, "night": 0.6, "thunder": 0.7,
    "village": 0.8,
}  # fmt: skip
KIND_WEIGHT = {"field": 1.8, "street": 1.0, "hall": 1.0}


def draw_ground(rng: np.random.Generator) -> tuple[str, str]:
    """A ground, even over all of them, and a kind of setting that has it."""
    ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
    kinds = [kind for kind, grounds in GROUNDS_OF.items() if ground in grounds]
    weights = np.array([KIND_WEIGHT[kind] for kind in kinds])
    return ground, str(rng.choice(kinds, p=weights / weights.sum()))


def draw_place(kind: str, ground: str, rng: np.random.Generator) -> tuple[str, float]:
    """A place and how much of it there is, above 0 to 1; "" and 0 where it is quiet."""
    quiet = rng.random() < QUIET_ODDS
    fitting = [place for place, grounds in PLACES_OF[kind].items() if ground in grounds]
    weights = np.array([WEIGHT.get(place, 1.0) for place in fitting])
    place, amount = str(rng.choice(fitting, p=weights / weights.sum())), float(rng.uniform(0.15, 1.0))
    return ("", 0.0) if quiet else (place, amount)
