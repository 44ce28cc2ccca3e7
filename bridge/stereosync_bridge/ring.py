"""The playback buffer: one continuous stream, written by absolute sample and read by an audio callback.

Threads: any one thread writes and any other reads. One lock guards both and is held for one copy of a few milliseconds
of sound, so an audio callback never waits for long.
"""

from __future__ import annotations

import threading

import numpy as np

from stereosync.scene import Chunk, Float32Array
from stereosync_bridge.messages import Playback


class PlaybackRing:
    """Primes, plays, and on an underrun fades out, primes again and fades in.

    Positions are samples of the epoch's stream. `max_buffer_ms` is the shrink rule: beyond it the oldest sound is
    skipped, with a cross-fade, so that the delay cannot grow for good.
    """

    def __init__(
        self,
        sample_rate_hz: int = 48_000,
        prime_ms: float = 30.0,
        fade_ms: float = 5.0,
        crossfade_ms: float = 5.0,
        max_buffer_ms: float = 500.0,
    ) -> None:
        self._durations_ms = (prime_ms, fade_ms, crossfade_ms, max_buffer_ms)
        self._set_rate(sample_rate_hz)
        self._lock = threading.Lock()
        self._buffer = _silence(0)  # (n, 2), what is to be played from `_position` on
        self._recent = _silence(self._fade_samples)  # (fade, 2), what was played last
        self._tail = _silence(0)  # what is left of a fade out, to be added
        self._position = 0
        self._epoch = 0
        self._priming = True
        self._fade_in_left = 0
        self._underruns = 0
        self._earlier_underruns = 0  # of the sessions before this one
        self._late_samples = 0
        self._gap_samples = 0
        self._skipped_samples = 0

    def _set_rate(self, sample_rate_hz: int) -> None:
        self._rate_hz = sample_rate_hz
        samples = [round(duration_ms * sample_rate_hz / 1000) for duration_ms in self._durations_ms]
        self._prime_samples, self._fade_samples, self._crossfade_samples, self._max_samples = samples

    def write(self, chunk: Chunk) -> None:
        """Place a chunk at its `start_sample`, held within -1 to 1.

        What is already past is dropped, what overlaps is cross-faded.
        """
        samples = np.clip(np.asarray(chunk.samples, dtype=np.float32), -1, 1)  # a broken server must not hurt ears
        with self._lock:
            if chunk.epoch < self._epoch:
                self._late_samples += len(samples)
                return
            if chunk.epoch > self._epoch:
                self._begin_epoch(chunk, samples)
                return
            self._place(chunk.start_sample - self._position, samples)
            self._shrink()

    def _begin_epoch(self, chunk: Chunk, samples: Float32Array) -> None:
        if not self._priming and not len(self._buffer):
            self._stop()
        self._buffer = _crossfade(self._buffer, samples, 0, self._crossfade_samples)
        self._epoch = chunk.epoch
        self._position = chunk.start_sample

    def _place(self, offset: int, samples: Float32Array) -> None:
        if offset < 0:
            late = min(-offset, len(samples))
            self._late_samples += late
            offset, samples = 0, samples[late:]
        if not len(samples):
            return
        if len(self._buffer) and offset > self._max_samples:
            self._leap(offset, samples)
            return
        gap = max(0, offset - len(self._buffer))
        self._gap_samples += gap
        if gap and not len(self._buffer):
            self._position += gap
            offset = 0
        elif gap:
            self._buffer = np.concatenate([_fade_tail(self._buffer, self._fade_samples), _silence(gap)])
            samples = _fade_head(samples, self._fade_samples)
        self._buffer = _crossfade(self._buffer, samples, offset, self._crossfade_samples)

    def _leap(self, offset: int, samples: Float32Array) -> None:
        """The stream goes on further ahead than may ever wait: go there at once."""
        self._skipped_samples += offset
        self._position += offset
        self._buffer = _crossfade(self._buffer, samples, 0, self._crossfade_samples)

    def _shrink(self) -> None:
        excess = len(self._buffer) - self._max_samples
        if excess > 0:
            self._skipped_samples += excess
            skipped, kept = self._buffer[:excess], self._buffer[excess:]
            self._buffer = _crossfade(skipped[: self._crossfade_samples], kept, 0, self._crossfade_samples)
            self._position += excess

    def read(self, n: int) -> Float32Array:
        """The next `n` samples, (n, 2) float32; silence while priming."""
        with self._lock:
            if self._priming and len(self._buffer) >= max(1, self._prime_samples):
                self._priming = False
                self._fade_in_left = self._fade_samples
            out = _silence(n)
            taken = 0 if self._priming else self._play(out)
            if taken < n and not self._priming:
                self._underruns += 1
                self._stop()
            self._play_tail(out[taken:])
            return out

    def _play(self, out: Float32Array) -> int:
        """Fill `out` from the buffer; says how many samples there were."""
        taken = min(len(out), len(self._buffer))
        out[:taken] = self._buffer[:taken]
        self._buffer = self._buffer[taken:]
        self._position += taken
        self._fade_in(out[:taken])
        self._play_tail(out[:taken])
        self._remember(out[:taken])
        return taken

    def _fade_in(self, samples: Float32Array) -> None:
        done = self._fade_samples - self._fade_in_left
        count = min(self._fade_in_left, len(samples))
        samples[:count] *= _ramp(self._fade_samples)[done : done + count]
        self._fade_in_left -= count

    def _remember(self, played: Float32Array) -> None:
        recent = np.concatenate([self._recent, played])
        self._recent = recent[len(recent) - self._fade_samples :]

    def _stop(self) -> None:
        """Prime again, and fade out: the last sound played backwards joins without a step and needs no look-ahead."""
        if self._priming:
            return  # a fade that is under way goes on
        self._priming = True
        self._tail = self._recent[::-1] * _ramp(self._fade_samples)[::-1]
        self._recent = _silence(self._fade_samples)

    def _play_tail(self, out: Float32Array) -> None:
        count = min(len(self._tail), len(out))
        out[:count] += self._tail[:count]
        self._tail = self._tail[count:]

    def clear(self) -> None:
        """Forget what waits, as after a pause; the stream goes on where writing stopped, after priming."""
        with self._lock:
            self._position += len(self._buffer)
            self._buffer = _silence(0)
            self._stop()

    def restart(self, epoch: int = 0, start_sample: int = 0, sample_rate_hz: int | None = None) -> None:
        """Forget the stream, as for a new session (WELCOME names epoch and rate); what was heard fades out.

        The counters go on, but `playback` reports the underruns since the last restart.
        """
        with self._lock:
            self._buffer = _silence(0)
            self._epoch, self._position = epoch, start_sample
            self._earlier_underruns = self._underruns
            self._stop()
            if sample_rate_hz is not None and sample_rate_hz != self._rate_hz:
                self._set_rate(sample_rate_hz)
                self._recent = _silence(self._fade_samples)

    def playback(self) -> Playback:
        """The report that goes to the server with frames and pings."""
        with self._lock:
            buffered_ms = 1000 * len(self._buffer) / self._rate_hz
            return Playback(self._position, buffered_ms, self._underruns - self._earlier_underruns, self._epoch)

    @property
    def played_samples(self) -> int:
        """Position in the epoch's stream of the next sample to be heard; stands still while priming."""
        return self._position

    @property
    def buffered_ms(self) -> float:
        return 1000 * len(self._buffer) / self._rate_hz

    @property
    def sample_rate_hz(self) -> int:
        return self._rate_hz

    @property
    def underruns(self) -> int:
        """Times at which the sound ran out, over all sessions."""
        return self._underruns

    @property
    def late_samples(self) -> int:
        """Samples that came after their time and were dropped."""
        return self._late_samples

    @property
    def gap_samples(self) -> int:
        """Samples that never came and were played as silence."""
        return self._gap_samples

    @property
    def skipped_samples(self) -> int:
        """Samples that were thrown away to shorten the delay."""
        return self._skipped_samples

    @property
    def epoch(self) -> int:
        return self._epoch

    @property
    def priming(self) -> bool:
        return self._priming


def _silence(n: int) -> Float32Array:
    return np.zeros((n, 2), dtype=np.float32)


def _ramp(n: int) -> Float32Array:
    """(n, 1) rising from just above 0 to just below 1."""
    return np.asarray((np.arange(n) + 0.5) / max(1, n), dtype=np.float32)[:, None]


def _fade_head(samples: Float32Array, n: int) -> Float32Array:
    head = min(n, len(samples))
    return np.concatenate([samples[:head] * _ramp(head), samples[head:]])


def _fade_tail(samples: Float32Array, n: int) -> Float32Array:
    return _fade_head(samples[::-1], n)[::-1]


def _crossfade(old: Float32Array, new: Float32Array, offset: int, n: int) -> Float32Array:
    """`old` up to `offset`, then `new`; over at most `n` samples of their overlap one fades into the other."""
    overlap = min(n, len(old) - offset, len(new))
    ramp = _ramp(overlap)
    blend = old[offset : offset + overlap] * (1 - ramp) + new[:overlap] * ramp
    return np.concatenate([old[:offset], blend, new[overlap:]])
