"""A healthy client beside an attack: its own record of what it heard is what a test of an attack asserts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from healthy_client import Record
from served import HealthyClient, ServedProcess, healthy, served

ATTACK_S = 2.0
MOST_SILENCE = 0.25  # of the time: a busy machine may cost as much, and each attack once cost nearly all
LEAST_CHUNKS_PER_S = 12.5  # half of what the clock asks for


@dataclass(frozen=True)
class Span:
    """The time of an attack."""

    until_s: float

    def goes_on(self) -> bool:
        return time.monotonic() < self.until_s


@dataclass
class Beside:
    """A service as a process, and its healthy client as another."""

    service: ServedProcess
    client: HealthyClient

    @classmethod
    @contextmanager
    def opened(cls, *options: str, keys: tuple[str, ...] = ()) -> Iterator[Beside]:
        """With options of `stereosync-serve`, and the client's key files."""
        with served(*options) as service, healthy(service.control_address, *keys) as client:
            yield cls(service, client)

    def usable(self) -> bool:
        """Both are there and the client hears its sound."""
        if not self.service.alive:
            return False
        try:
            self.client.wait_until_heard()
        except RuntimeError:
            return False
        return True

    @contextmanager
    def unharmed(self, seconds: float = ATTACK_S) -> Iterator[Span]:
        """Attack inside it: the service must live on and the client hear its sound, until the time is over."""
        self.client.take_record()
        span = Span(time.monotonic() + seconds)
        yield span
        time.sleep(max(span.until_s - time.monotonic(), 0.0))
        assert self.service.alive, self.service.log_text()[-2000:]
        expect_sound(self.client.take_record())
        assert "Traceback" not in self.service.log_text()


def expect_sound(record: Record) -> None:
    """Silence is rare, the session goes on and nothing was refused."""
    assert record.silence_s < MOST_SILENCE * record.seconds, record
    assert record.chunks > LEAST_CHUNKS_PER_S * record.seconds, record
    assert (record.disconnected, record.errors) == (0, []), record
