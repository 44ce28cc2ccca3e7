"""Words that mean something: the grounds and places that can be heard, and the words of engines that stand for them.

What an engine calls a ground comes from its artists ("PM_Gravel_01", "SurfaceType_Metal"): case, underscores, common
prefixes and trailing digits are ignored, then the alias table decides. A word that is not known is no hint.
"""

from __future__ import annotations

import re
from functools import lru_cache

GROUNDS = (
    "snow", "stone", "grass", "gravel", "sand", "water", "wood", "dirt", "carpet", "tile", "metal", "ice", "glass",
)  # fmt: skip
PLACES = (
    "wind", "forest", "rain", "village", "river", "city", "thunder", "sea", "harbour", "night", "waterfall",
    "machinery", "desert", "snowstorm", "fire", "cave", "jungle", "fountain",
)  # fmt: skip

ALIASES = {
    "stone": ("concrete", "rock", "brick", "marble", "asphalt", "pavement", "default"),
    "tile": ("ceramic", "linoleum", "polished"),
    "dirt": ("soil", "mud", "earth", "ground"),
    "metal": ("steel", "iron", "grate", "vent", "catwalk"),
    "wood": ("parquet", "plank", "plywood"),
    "grass": ("foliage", "leaves", "vegetation"),
    "water": ("puddle", "slosh", "wade"),
    "gravel": ("pebbles",),
    "carpet": ("rug", "cloth"),
}
PREFIXES = re.compile(r"^(pm|surfacetype|surface)(?=.)")
WORDS_KEPT = 1024  # an engine says few words, in every frame
_GROUND_OF = {ground: ground for ground in GROUNDS} | {word: ground for ground in ALIASES for word in ALIASES[ground]}


def plain_word(text: str) -> str:
    """`text` without case, spaces, underscores, hyphens, what stands in brackets ("(Instance)"), a known prefix, and
    digits at its end."""
    word = re.sub(r"\(.*\)|[\s_\-]+", "", text.casefold())
    return re.sub(r"\d+$", "", PREFIXES.sub("", word))


@lru_cache(WORDS_KEPT)
def ground_of(text: str) -> str | None:
    """The ground (one of `GROUNDS`) that an engine's word stands for; None for a word that is not known."""
    word = plain_word(text)
    return _GROUND_OF.get(word) or _GROUND_OF.get(word.removesuffix("s"))


@lru_cache(WORDS_KEPT)
def place_of(text: str) -> str | None:
    """The place (one of `PLACES`, or "" for a quiet one) that a word stands for; None for a word that is not known."""
    word = plain_word(text)
    return word if word == "" or word in PLACES else None
