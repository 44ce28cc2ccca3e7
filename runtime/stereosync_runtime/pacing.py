"""The pace of a session's stream: what its client has played, when the next chunk is due, and when it will be heard.

The client says which sample it plays next; between its reports the position is carried on by the clock. The service
makes sound up to `played + target`, so the two clocks never drift apart.

Threads: the worker makes every call; any thread may ask for `target_s`. Time is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stereosync_bridge.messages import Playback
from stereosync_runtime.cushion import MARGIN_S, MOST_S, Cushion

STALL_S = 0.1  # a position that was reported unmoved for this long is a pause or a ring that primes
CARRY_S = 1.5  # a client that has not reported for this long is not believed to play on
JUMP_S = 0.03  # a report further off than this is taken as it is
SMOOTHING = 0.1  # share of a report's deviation that is believed: devices take sound in blocks
PRIMING_S = 0.03  # of sound, before a client plays


@dataclass(frozen=True)
class Playhead:
    """The client's position as it is known, in samples of the epoch's stream; times are the server's, in seconds."""

    rate_hz: int
    position: float = 0.0  # smoothed, at `at_s`
    at_s: float = 0.0
    reported: int = 0
    changed_s: float = 0.0  # when a report last differed from the one before
    seen_s: float = 0.0
    moved: bool = False

    @property
    def stalled(self) -> bool:
        return not self.moved or self.seen_s - self.changed_s > STALL_S

    def sample_at(self, now_s: float) -> float:
        """The sample that is heard at `now_s`."""
        if self.stalled:
            return float(self.reported)
        return self.position + (min(now_s, self.seen_s + CARRY_S) - self.at_s) * self.rate_hz

    def ahead_s(self, next_sample: int, now_s: float) -> float:
        """Seconds of sound that is made, up to `next_sample`, and not yet heard."""
        return max(next_sample - self.sample_at(now_s), 0.0) / self.rate_hz

    def due_s(self, next_sample: int, target_s: float, now_s: float) -> float | None:
        """The next chunk's moment: `now_s` if less than the target lies ahead; None if only a report can tell."""
        surplus_s = self.ahead_s(next_sample, now_s) - target_s
        if surplus_s < 0:
            return now_s
        return None if self.stalled else now_s + surplus_s

    def told(self, played_samples: int, now_s: float) -> Playhead:
        """The playhead after a report."""
        if played_samples == self.reported:
            return replace(self, seen_s=now_s)
        expected = self.sample_at(now_s)
        off = played_samples - expected
        believed = 1.0 if self.stalled or abs(off) > JUMP_S * self.rate_hz else SMOOTHING
        return Playhead(self.rate_hz, expected + believed * off, now_s, played_samples, now_s, now_s, moved=True)

    def supposed(self, next_sample: int, now_s: float, word_s: float) -> Playhead:
        """The playhead of a client that does not say what it plays, whose last word came at `word_s`: it primes, and
        then plays at the rate what was made."""
        if self.stalled:
            if next_sample - self.reported < PRIMING_S * self.rate_hz:
                return self
            position = float(self.reported)
        else:
            position = min(self.sample_at(now_s), float(next_sample))
            if position >= next_sample:  # it ran dry, and primes again
                return Playhead(self.rate_hz, position, now_s, next_sample, word_s, word_s)
        return Playhead(self.rate_hz, position, now_s, int(position), word_s, word_s, moved=True)


def settled_s(before_s: float, told_s: float) -> float:
    """A device's delay after it was told again: a jump is taken as it is, and what flickers is smoothed."""
    off_s = told_s - before_s
    return before_s + (off_s if abs(off_s) > JUMP_S else SMOOTHING * off_s)


@dataclass(frozen=True)
class Due:
    """The moment at which a session's next chunk is due, and the seconds until its client runs out of sound."""

    at_s: float
    left_s: float


@dataclass(frozen=True)
class Window:
    """The time that a chunk which is begun now has; `left_s` and `late_at_s` are endless while the client waits."""

    left_s: float  # to make it in
    late_at_s: float  # when the client runs out of sound
    heard_at_s: float  # its first sample


