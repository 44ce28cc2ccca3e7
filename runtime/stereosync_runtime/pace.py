"""Where a session's stream stands at its client: what was made, what was played, and when the next chunk is due.

Threads: the worker makes every call; any thread may ask for `target_s`. Time is passed in.
"""

from __future__ import annotations

from stereosync_bridge.messages import Playback
from stereosync_runtime.cushion import MOST_S, Cushion
from stereosync_runtime.pacing import (
    JUMP_S,
    Playhead,
    available_s,
    buffered_samples,
    due_s,
    heard_s,
    settled_s,
    supposed,
)


class Pace:
    """The pace of one stream, whose chunks are `chunk_s` long.

    Args:
        target_s: how much sound waits at the client before anything was measured.
        lead_s: a fixed time from making to hearing; None: it follows from the client's reports.
    """

    def __init__(self, rate_hz: int, chunk_s: float, target_s: float, lead_s: float | None) -> None:
        self._rate_hz, self._chunk_s, self._lead_s = rate_hz, chunk_s, lead_s
        self._cushion = Cushion(target_s)
        self._underruns = 0
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
        """How much sound should wait at the client."""
        return self._cushion.target_s

    def hear(self, playback: Playback, same_epoch: bool, told_s: float) -> int:
        """A report came; returns the underruns since the one before."""
        self._reports = True
        self._device_s = settled_s(self._device_s, playback.device_ms / 1000)
        if same_epoch:
            played = min(playback.played_samples, self.next_sample)  # what was not made cannot have been heard
            self._compare(played, told_s)
            self._playhead = self._playhead.told(played, told_s)
        underruns = max(playback.underruns - self._underruns, 0)
        self._underruns = playback.underruns
        if underruns:
            self._cushion = self._cushion.after_trouble(told_s)
        return underruns

    def _compare(self, played: int, told_s: float) -> None:
        """How evenly the client's position moves."""
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
            self._playhead = supposed(self._playhead, self.next_sample, now_s, self._word_s)

    def due_s(self, now_s: float) -> float | None:
        """When the next chunk is due; None while only a report can tell.

        Never more than two chunks in a chunk's time, whatever a client claims to have played.
        """
        # a client that does not play yet needs enough to begin, and to go on until its next report
        target_s = MOST_S if self._playhead.stalled else self.target_s
        due = due_s(self._playhead, self.next_sample, round(target_s * self._rate_hz), now_s)
        if due is None:
            return None
        due = max(due, self._begun_s + self._chunk_s / 2)
        self._due_s = due if due > now_s else min(self._due_s, now_s)
        return due

    def left_s(self, now_s: float) -> float:
        """Seconds to make the next chunk in; endless while the client waits for sound."""
        return available_s(self._playhead, self.next_sample, now_s)

    def heard_s(self, now_s: float) -> float:
        """When a chunk that is made now will be heard."""
        return heard_s(self._playhead, self.next_sample, now_s, self._lead_s, self._device_s)

    def ends_s(self, now_s: float) -> float:
        """When the client runs out of sound; never, while it does not play."""
        if self._playhead.stalled:
            return float("inf")
        return now_s + buffered_samples(self._playhead, self.next_sample, now_s) / self._rate_hz

    def begin(self, now_s: float) -> None:
        """A chunk is being made."""
        self._begun_s = now_s

    def finish(self, samples: int, now_s: float, best_s: float) -> None:
        """The chunk that was begun is sent; one of full quality should be given `best_s`."""
        if not self._playhead.stalled:
            due_s = min(self._due_s, self._begun_s)
            self._cushion = self._cushion.after_chunk(now_s - due_s, now_s, best_s)
        self._due_s = float("inf")
        self._suppose(now_s)
        self.next_sample += samples
        self._suppose(now_s)

    def too_late(self, now_s: float) -> None:
        """A chunk came after its time, or could not be made in it."""
        self._cushion = self._cushion.after_trouble(now_s)
