"""The same word at most once a minute, so that nobody can fill a log."""

from __future__ import annotations

from collections.abc import Callable, Hashable

MINUTE_S = 60.0
MOST_KEYS = 256


class Seldom:
    """Remembers when something was last said; of more than `MOST_KEYS` things a minute, the rest are not said."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._said_s: dict[Hashable, float] = {}

    def may_say(self, key: Hashable) -> bool:
        """True once a minute for each key."""
        now_s = self._clock()
        if now_s - self._said_s.get(key, float("-inf")) < MINUTE_S:
            return False
        if len(self._said_s) >= MOST_KEYS:
            self._said_s = {one: said_s for one, said_s in self._said_s.items() if now_s - said_s < MINUTE_S}
        if len(self._said_s) >= MOST_KEYS:
            return False
        self._said_s[key] = now_s
        return True
