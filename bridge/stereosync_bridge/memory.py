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


class MemoryBound:
    """Drops connections while the process is more than `growth_mib` larger than it was.

    Strangers go first, then everybody on the lanes in turn. Memory that stays when all are gone is not theirs: from
    then on it is what the process needs.
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
        self._tried = 0

    def look(self) -> None:
        """Compare, at most ten times a second."""
        now_s = self._clock()
        if now_s < self._next_s:
            return
        self._next_s = now_s + LOOK_EVERY_S
        mib = self._resident_mib()
        if mib < self._least_mib + self._growth_mib:
            self._tried = 0
            self._least_mib = min(self._least_mib, mib)
            return
        self._next_s = now_s + GRACE_S
        self._act(mib)

    def _act(self, mib: float) -> None:
        self._counters["memory_bounded"] += 1
        strangers = sum(lane.drop_strangers() for lane in self._lanes) if self._tried == 0 else 0
        if strangers:
            log.warning("%.0f MiB are held: connections without a session were ended", mib)
        elif self._tried <= len(self._lanes):
            self._lanes[-max(self._tried, 1)].drop_all()
            log.warning("%.0f MiB are held: all connections of a lane were ended; clients come back", mib)
        else:
            log.warning("%.0f MiB are held, and not for any connection: this is the new measure", mib)
            self._least_mib, self._tried = mib, -1
        self._tried += 1
        give_back()


def give_back() -> None:
    """Ask the C library for what it keeps of freed memory; only glibc can be asked."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
