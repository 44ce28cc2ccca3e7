"""Bodies by side of the split, which goes between factions. Fixed lists, so that a seed means the same anywhere.

A body is listed if its walk keeps the rules of `gait`; a test compares. Of walks that are the same file, as a game
dresses one body for several factions, the first is kept.
"""

from __future__ import annotations

from typing import Literal

Split = Literal["foreign", "foreign-train"]
FACTIONS: dict[Split, tuple[str, ...]] = {
    "foreign": ("egypt", "magic", "norsemen"),
    "foreign-train": ("indian", "persian", "romans", "tech"),
}
# By person: the walk's file of each of its bodies, from the factions' folder on. Who carries something is a body of its
# own.
WALKS: dict[Split, dict[str, dict[str, str]]] = {
    "foreign": {
        "initiate": {
            "initiate_loaded": "magic/units/initiate/models/initiate_walking_loaded.g3d",
            "initiate_loaded_wood": "magic/units/initiate/models/initiate_walking_loaded_wood.g3d",
        },
        "slave": {
            "slave": "egypt/units/slave/models/slave_walking.g3d",
            "slave_gold": "egypt/units/slave/models/slave_walking_gold.g3d",
            "slave_loaded": "egypt/units/slave/models/slave_walking_loaded.g3d",
            "slave_loaded_wood": "egypt/units/slave/models/slave_walking_loaded_wood.g3d",
            "slave_wood": "egypt/units/slave/models/slave_walking_wood.g3d",
        },
        "spearthrower": {"spearthrower": "egypt/units/spearthrower/models/spearthrower_walking.g3d"},
        "thrall": {
            "thrall": "norsemen/units/thrall/models/worker_walking.g3d",
            "thrall_gold": "norsemen/units/thrall/models/worker_walking_gold.g3d",
            "thrall_wood": "norsemen/units/thrall/models/worker_walking_wood.g3d",
        },
        "valkyrie": {"valkyrie": "norsemen/units/valkyrie/models/valkyrie_walking.g3d"},
    },
    "foreign-train": {
        "persian_swordman": {"persian_swordman": "persian/units/swordman/models/swordman_walking.g3d"},
        "roman_swordsman": {"roman_swordsman": "romans/units/swordsman/models/swordsman_walk.g3d"},
        "tech_guard": {"tech_guard": "tech/units/guard/models/guard_walking.g3d"},
        "wartime_mechanic": {"wartime_mechanic": "romans/units/wartime_mechanic/models/wartime_mechanic_walk.g3d"},
    },
}


def names(split: Split) -> tuple[str, ...]:
    """The names of all bodies of one side."""
    return tuple(name for bodies in WALKS[split].values() for name in bodies)


def person_of(name: str) -> str:
    """The person that a body is of. Raises KeyError when there is no such body."""
    known = {name: person for split in WALKS.values() for person, bodies in split.items() for name in bodies}
    return known[name]


def walk_file(name: str) -> str:
    """The walk's file of a body, from the factions' folder on. Raises KeyError when there is no such body."""
    known = {name: file for split in WALKS.values() for bodies in split.values() for name, file in bodies.items()}
    return known[name]
