"""A closed loop in simulated time: a client's program that `converse`s, a server, and a line between them.

Times are seconds; the server's clock is the true one, the client's runs at `clock_rate` of it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from simulated_server import SimulatedServer

from stereosync.scene import Float32Array
from stereosync_bridge import golden, wire
from stereosync_bridge.conformance.converse import END
from stereosync_bridge.conformance.script import RATE_HZ, SERVER_AHEAD_S, TRIP_S
from stereosync_bridge.messages import AudioMessage, ErrorMessage

TICK_S = 0.02
OFFER_TICKS = 2
START_S = 10.0


class Conversation:
    """A client's program in its mode `converse`. A context manager; leaving it ends the program."""

    def __init__(self, program: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [*program, "converse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    @property
    def process_id(self) -> int:
        return self._process.pid

    def ask(self, commands: Sequence[str]) -> list[list[str]]:
        """The decisions of each command."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{command}\n" for command in commands))
        self._process.stdin.flush()
        return [self._answer() for _ in commands]

    def _answer(self) -> list[str]:
        assert self._process.stdout is not None
        lines = []
        while (line := self._process.stdout.readline().rstrip("\n")) != END:
            assert line or self._process.poll() is None, "the program ended in the midst of a talk"
            lines.append(line)
        return lines

    def __enter__(self) -> Conversation:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


@dataclass
class Trace:
    """What a client's ring said after each tick: columns of `ring` in CONFORMANCE.md; and what was listened to."""

    times_s: list[float] = field(default_factory=list)
    rings: list[list[float]] = field(default_factory=list)
    sounds: list[Float32Array] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """`position`, `buffered_ms`, `underruns`, `epoch`, `priming`, `late`, `gap` or `skipped` over the ticks."""
        names = ("position", "buffered_ms", "underruns", "epoch", "priming", "late", "gap", "skipped")
        return np.array(self.rings)[:, names.index(name)]

    @property
    def samples(self) -> Float32Array:
        return np.concatenate(self.sounds)


Line = Callable[[AudioMessage, float], list[float]]


def direct(_: AudioMessage, sent_s: float) -> list[float]:
    """A line that brings each chunk once: when it arrives."""
    return [sent_s + TRIP_S]


class Loop:
    """A client, a server and the line of chunks between them. `listen` keeps the sound."""

    def __init__(
        self,
        client: Conversation,
        server: SimulatedServer,
        *,
        clock_rate: float = 1.0,
        line: Line = direct,
        listen: bool = False,
    ) -> None:
        self._client, self._server, self._rate, self.line = client, server, clock_rate, line
        self._verb = "listen" if listen else "read"
        self._ticks = 0
        self._coming: list[tuple[float, str, str]] = []  # true time of arrival, lane, message in hexadecimal
        self.frames_come = True
        self.output_hz = RATE_HZ
        self.trace = Trace()
        self._do([self._command("begin")])

    @property
    def client_s(self) -> float:
        return START_S + self._ticks * TICK_S

    @property
    def true_s(self) -> float:
        return SERVER_AHEAD_S + (self.client_s - START_S) / self._rate

    def _command(self, *words: object) -> str:
        return " ".join(map(str, (repr(self.client_s), *words)))

    def say(self, *words: object) -> None:
        """A command of the game's at this moment."""
        self._do([self._command(*words)])

    def run(self, seconds: float) -> None:
        """Play, and let the server answer, for so long by the client's clock."""
        for _ in range(round(seconds / TICK_S)):
            self._ticks += 1
            self._do([*self._arrivals(), *self._game(), self._command(self._verb, round(TICK_S * self.output_hz))])

    def stand_still(self, seconds: float) -> None:
        """Time passes at the server; the game's thread and its audio do nothing, as where a debugger stopped it."""
        for _ in range(round(seconds / TICK_S)):
            self._ticks += 1
            self._serve()

    def _game(self) -> list[str]:
        offered = self.frames_come and self._ticks % OFFER_TICKS == 0
        return [self._command("poll"), *([self._command("offer", self._ticks)] if offered else [])]

    def _arrivals(self) -> list[str]:
        self._serve()
        now_s = self.true_s
        arrived = sorted(one for one in self._coming if one[0] <= now_s)
        self._coming = [one for one in self._coming if one[0] > now_s]
        return [self._command("receive", lane, packed) for _, lane, packed in arrived]

    def _serve(self) -> None:
        for chunk in self._server.due(self.true_s):
            self._coming += [(at_s, "control", _packed(chunk)) for at_s in self.line(chunk, self.true_s)]

    def _do(self, commands: list[str]) -> None:
        for answer in self._client.ask(commands):
            for line in answer:
                self._note(line)

    def _note(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "send":
            self._deliver(*rest.split())
        elif kind == "ring":
            self.trace.times_s.append(self.client_s)
            self.trace.rings.append([float(word) for word in rest.split()])
        elif kind == "sound":
            self.trace.sounds.append(np.array(rest.split(), np.float32).reshape(-1, 2))
        elif kind == "event":
            self.trace.events.append(rest)
        assert kind != "unknown", "the program does not know a command"

    def _deliver(self, lane: str, packed: str) -> None:
        arrives_s = self.true_s + TRIP_S
        for answer in self._server.take(wire.decode(golden.unpack(bytes.fromhex(packed))), arrives_s):
            answer_lane = lane if isinstance(answer, ErrorMessage) else "control"
            self._coming.append((arrives_s + TRIP_S, answer_lane, _packed(answer)))


def _packed(message: wire.Message) -> str:
    return golden.pack(wire.encode(message)).hex()
