"""When a chunk is due, when it will be heard, and how old its frame is then: pure functions of reports and time.

The client says which sample it plays next; between its reports the position is carried on by the clock. The service
makes sound up to `played + target`, so the two clocks never drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

STALE_S = 1.0  # a scene older than this has nothing to say of now
STALL_S = 0.1  # a position that was reported unmoved for this long is a pause or a ring that primes
CARRY_S = 1.5  # a client that has not reported for this long is not believed to play on
JUMP_S = 0.03  # a report further off than this is taken as it is
SMOOTHING = 0.1  # share of a report's deviation that is believed: devices take sound in blocks
PRIMING_S = 0.03  # of sound, before a client plays
MARGIN_S = 0.005  # between the end of the work and the moment the sound is needed: sockets, and the device's block


@dataclass(frozen=True)
class Playhead:
    """What is known of the client's position, in samples of the epoch's stream; times are the server's, in seconds."""

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

    def told(self, played_samples: int, now_s: float) -> Playhead:
        """The playhead after a report."""
        if played_samples == self.reported:
            return replace(self, seen_s=now_s)
        expected = self.sample_at(now_s)
        off = played_samples - expected
        believed = 1.0 if self.stalled or abs(off) > JUMP_S * self.rate_hz else SMOOTHING
        return Playhead(self.rate_hz, expected + believed * off, now_s, played_samples, now_s, now_s, moved=True)


def buffered_samples(playhead: Playhead, next_sample: int, now_s: float) -> float:
    """Sound that is made and not yet heard."""
    return max(next_sample - playhead.sample_at(now_s), 0.0)


def due_s(playhead: Playhead, next_sample: int, target_samples: int, now_s: float) -> float | None:
    """When the next chunk is due: `now_s` if less than the target lies ahead; None if only a report can tell."""
    surplus = buffered_samples(playhead, next_sample, now_s) - target_samples
    if surplus < 0:
        return now_s
    return None if playhead.stalled else now_s + surplus / playhead.rate_hz


def heard_s(
    playhead: Playhead, next_sample: int, now_s: float, lead_s: float | None = None, device_s: float = 0.0
) -> float:
    """When a chunk made now from `next_sample` on will be heard, behind a device of `device_s`; with a fixed lead, that
    long from now."""
    if lead_s is not None:
        return now_s + lead_s
    return now_s + buffered_samples(playhead, next_sample, now_s) / playhead.rate_hz + device_s


def settled_s(before_s: float, told_s: float) -> float:
    """A device's delay after it was told again: a jump is taken as it is, and what flickers is smoothed."""
    off_s = told_s - before_s
    return before_s + (off_s if abs(off_s) > JUMP_S else SMOOTHING * off_s)


def supposed(playhead: Playhead, next_sample: int, now_s: float, word_s: float) -> Playhead:
    """The playhead of a client that does not say what it plays, whose last word came at `word_s`: it primes, and then
    plays at the rate what was made."""
    if playhead.stalled:
        if next_sample - playhead.reported < PRIMING_S * playhead.rate_hz:
            return playhead
        position = float(playhead.reported)
    else:
        position = min(playhead.sample_at(now_s), float(next_sample))
        if position >= next_sample:  # it ran dry, and primes again
            return Playhead(playhead.rate_hz, position, now_s, next_sample, word_s, word_s)
    return Playhead(playhead.rate_hz, position, now_s, int(position), word_s, word_s, moved=True)


def available_s(playhead: Playhead, next_sample: int, now_s: float) -> float:
    """Time left to make the next chunk; endless while the client waits for sound."""
    if playhead.stalled:
        return float("inf")
    return buffered_samples(playhead, next_sample, now_s) / playhead.rate_hz - MARGIN_S


def latent_ages(
    heard_at_s: float, capture_s: float, latents: int, latent_s: float, max_lead_s: float
) -> tuple[tuple[float, ...], int]:
    """The age of the frame at each latent of a chunk, bounded to [0, max_lead_s], and how many had to be bounded."""
    ages_s = [heard_at_s + index * latent_s - capture_s for index in range(latents)]
    bounded = tuple(min(max(age_s, 0.0), max_lead_s) for age_s in ages_s)
    return bounded, sum(abs(a - b) > 1e-9 for a, b in zip(ages_s, bounded, strict=True))
