"""The other side's clock, from echoes: of the recent ones the quickest is the most exact.

This is NTP's clock filter (RFC 5905, section 10). Used by one thread.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

KEEP = 16  # echoes; old ones leave, so that two drifting clocks are followed


@dataclass(frozen=True)
class Echo:
    """One exchange: sent and back in our clock, received and answered in the other side's."""

    sent_s: float
    received_other_s: float
    answered_other_s: float
    back_s: float

    @property
    def round_trip_s(self) -> float:
        return (self.back_s - self.sent_s) - (self.answered_other_s - self.received_other_s)

    @property
    def offset_s(self) -> float:
        return ((self.received_other_s - self.sent_s) + (self.answered_other_s - self.back_s)) / 2


class ClockOffset:
    """Other clock minus ours, `offset_s`, 0 before the first echo; `round_trip_s` is that of the chosen echo."""

    def __init__(self) -> None:
        self._echoes: deque[Echo] = deque(maxlen=KEEP)
        self.offset_s = 0.0
        self.round_trip_s = 0.0

    def add(self, echo: Echo) -> None:
        self._echoes.append(echo)
        best = min(self._echoes, key=lambda kept: kept.round_trip_s)
        self.offset_s, self.round_trip_s = best.offset_s, best.round_trip_s

    def __len__(self) -> int:
        return len(self._echoes)
