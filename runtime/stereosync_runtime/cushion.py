"""The cushion: how much sound a session keeps at its client, as little as what was measured of late allows.

A chunk is due when less than the target waits at the client. It comes after the worker woke up and the chunk was made.
A device takes sound in blocks, and messages take now longer and now shorter; by how much shows in reports, which lie
before and behind the even pace of the clock. The target is two and a half times the longest wait of late, the farthest
that a report lay off, and a margin. It rises at once and falls slowly, and after sound that came too late more slowly
each time, because who ran dry at a level will do so again. Pure: time is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stereosync_runtime.budget import RECOVER_SHARE

LEAST_S, MOST_S = 0.02, 0.08
MARGIN_S = 0.005  # between the end of the work and the moment the sound is needed: sockets, and the device's block
START_S = 0.05
OVER_S = 20.0  # what was measured so long ago is forgotten
HEADROOM = 2.5  # over the longest wait: the next one may be longer
MOST_WAITS, MOST_REPORTS = 1024, 256
LEAST_UNEVEN_S = 0.005  # half a usual block of a device
FALL = 0.01  # seconds of target per second
HELD_FALL, MOST_HALVINGS = 0.0005, 4  # after sound that came too late; halved with each further time
RAISE_S = 0.01
SAME_TROUBLE_S = 0.5  # a late chunk, and the client's report of it


@dataclass(frozen=True)
class Cushion:
    """`target_s` is how much sound should wait at the client.

    `waits` holds, for chunks of late, when each was ready and how long after it was due; `uneven_s`, for reports of
    late, how far each was from what was expected. `best_s` is what a chunk of full quality should be given: with
    less time, quality that was lost once would not come back. After trouble no target is below `held_s`.
    """

    target_s: float = START_S
    waits: tuple[tuple[float, float], ...] = ()
    uneven_s: tuple[float, ...] = ()
    best_s: float = 0.0
    held_s: float = 0.0
    troubles: int = 0
    trouble_at_s: float = float("-inf")
    at_s: float = float("-inf")

    @property
    def needed_s(self) -> float:
        """The target by what was measured of late, within the bounds."""
        longest_s = max((wait_s for _, wait_s in self.waits), default=0.0)
        work_s = max(HEADROOM * longest_s, self.best_s / RECOVER_SHARE)
        return min(max(work_s + max((LEAST_UNEVEN_S, *self.uneven_s)) + MARGIN_S, LEAST_S), MOST_S)

    def after_chunk(self, wait_s: float, now_s: float, best_s: float = 0.0) -> Cushion:
        """A chunk was ready `wait_s` after it was due; one of full quality should be given `best_s`."""
        recent = [one for one in self.waits[1 - MOST_WAITS :] if one[0] > now_s - OVER_S]
        measured = replace(self, waits=(*recent, (now_s, wait_s)), best_s=best_s)
        elapsed_s = max(now_s - self.at_s, 0.0) if self.waits else 0.0
        held_s = self.held_s - elapsed_s * HELD_FALL / 2 ** min(max(self.troubles - 1, 0), MOST_HALVINGS)
        target_s = max(measured.needed_s, held_s, self.target_s - elapsed_s * FALL)
        return replace(measured, target_s=target_s, held_s=held_s, at_s=now_s)

    def after_report(self, off_s: float) -> Cushion:
        """The client had played so much more, or less, than was expected."""
        return replace(self, uneven_s=(*self.uneven_s[1 - MOST_REPORTS :], abs(off_s)))

    def after_trouble(self, now_s: float) -> Cushion:
        """The client ran dry, or a chunk came too late for it; both may be said of the same moment."""
        if now_s - self.trouble_at_s < SAME_TROUBLE_S:
            return self
        target_s = min(self.target_s + RAISE_S, MOST_S)
        return replace(self, target_s=target_s, held_s=target_s, troubles=self.troubles + 1, trouble_at_s=now_s)
