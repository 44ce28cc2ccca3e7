"""Players: who takes the samples out of the ring in real time. One thread calls `pump` every few milliseconds.

The sound card's player writes from a process of its own, because a busy Python thread beside it would make it stutter
and so would a model. Without a sound card the null player takes the samples by the clock: the service makes sound only
as fast as it is played.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Protocol

from stereosync.scene import Float32Array
from stereosync_tools.audition.sound_card import play_from

BLOCK_SAMPLES = 240
AHEAD_SAMPLES = 960  # handed to the process and not yet written to the card
READY_TIMEOUT_S = 10.0
PUMP_EVERY_S = 0.005
STUCK_S = 1.0  # without a sample that the card took
LONGEST_STEP_S = 0.1  # that counts; a machine that slept is no stuck card

Take = Callable[[int], Float32Array]  # the next n samples to be heard, (n, 2)


class Player(Protocol):
    """`delay_s` is the time between taking a sample and hearing it."""

    name: str
    delay_s: float

    def pump(self, now_s: float) -> None: ...

    def close(self) -> None: ...


class NullPlayer:
    """Takes samples at the clock's pace and plays them to nobody."""

    name = "no sound card"
    delay_s = 0.0

    def __init__(self, take: Take, sample_rate_hz: int) -> None:
        self._take, self._rate_hz = take, sample_rate_hz
        self._start_s: float | None = None
        self._taken_samples = 0

    def pump(self, now_s: float) -> None:
        if self._start_s is None:
            self._start_s = now_s
        due = int((now_s - self._start_s) * self._rate_hz) - self._taken_samples
        while due >= BLOCK_SAMPLES:
            self._take(BLOCK_SAMPLES)
            self._taken_samples += BLOCK_SAMPLES
            due -= BLOCK_SAMPLES

    def close(self) -> None:
        """Nothing to give back."""


class DevicePlayer:
    """Keeps a player process a few blocks ahead of the sound card, whose pace sets the pace of the ring."""

    name = "sound card"

    def __init__(self, take: Take, process: PlayerProcess) -> None:
        self._take, self._process = take, process
        self._sent_samples = self._written_samples = 0
        self._pumped_s: float | None = None
        self._stuck_s = 0.0
        self.delay_s = process.delay_s

    def pump(self, now_s: float) -> None:
        """Hand over what the card will take next.

        Raises:
            EOFError, OSError: the card is lost, or takes nothing any more.
        """
        written = self._process.written_samples(self._written_samples)
        self._watch(now_s, progress=written > self._written_samples)
        self._written_samples = written
        while self._sent_samples - self._written_samples < AHEAD_SAMPLES:
            self._process.send(self._take(BLOCK_SAMPLES))
            self._sent_samples += BLOCK_SAMPLES

    def _watch(self, now_s: float, progress: bool) -> None:
        step_s = 0.0 if self._pumped_s is None else now_s - self._pumped_s
        self._pumped_s = now_s
        self._stuck_s = 0.0 if progress else self._stuck_s + min(step_s, LONGEST_STEP_S)
        if self._stuck_s >= STUCK_S:
            self._process.terminate()
            raise OSError(f"the sound card took nothing for {STUCK_S:g} s")

    def close(self) -> None:
        self._process.close()


class PlayerProcess:
    """The process at the other end of a pipe: samples go there, the number of samples written comes back."""

    def __init__(self, sample_rate_hz: int, target: Callable[[Connection, int], None] = play_from) -> None:
        context = multiprocessing.get_context("spawn")
        self.sample_rate_hz, self.latency_s, self.problem = sample_rate_hz, 0.0, ""
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, sample_rate_hz), daemon=True)
        self._process.start()
        theirs.close()
        self._await_ready()

    def _await_ready(self) -> None:
        try:
            ready = self._connection.poll(READY_TIMEOUT_S)
            answer = self._connection.recv() if ready else "the sound card did not answer"
        except EOFError:
            answer = "the player's process ended at once"
        if isinstance(answer, str):
            self.problem = answer
        else:
            self.latency_s = float(answer)

    @property
    def delay_s(self) -> float:
        """Seconds from taking a sample to hearing it."""
        return self.latency_s + AHEAD_SAMPLES / self.sample_rate_hz

    def send(self, samples: Float32Array) -> None:
        self._connection.send_bytes(samples.tobytes())

    def written_samples(self, before: int) -> int:
        """The newest count that came back, or `before`. Raises EOFError or OSError when the process is gone."""
        while self._connection.poll():
            before = int(self._connection.recv())
        return before

    def terminate(self) -> None:
        """End it without waiting: it hangs in the card's driver."""
        self._process.terminate()

    def close(self) -> None:
        self._connection.close()
        self._process.join(2.0)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def open_process(sample_rate_hz: int) -> tuple[PlayerProcess | None, str]:
    """The sound card's process, or None and one sentence that says why nothing is played aloud."""
    process = PlayerProcess(sample_rate_hz)
    if not process.problem:
        return process, ""
    process.close()
    return None, f"Nothing is played aloud: {process.problem}."


class Pump:
    """The player's thread while it is open. When the sound card is lost, the null player goes on; `notice` says so."""

    def __init__(self, player: Player, take: Take, sample_rate_hz: int, clock: Callable[[], float]) -> None:
        self.notice = ""
        self._player, self._take, self._rate_hz, self._clock = player, take, sample_rate_hz, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._pump_all, name="player", daemon=True)

    def _pump_all(self) -> None:
        while not self._stop.wait(PUMP_EVERY_S):
            try:
                self._player.pump(self._clock())
            except (EOFError, OSError):
                self._player.close()
                self._player = NullPlayer(self._take, self._rate_hz)
                self.notice = "The sound card was lost or took nothing any more; the run went on without it."

    def __enter__(self) -> Pump:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._player.close()
