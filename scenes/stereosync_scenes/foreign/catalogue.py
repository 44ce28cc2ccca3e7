"""Bodies by side of the split, which goes between factions. Fixed lists, so that a seed means the same anywhere.

The rules by which a body is in them are those of `bodies`; a test compares. Of bodies whose walk files are the same,
or whose bodies are (a game dresses one body for several factions), the first is kept. `foreign` has the factions whose
bodies share no more than half of their texture coordinates with any of the others.
"""

from __future__ import annotations

from typing import Literal

Split = Literal["foreign", "foreign-train"]
FACTIONS: dict[Split, tuple[str, ...]] = {
    "foreign": ("magic", "norsemen", "persian"),
    "foreign-train": ("egypt", "indian", "romans", "tech"),
}
# By name, the file of the walk, from the factions' folder on. Who carries something is a body of its own.
WALKS: dict[Split, dict[str, str]] = {
    "foreign": {
        "archmage": "magic/units/archmage/models/archmage_walking.g3d",
        "ghost_armor": "magic/units/ghost_armor/models/ghost_armor_walking.g3d",
        "initiate": "magic/units/initiate/models/initiate_walking.g3d",
        "initiate_loaded": "magic/units/initiate/models/initiate_walking_loaded.g3d",
        "initiate_loaded_wood": "magic/units/initiate/models/initiate_walking_loaded_wood.g3d",
        "norse_archer": "norsemen/units/archer/models/archer_walking.g3d",
        "norse_spearman": "norsemen/units/spearman/models/spearman_walking.g3d",
        "persian_swordman": "persian/units/swordman/models/swordman_walking.g3d",
        "princess": "persian/units/princess/models/princess_walking.g3d",
        "thrall": "norsemen/units/thrall/models/worker_walking.g3d",
        "thrall_gold": "norsemen/units/thrall/models/worker_walking_gold.g3d",
        "thrall_loaded": "norsemen/units/thrall/models/worker_walking_loaded.g3d",
        "thrall_wood": "norsemen/units/thrall/models/worker_walking_wood.g3d",
        "valkyrie": "norsemen/units/valkyrie/models/valkyrie_walking.g3d",
    },
    "foreign-train": {
        "gladiator": "romans/units/gladiator/models/g_walk.g3d",
        "roman_axe_man": "romans/units/axe_man/models/axe_man_walk.g3d",
        "roman_swordsman": "romans/units/swordsman/models/swordsman_walk.g3d",
        "shaman": "indian/units/shaman/models/shaman_walking.g3d",
        "slave": "egypt/units/slave/models/slave_walking.g3d",
        "slave_gold": "egypt/units/slave/models/slave_walking_gold.g3d",
        "slave_loaded": "egypt/units/slave/models/slave_walking_loaded.g3d",
        "slave_loaded_wood": "egypt/units/slave/models/slave_walking_loaded_wood.g3d",
        "slave_wood": "egypt/units/slave/models/slave_walking_wood.g3d",
        "spearthrower": "egypt/units/spearthrower/models/spearthrower_walking.g3d",
        "tech_guard": "tech/units/guard/models/guard_walking.g3d",
        "wartime_mechanic": "romans/units/wartime_mechanic/models/wartime_mechanic_walk.g3d",
    },
}


def names(split: Split) -> tuple[str, ...]:
    """The names of all bodies of one side, sorted."""
    return tuple(sorted(WALKS[split]))


def walk_file(name: str) -> str:
    """The walk's file of a body, from the factions' folder on. Raises KeyError when there is no such body."""
    return next(walks[name] for walks in WALKS.values() if name in walks)
