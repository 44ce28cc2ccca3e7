"""Told facts of a frame, as the plan takes them: known contacts, grounds, place and room. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stereosync.scene import ToldRoom

AHEAD_S, BACK_S = 0.5, 0.1  # how far a told contact may lie after and before its frame


@dataclass(frozen=True)
class KnownContact:
    """A foot that comes down at `time_s`, on the clock of captures. `octaves`: log2 of its force, None if not told;
    `ground` one of `vocabulary.GROUNDS` or None; `by_feet`: a rule read it from where the feet are, else the engine
    said so, as a contact or as a foot that is grounded."""

    time_s: float
    side: str
    octaves: float | None = None
    ground: str | None = None
    by_feet: bool = False


@dataclass(frozen=True)
class Told:
    """The facts told with one frame, by box id where they are of a character."""

    contacts: Mapping[int, tuple[KnownContact, ...]] = field(default_factory=dict)
    feet: frozenset[int] = frozenset()  # boxes whose feet are told
    grounds: Mapping[int, str] = field(default_factory=dict)
    place: str | None = None
    amount: float | None = None  # of the place, 0 to 1
    room: ToldRoom | None = None
    ambience: bool = True  # False: only steps and their room are to be heard
    unknown_words: tuple[str, ...] = ()  # grounds and places that mean nothing to us
    out_of_time: int = 0  # contacts that lay too far from their frame
    odd_feet: str = ""  # "centimetres" or "z_up" where feet look as if they were told in another convention


NOTHING_TOLD = Told()
