"""What the worker asks the I/O thread to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from stereosync.scene import Chunk


@dataclass(frozen=True)
class SendAudio:
    """A chunk, and the capture time of the newest frame behind it in the server's clock (None before the first)."""

    session_id: str
    chunk: Chunk
    capture_time_s: float | None


@dataclass(frozen=True)
class GrantCredit:
    """The client's frame was processed: it may send the next."""

    session_id: str


@dataclass(frozen=True)
class EndSession:
    """The session cannot go on; `rule` tells the client why."""

    session_id: str
    rule: str


@dataclass(frozen=True)
class Warn:
    """What the client sends looks wrong, though it was used; `rule` says why and what to do."""

    session_id: str
    code: str
    field: str
    rule: str


Outgoing: TypeAlias = SendAudio | GrantCredit | EndSession | Warn
