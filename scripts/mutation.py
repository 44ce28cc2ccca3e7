"""Mutations of bytes and of trees, drawn from a `random.Random`: the same seed gives the same mutation."""

from __future__ import annotations

import copy
import math
import random
from typing import Any

NUMBERS = (0, -0.0, 1, -1, 0.5, 5e-324, 1e-150, 1e150, 1.7e308, math.inf, -math.inf, math.nan)
NUMBERS += (2**31, 2**32 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**64 - 1, -(2**63), 1e9, -1e9, 1e12, 178.99, 2048, 2049)
TEXTS = ("", "a" * 64, "a" * 5000, "\0", "\x1b[31m", "\u202e", "jpeg", "linear", "bottom", "../../x", "%s%n", "FRAME")
OTHERS = (None, True, False, [], {}, [[]], [1e9, 0.0, 1e-150], [0.0] * 16, b"", b"\xff" * 10, {"a": 1}, {"": {}})
EVERY = (NUMBERS, NUMBERS, TEXTS, OTHERS)
CHANGES = (1, 1, 1, 2, 4)


def mutated_bytes(rng: random.Random, data: bytes) -> bytes:
    """A few bytes changed, left out, put in or cut off."""
    out = bytearray(data)
    for _ in range(rng.choice(CHANGES)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(5):
            case 0:
                out[at : at + 1] = bytes((rng.randrange(256),))
            case 1:
                del out[at : at + rng.randint(1, 8)]
            case 2:
                out[at:at] = rng.randbytes(rng.randint(1, 8))
            case 3:
                out[at : at + 8] = rng.choice((b"\xff", b"\0", b"\x7f")) * 8
            case _:
                del out[at:]
    return bytes(out)


def mutated_tree(rng: random.Random, tree: Any) -> Any:
    """A copy of maps and arrays in which a few values are others, gone or in another's place."""
    out = copy.deepcopy(tree)
    for _ in range(rng.choice(CHANGES)):
        holders = [holder for holder in _holders(out) if len(holder)]
        if not holders:
            break
        _change(rng, rng.choice(holders), holders)
    return out


def _holders(value: Any) -> list[Any]:
    """Every map and array of a tree."""
    if not isinstance(value, dict | list):
        return []
    inside = value.values() if isinstance(value, dict) else value
    return [value, *(holder for one in inside for holder in _holders(one))]


def _change(rng: random.Random, holder: Any, holders: list[Any]) -> None:
    key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    match rng.randrange(8):
        case 0:
            del holder[key]
        case 1:
            other = rng.choice(holders)
            holder[key] = copy.deepcopy(other)
        case 2 if isinstance(holder, list):
            holder *= rng.choice((2, 65))
        case _:
            holder[key] = copy.deepcopy(rng.choice(rng.choice(EVERY)))
