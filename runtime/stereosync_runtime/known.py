"""The arrays of a frame as the backbone takes them: what the cue encoder saw, and in its place what was told.

Each told thing replaces one named array, or one character's row of it, and nothing else. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stereosync.bundle import Bundle
from stereosync.scene import ToldRoom
from stereosync.told import Told
from stereosync_runners.runner import Array
from stereosync_runtime.foresight import Foresight, contacts_of
from stereosync_runtime.stream import CueTokens
from stereosync_runtime.told_plan import nearest

LEAST_AMOUNT = 0.5  # of a place that was told without its amount: it is there, however little of it is seen
LOUDEST_OCTAVES = 2.0


def known_arrays(bundle: Bundle, foresight: Foresight, tokens: CueTokens, moment_s: float) -> Mapping[str, Array]:
    """The arrays of a frame whose sound goes on from `moment_s`, (1, ...) each: those of `tokens`, with the planned
    contacts and what was told in their places. A bundle without an array cannot be told it."""
    arrays = dict(tokens.arrays)
    if bundle.forecast is not None:
        forecast = arrays["forecast"]
        arrays["contacts"] = contacts_of(bundle.forecast, foresight, tokens.captured_s, tokens.ids, forecast)
    if bundle.grounds:
        _tell_steps(bundle.grounds, foresight, tokens, moment_s, arrays)
    if bundle.places:
        arrays["place"] = _place(bundle.places, tokens.told, arrays["place"])
        arrays["room"] = _room(tokens.told.room, arrays["room"])
    return arrays


def ground_told(foresight: Foresight, told: Told, character: int, moment_s: float) -> str | None:
    """The ground that was told for a character: that of the contact around a moment, else of where it stands."""
    step = nearest(foresight.planned.get(character, ()), moment_s)
    own = told.grounds.get(character)
    return own if step is None or step.ground is None else step.ground


def _tell_steps(
    grounds: Sequence[str], foresight: Foresight, tokens: CueTokens, moment_s: float, arrays: dict[str, Array]
) -> None:
    """Grounds (1, C, G) and force (1, C, 1) of those who tell them; the arrays of others are left as they are."""
    for slot, character in enumerate(tokens.ids):
        ground = ground_told(foresight, tokens.told, character, moment_s)
        if ground is not None and ground in grounds:
            arrays["grounds"] = _with_row(arrays["grounds"], tokens.arrays["grounds"], slot, _one_hot(grounds, ground))
        step = nearest(foresight.planned.get(character, ()), moment_s)
        if step is not None and step.octaves is not None:
            octaves = min(max(step.octaves, -LOUDEST_OCTAVES), LOUDEST_OCTAVES)
            arrays["force"] = _with_row(arrays["force"], tokens.arrays["force"], slot, octaves)


def _with_row(array: Array, seen: Array, slot: int, row: Array | float) -> Array:
    """`array` with another row of a character: a copy of what was seen, made once."""
    out = array.copy() if array is seen else array
    out[0, slot] = row
    return out


def _one_hot(words: Sequence[str], word: str) -> Array:
    return np.array([float(other == word) for other in words], np.float32)


def _place(places: Sequence[str], told: Told, seen: Array) -> Array:
    """Chances of each kind of place and then the amount, (1, P + 1)."""
    if not told.ambience or told.place == "":
        return np.zeros_like(seen)
    out = seen.copy()
    if told.place is not None and told.place in places:
        out[0, :-1] = _one_hot(places, told.place)
        out[0, -1] = max(float(seen[0, -1]), LEAST_AMOUNT)
    if told.amount is not None:
        out[0, -1] = told.amount
    return out


def _room(told: ToldRoom | None, seen: Array) -> Array:
    """Log(1 + size in metres) and hardness, (1, 2)."""
    if told is None:
        return seen
    return np.array([[np.log1p(told.size_m), told.hardness]], dtype=seen.dtype)
