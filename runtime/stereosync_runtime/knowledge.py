"""The basis of a stream's sound in words for people: told or seen, and how sure that is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stereosync.bundle import Bundle
from stereosync.cues import NUMBERS, Cues
from stereosync.scene import Float32Array
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_runtime.foresight import Foresight
from stereosync_runtime.known import ground_told, known_arrays
from stereosync_runtime.stream import CueTokens

LOG_DISTANCE = NUMBERS.index("log_distance")
LEAST_CHANCE = 0.1  # of a second ground that is worth a word
NONE = -1


@dataclass(frozen=True)
class Basis:
    """The basis of a chunk: a frame, what was seen of it, the plan, and the middle of its time."""

    cues: Cues
    tokens: CueTokens
    foresight: Foresight
    moment_s: float


@dataclass(frozen=True)
class Ground:
    """The ground under a character: the likeliest with their chances, at most two; a told one has chance 1."""

    chances: tuple[tuple[str, float], ...]
    told: bool


@dataclass(frozen=True)
class Place:
    """The likeliest place ("" is a quiet one), its chance, its amount."""

    name: str
    chance: float
    amount: float
    told: bool


@dataclass(frozen=True)
class Knowledge:
    """`grounds` by character, the nearest first; how many of `characters` tell feet and contacts; `scene`: whether
    anything was told of it. `place` is None for a bundle that hears none."""

    characters: int
    feet: int
    contacts: int
    scene: bool
    grounds: tuple[Ground, ...]
    place: Place | None


def knowledge(bundle: Bundle, basis: Basis) -> Knowledge:
    """The basis of a chunk in words."""
    tokens, told = basis.tokens, basis.tokens.told
    habits = [basis.foresight.habits.get(character) for character in tokens.ids]
    return Knowledge(
        characters=len(tokens.ids),
        feet=sum(character in told.feet for character in tokens.ids),
        contacts=sum(habit is not None and habit.tells(tokens.captured_s) for habit in habits),
        scene=(told.place, told.amount, told.room) != (None, None, None) or not told.ambience,
        grounds=_grounds(bundle, basis),
        place=_place(bundle, basis),
    )


def _grounds(bundle: Bundle, basis: Basis) -> tuple[Ground, ...]:
    if not bundle.grounds:
        return ()
    tokens = basis.tokens
    nearest_first = np.argsort(basis.cues.numbers[: len(tokens.ids), LOG_DISTANCE], kind="stable").tolist()
    return tuple(_ground(bundle, basis, slot) for slot in nearest_first)


def _ground(bundle: Bundle, basis: Basis, slot: int) -> Ground:
    tokens = basis.tokens
    told = ground_told(basis.foresight, tokens.told, tokens.ids[slot], basis.moment_s)
    if told is not None and told in bundle.grounds:
        return Ground(((told, 1.0),), told=True)
    return Ground(_likeliest(bundle.grounds, tokens.arrays["grounds"][0, slot]), told=False)


def _likeliest(words: tuple[str, ...], chances: Float32Array) -> tuple[tuple[str, float], ...]:
    first, *others = np.argsort(-chances, kind="stable").tolist()
    second = [at for at in others[:1] if chances[at] >= LEAST_CHANCE]
    return tuple((words[at], round(float(chances[at]), 3)) for at in (first, *second))


def _place(bundle: Bundle, basis: Basis) -> Place | None:
    if not bundle.places:
        return None
    told = basis.tokens.told
    known = known_arrays(bundle, basis.foresight, basis.tokens, basis.moment_s)["place"][0]  # (P + 1,)
    by_name = {"": 1.0 - float(known[:-1].sum())} | dict(zip(bundle.places, known[:-1].tolist(), strict=True))
    name = max(by_name, key=by_name.__getitem__)
    is_told = not told.ambience or told.place == "" or told.place in bundle.places
    return Place(name, round(by_name[name], 3), round(float(known[-1]), 3), is_told)


def values_of(known: Knowledge) -> dict[str, float]:
    """As flat numbers, for STATS: shares of the characters, places in `vocabulary.GROUNDS` and `PLACES` (-1: none)."""
    count = max(known.characters, 1)
    values = {
        "told_feet": known.feet / count,
        "told_contacts": known.contacts / count,
        "told_surface": sum(ground.told for ground in known.grounds) / count,
        "told_scene": float(known.scene),
    }
    if known.grounds:
        values |= _ground_values(known.grounds[0])
    if known.place is not None:
        place = known.place
        index = PLACES.index(place.name) if place.name in PLACES else NONE
        values |= {"place_index": float(index), "place_chance": place.chance, "place_amount": place.amount}
        values["place_told"] = float(place.told)
    return values


def _ground_values(ground: Ground) -> dict[str, float]:
    (name, chance), (other, other_chance) = (*ground.chances, ("", 0.0))[:2]
    return {
        "ground_index": float(_index(name)),
        "ground_chance": chance,
        "other_ground_index": float(_index(other)),
        "other_ground_chance": other_chance,
        "ground_told": float(ground.told),
    }


def _index(ground: str) -> int:
    return GROUNDS.index(ground) if ground in GROUNDS else NONE


def words_of(values: Mapping[str, float]) -> str:
    """One line for people: "stone 0.7, gravel 0.2 - seen; forest 0.8 - told; feet told, contacts foreseen". "" where
    `values`, those of STATS, say nothing of it."""
    if "told_feet" not in values:
        return ""
    feet = "feet told" if values["told_feet"] else "feet not told"
    contacts = "contacts told" if values.get("told_contacts") else "contacts foreseen"
    parts = (_ground_words(values), _place_words(values), f"{feet}, {contacts}")
    return "; ".join(part for part in parts if part)


def _ground_words(values: Mapping[str, float]) -> str:
    named = [
        (GROUNDS[int(values[f"{which}_index"])], values[f"{which}_chance"])
        for which in ("ground", "other_ground")
        if 0 <= values.get(f"{which}_index", NONE) < len(GROUNDS)
    ]
    if not named:
        return ""
    if values.get("ground_told"):
        return f"{named[0][0]} - told"
    return ", ".join(f"{name} {chance:.1f}" for name, chance in named) + " - seen"


def _place_words(values: Mapping[str, float]) -> str:
    if "place_index" not in values:
        return ""
    index = int(values["place_index"])
    name = PLACES[index] if 0 <= index < len(PLACES) else "quiet"
    amount = f" {values['place_amount']:.1f}" if name != "quiet" else ""
    return f"{name}{amount} - {'told' if values.get('place_told') else 'seen'}"
