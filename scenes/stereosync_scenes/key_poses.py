"""Key poses: someone who is moved as old games do it, by a few poses to a step and straight ways between them.

Keys lie where feet come to rest and evenly between. Points go straight in the space of the body, so a foot that stands
under a body with a steady pace still stands.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from stereosync_scenes.plan import Character, FloatArray
from stereosync_scenes.steps import footfalls

LONGEST_S = 0.15  # between keys, also of who stands


def between_keys(character: Character, time_s: float, points_at: Callable[[float], FloatArray]) -> FloatArray:
    """World points (N, 3) of `time_s`, between those of the key before and the key after."""
    before_s, after_s = _keys_around(character, time_s)
    part = (time_s - before_s) / (after_s - before_s)
    before, after = (_local(character, key_s, points_at(key_s)) for key_s in (before_s, after_s))
    turn, root = _root(character, time_s)
    return np.asarray((before + part * (after - before)) @ turn.T + root)


def _local(character: Character, time_s: float, points_m: FloatArray) -> FloatArray:
    turn, root = _root(character, time_s)
    return np.asarray((points_m - root) @ turn)


def _root(character: Character, time_s: float) -> tuple[FloatArray, FloatArray]:
    """The turn (3, 3) and the place (3,) of the body on the ground."""
    heading = character.track.heading_at(time_s)
    cos, sin = math.cos(heading), math.sin(heading)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]]), np.array(
        [*character.track.position_at(time_s), 0.0]
    )


@lru_cache(maxsize=64)
def _rests_s(character: Character) -> list[float]:
    return [float(time_s) for time_s in footfalls(character).rest_s]


def _keys_around(character: Character, time_s: float) -> tuple[float, float]:
    """The key at or before a time and the one after it, seconds."""
    rests_s = _rests_s(character)
    at = min(max(bisect_right(rests_s, time_s), 1), len(rests_s) - 1)
    begin_s, end_s = rests_s[at - 1], rests_s[at]
    gap_s = (end_s - begin_s) / max(character.style.keys, math.ceil((end_s - begin_s) / LONGEST_S))
    before_s = begin_s + math.floor((time_s - begin_s) / gap_s) * gap_s
    return before_s, before_s + gap_s