class Pace:
    """The pace of one stream, whose chunks are `chunk_s` long.

    Args:
        target_s: how much sound waits at the client before anything was measured.
        lead_s: a fixed time from making to hearing; None: it follows from the client's reports.
    """

    def __init__(self, rate_hz: int, chunk_s: float, target_s: float, lead_s: float | None) -> None:
        self._rate_hz, self._chunk_s, self._lead_s = rate_hz, chunk_s, lead_s
        self._cushion = Cushion(target_s)
        self._underruns = 0  # as the client told last
        self._chunks = 0  # made since one was counted
        self._device_s = 0.0
        self._reports: bool | None = None  # whether the client says what it plays, once it has said anything
        self._word_s = float("-inf")  # when it last said anything else
        self.restart()

    def restart(self) -> None:
        """A stream begins; what was measured of the client and the device goes on."""
        self.next_sample = 0
        self._playhead = Playhead(self._rate_hz)
        self._begun_s = float("-inf")  # the newest chunk
        self._due_s = float("inf")  # the next one, as far as was known when it was last asked for

    @property
    def target_s(self) -> float:
        """Seconds of sound that should wait at the client."""
        return self._cushion.target_s

    def hear(self, playback: Playback, same_epoch: bool, told_s: float) -> int:
        """A report came; returns the underruns since the one before, one a chunk at most, whatever a client tells."""
        self._reports = True
        self._device_s = settled_s(self._device_s, playback.device_ms / 1000)
        if same_epoch:
            played = min(playback.played_samples, self.next_sample)  # what was not made cannot have been heard
            self._compare(played, told_s)
            self._playhead = self._playhead.told(played, told_s)
        underruns = min(max(playback.underruns - self._underruns, 0), self._chunks)
        self._underruns = playback.underruns
        if underruns:
            self._chunks = 0
            self._cushion = self._cushion.after_trouble(told_s)
        return underruns

    def _compare(self, played: int, told_s: float) -> None:
        """Measure how evenly the client's position moves."""
        if self._playhead.stalled or played == self._playhead.reported:
            return
        off_s = (played - self._playhead.sample_at(told_s)) / self._rate_hz
        if abs(off_s) <= JUMP_S:
            self._cushion = self._cushion.after_report(off_s)

    def hear_nothing(self, told_s: float) -> None:
        """A message came that does not say what was played."""
        if self._reports is None:
            self._reports = False
        self._word_s = told_s
        self._suppose(told_s)

    def _suppose(self, now_s: float) -> None:
        """A client that does not report is believed to play what it gets."""
        if self._reports is False:
            self._playhead = self._playhead.supposed(self.next_sample, now_s, self._word_s)

    def due(self, now_s: float) -> Due | None:
        """The next chunk's due; None while only a report can tell.

        Never more than two chunks in a chunk's time, whatever a client claims to have played.
        """
        # a client that does not play yet needs enough to begin, and to go on until its next report
        target_s = MOST_S if self._playhead.stalled else self.target_s
        at_s = self._playhead.due_s(self.next_sample, target_s, now_s)
        if at_s is None:
            return None
        at_s = max(at_s, self._begun_s + self._chunk_s / 2)
        self._due_s = at_s if at_s > now_s else min(self._due_s, now_s)
        return Due(at_s, self._left_s(now_s))

    def _left_s(self, now_s: float) -> float:
        """Seconds to make the next chunk in."""
        return float("inf") if self._playhead.stalled else self._playhead.ahead_s(self.next_sample, now_s) - MARGIN_S

    def begin(self, now_s: float) -> Window:
        """A chunk is being made."""
        self._begun_s = now_s
        left_s = self._left_s(now_s)
        ahead_s = self._playhead.ahead_s(self.next_sample, now_s)
        lead_s = ahead_s + self._device_s if self._lead_s is None else self._lead_s
        return Window(left_s, now_s + left_s + MARGIN_S, now_s + lead_s)

    def finish(self, samples: int, now_s: float, best_s: float) -> None:
        """The chunk that was begun is sent; one of full quality should be given `best_s`."""
        if not self._playhead.stalled:
            due_s = min(self._due_s, self._begun_s)
            self._cushion = self._cushion.after_chunk(now_s - due_s, now_s, best_s)
        self._due_s = float("inf")
        self._chunks += 1
        self._suppose(now_s)
        self.next_sample += samples
        self._suppose(now_s)

    def too_late(self, now_s: float) -> None:
        """A chunk came after its time, or could not be made in it."""
        self._cushion = self._cushion.after_trouble(now_s)
