"""Comparison of two clients' decisions: `bridge/CONFORMANCE.md`, "Comparison"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from stereosync_bridge import golden, wire
from stereosync_bridge.rules import plain

TOLERANCE = 1e-9
SOUND_TOLERANCE = 1e-6
TRANSPORT = ("open", "close", "send")


def difference(expected: Sequence[str], got: Sequence[str]) -> str | None:
    """The first difference in the decisions of one command in words, or None."""
    for of_transport in (True, False):
        lines, others = (
            [line for line in side if (line.split(" ", 1)[0] in TRANSPORT) == of_transport] for side in (expected, got)
        )
        if len(lines) != len(others):
            return f"expected {_short(lines)}, got {_short(others)}"
        for line, other in zip(lines, others, strict=True):
            if not _same_line(line, other):
                return f"expected {_short([line])}, got {_short([other])}"
    return None


def _short(lines: Sequence[str]) -> str:
    return repr([_readable(line)[:600] for line in lines])


def _readable(line: str) -> str:
    words = line.split()
    return f"send {words[1]} {_message(words[2])}" if words[:1] == ["send"] else line


def _same_line(expected: str, got: str) -> bool:
    words, others = expected.split(), got.split()
    if words[:1] == ["send"] == others[:1]:
        return words[1] == others[1] and _same(_message(words[2]), _message(others[2]))
    tolerance = SOUND_TOLERANCE if words[:1] == ["sound"] else TOLERANCE
    return len(words) == len(others) and all(map(lambda a, b: _same_word(a, b, tolerance), words, others))


def _message(packed: str) -> object:
    """A message's header as plain values, and its payloads."""
    parts = golden.unpack(bytes.fromhex(packed))
    message = wire.decode(parts)
    return [message.TYPE, plain(message), [part.hex() for part in parts[1:]]]


def _same_word(expected: str, got: str, tolerance: float) -> bool:
    try:
        return math.isclose(float(expected), float(got), rel_tol=tolerance, abs_tol=tolerance)
    except ValueError:
        return expected == got


def _same(expected: object, got: object) -> bool:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return list(expected) == list(got) and all(_same(expected[key], got[key]) for key in expected)
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(_same, expected, got))
    if isinstance(expected, float) and isinstance(got, float):
        return math.isclose(expected, got, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(expected) is type(got) and expected == got
