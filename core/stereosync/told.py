"""What an engine tells of a frame, as the plan takes it: known contacts, grounds, place and room. Plain data."""

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
    """What was told with one frame, by box id where it is of a character.

    `unknown_words` are grounds and places that mean nothing to us, `out_of_time` how many contacts lay too far from
    their frame, `odd_feet` is "centimetres" or "z_up" where feet look as if they were told in another convention.
    """

    contacts: Mapping[int, tuple[KnownContact, ...]] = field(default_factory=dict)
    feet: frozenset[int] = frozenset()
    grounds: Mapping[int, str] = field(default_factory=dict)
    place: str | None = None
    amount: float | None = None
    room: ToldRoom | None = None
    ambience: bool = True
    unknown_words: tuple[str, ...] = ()
    out_of_time: int = 0
    odd_feet: str = ""


NOTHING_TOLD = Told()
