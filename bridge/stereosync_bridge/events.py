"""Events that `BridgeServer.poll` and `BridgeClient.poll` hand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from stereosync.scene import Chunk, SceneFrame
from stereosync_bridge.errors import WireError
from stereosync_bridge.messages import ErrorMessage, Hello, Playback, Welcome


@dataclass(frozen=True)
class ClientJoined:
    """A good HELLO came; answer it with `welcome` or `refuse`."""

    session_id: str
    hello: Hello


@dataclass(frozen=True)
class FrameReceived:
    """`frame.capture_time_s` is in the server's clock and never later than `received_s`.

    `playback` is None when the client does not say.
    """

    session_id: str
    frame: SceneFrame
    playback: Playback | None
    received_s: float


@dataclass(frozen=True)
class PlaybackReported:
    """The client's ring, told with a ping, so that pacing goes on while no frames come; None: it does not say."""

    session_id: str
    playback: Playback | None


@dataclass(frozen=True)
class ResetRequested:
    """The scene was cut: raise the epoch and start the stream again."""

    session_id: str
    reason: str


@dataclass(frozen=True)
class ClientLeft:
    """The session does not exist any more."""

    session_id: str
    reason: str


@dataclass(frozen=True)
class InvalidMessage:
    """A message broke a rule and was answered with ERROR; `session_id` is None when no session sent it."""

    session_id: str | None
    error: WireError


Event: TypeAlias = ClientJoined | FrameReceived | PlaybackReported | ResetRequested | ClientLeft | InvalidMessage


@dataclass(frozen=True)
class Welcomed:
    """The session exists from now on; after a reconnect this comes again with another session."""

    welcome: Welcome


@dataclass(frozen=True)
class AudioReceived:
    """`capture_time_s` (None before the first frame) and `arrival_s` are in the client's clock."""

    chunk: Chunk
    capture_time_s: float | None
    arrival_s: float


@dataclass(frozen=True)
class StatsReceived:
    values: Mapping[str, float]


@dataclass(frozen=True)
class ErrorReceived:
    error: ErrorMessage


@dataclass(frozen=True)
class Unanswered:
    """No WELCOME came in time; the client says HELLO again. `reason` names the likely causes."""

    reason: str


@dataclass(frozen=True)
class Disconnected:
    """The session is lost; unless it was ended by `bye`, the client tries again by itself."""

    reason: str


ClientEvent: TypeAlias = Welcomed | AudioReceived | StatsReceived | ErrorReceived | Unanswered | Disconnected
