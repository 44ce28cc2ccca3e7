"""A bound on what connections make the process hold: libzmq keeps the parts of a message that never ends.

Used by the one thread that polls the server; time is passed in.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence

from stereosync_bridge.connections import Connections

log = logging.getLogger("stereosync.bridge")

LOOK_EVERY_S = 0.1
GRACE_S = 0.5  # what was dropped is freed by other threads
GIVING_BACK_S = 2.0  # after an end, because those threads may take longer than a look
STRANGERS_FIRST = 10  # looks in a row at which only strangers go, because others come in their place


class MemoryBound:
    """Drops connections while the process is more than `growth_mib` larger than it was.

    Strangers go first, again and again; where that is not enough, everybody on the lanes in turn. Memory that stays
    when all are gone is not theirs: from then on it is what the process needs.
    """

    def __init__(
        self,
        lanes: Sequence[Connections],
        growth_mib: float,
        resident_mib: Callable[[], float],
        clock: Callable[[], float],
        counters: Counter[str],
    ) -> None:
        self._lanes, self._growth_mib = lanes, growth_mib
        self._resident_mib, self._clock, self._counters = resident_mib, clock, counters
        self._least_mib = resident_mib()
        self._next_s = float("-inf")
        self._strangers_s = float("-inf")  # the last time that some were ended
        self._give_back_until_s = float("-inf")
        self._looks_at_strangers = self._lanes_tried = 0

    def look(self) -> None:
        """Compare, at most ten times a second."""
        now_s = self._clock()
        if now_s < self._next_s:
            return
        self._next_s = now_s + LOOK_EVERY_S
        if now_s < self._give_back_until_s or self._too_much():
            give_back()  # before anybody is ended for what is free already
        if not self._too_much():
            self._looks_at_strangers = self._lanes_tried = 0
            return
        self._counters["memory_bounded"] += 1
        self._give_back_until_s = now_s + GIVING_BACK_S
        mib = self._resident_mib()
        if not self._drop_strangers(mib, now_s):
            self._next_s = now_s + GRACE_S
            self._drop_a_lane(mib)

    def _too_much(self) -> bool:
        mib = self._resident_mib()
        self._least_mib = min(self._least_mib, mib)
        return mib >= self._least_mib + self._growth_mib

    def _drop_strangers(self, mib: float, now_s: float) -> bool:
        """End strangers. True if that may be enough: there were any, or what they held may not be free yet."""
        if self._looks_at_strangers >= STRANGERS_FIRST:
            return False
        if not sum(lane.drop_strangers() for lane in self._lanes):
            return now_s - self._strangers_s < GRACE_S
        if self._looks_at_strangers == 0:
            log.warning("%.0f MiB are held: connections without a session are ended", mib)
        self._looks_at_strangers += 1
        self._strangers_s = now_s
        return True

    def _drop_a_lane(self, mib: float) -> None:
        if self._lanes_tried < len(self._lanes):
            self._lanes_tried += 1
            self._lanes[-self._lanes_tried].drop_all()
            log.warning("%.0f MiB are held: all connections of a lane were ended; clients come back", mib)
        else:
            log.warning("%.0f MiB are held, and not for any connection: this is the new measure", mib)
            self._least_mib, self._lanes_tried = mib, 0


def give_back() -> None:
    """Ask the C library for what it keeps of freed memory; only glibc can be asked."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
