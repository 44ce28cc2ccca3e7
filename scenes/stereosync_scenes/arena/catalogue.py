"""Levels and people by side of the split. Fixed lists, so that a seed means the same anywhere.

Left out: levels that take long to search (czest2ctf, delta, oa_dm3; accident, ons-reborn, silvercity, soylent),
tests, and other versions of levels that are held out (oa_bases3cl, oa_bases3plus3, oa_bases3p3ta; dm4ish and dm6ish
are Nexuiz's downer and darkzone); of the people, those whose feet do not tell when they come down (see `strides`), and
gaits that leave open when (`UNCLEAR`).
"""

from __future__ import annotations

from typing import Literal

from stereosync_scenes.arena.archives import Game

Split = Literal["train", "shift"]
SEEDS_PER_LEVEL = 10

TRAIN_LEVELS = (
    "am_galmevish2", "am_lavactf", "am_mckinleyish2", "am_spacecont", "am_thornish", "am_underworks2", "blitzkrieg3",
    "cbctf1", "ce1m7", "ctf_compromise", "ctf_gate1", "ctf_inyard", "czest1dm", "czest3ctf",
    "hydronex2", "kaos2", "mlca1", "mlctf1beta", "oa_bases5", "oa_bases7", "oa_ctf2", "oa_ctf4ish", "oa_dm1", "oa_dm2",
    "oa_dm4", "oa_dm5", "oa_dm6", "oa_dm7", "oa_koth1", "oa_koth2", "oa_minia", "oa_pvomit", "oa_reptctf11",
    "oa_rpg3dm2", "oa_shine", "oa_spirit3", "oa_thor", "oasago1", "oasago2", "ps37ctf2", "ps9ctf", "pul1ctf",
    "pul1duel-oa", "pxlfan", "sleekgrinder", "slimefac", "suspended", "wrackdm17", "q3dm6ish", "am_lavaarena",
    "oacmpctf1", "oacmpctf2", "oacmpctf3", "oacmpdm1", "oacmpdm2", "oacmpdm3", "oacmpdm4", "oacmpdm5", "oacmpdm6",
    "oacmpdm7", "oacmpdm8", "oacmpdm10",
)  # fmt: skip
SHIFT_LEVELS: dict[Game, tuple[str, ...]] = {
    "openarena": ("islanddm", "islandctf", "oa_shouse", "oa_bases3", "aggressor"),
    "nexuiz": (
        "aggressor", "aneurysm", "basement", "basementctf", "bleach", "bloodprison", "bloodprisonctf",
        "bluesky", "darkzone", "desertfactory", "dieselpower", "downer", "evilspace", "farewell", "final_rage",
        "reslimed", "ruiner", "runningman", "runningmanctf", "skyway", "slimepit", "starship",
        "stormkeep", "stormkeep2", "strength", "toxic", "warfare",
    ),
}  # fmt: skip

PEOPLE: dict[Split, dict[str, tuple[str, ...]]] = {
    "train": {
        "assassin": ("walk", "creep", "stride"),
        "skelebot": ("walk", "run", "stride"),
        "smarine": ("stride",),
        "sorceress": ("creep", "run"),
    },
    "shift": {"beret": ("walk", "run", "stride"), "sergei": ("walk", "run"), "gargoyle": ("creep",)},
}
UNCLEAR: dict[Split, dict[str, tuple[str, ...]]] = {  # left out by the rule of `agreement`
    "train": {"assassin": ("run",), "smarine": ("run",), "sarge": ("run",), "penguin": ("run",), "liz": ("run",)},
    "shift": {"gargoyle": ("walk",)},
}
SKINS = {
    "assassin": ("default", "blue", "red"), "skelebot": ("default", "blue", "metal", "red"),
    "smarine": ("default", "blue", "orange", "red"), "sorceress": ("blue", "red"),
    "beret": ("default", "blue", "red"),
    "sergei": ("default", "blue", "red"), "gargoyle": ("default", "blue", "red", "stone"),
}  # fmt: skip


def levels(split: Split) -> tuple[tuple[Game, str], ...]:
    """All levels of one side, by game and name."""
    if split == "train":
        return tuple(("openarena", name) for name in TRAIN_LEVELS)
    return tuple((game, name) for game, names in SHIFT_LEVELS.items() for name in names)


def level_of(seed: int, split: Split, later: int = 0) -> tuple[Game, str]:
    """The level of a seed; SEEDS_PER_LEVEL seeds in a row share it. `later` chooses another."""
    known = levels(split)
    return known[(seed // SEEDS_PER_LEVEL * 7 + later) % len(known)]
