"""A walk: who walks where, on what, seen from where, and when each foot comes down. Plain data, known exactly.

World space is x right (east), y forward (north), z up, metres, as in Panda3D. Camera space is x right, y up,
z forward. Times are seconds from the start of the walk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """A foot that comes down. `position_m` is where, in the camera space of that moment (x right, y up, z forward).

    `force` is 1 for an ordinary walking step, about 0.5 for a soft one and 2 for a running one.
    """

    time_s: float
    character_id: int
    foot: str  # "left" or "right"
    ground: str  # one of GROUNDS
    position_m: tuple[float, float, float]
    force: float
    occlusion: float = 0.0  # share of the body that things hide from the camera, 0 to 1


@dataclass(frozen=True)
class Room:
    """The place as the ear has it: `size_m` is its typical width (0: outdoors), `rt60_s` its reverberation time."""

    size_m: float
    rt60_s: float


@dataclass(frozen=True)
class WalkTruth:
    """The truth of one walk, for sound making, training and evaluation.

    `place` names the ambience's kind, "" is a quiet place without any; `amount` says how much of it is seen and heard,
    0 (none) to 1 (strongest).
    """

    seed: int
    duration_s: float
    contacts: tuple[Contact, ...]
    room: Room
    place: str
    amount: float = 0.5


@dataclass(frozen=True)
class Whereabouts:
    """A character's place in camera space (x right, y up, z forward), in metres: on the floor, and its head."""

    character_id: int
    floor_m: tuple[float, float, float]
    head_m: tuple[float, float, float]


@dataclass(frozen=True)
class WalkKinds:
    """The kinds that figures are told apart by: the camera's manner, and by character whose body it is (`people`) and
    how it goes (`gaits`)."""

    camera: str
    people: Mapping[int, str]
    gaits: Mapping[int, str]
