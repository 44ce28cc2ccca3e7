"""Events that `BridgeServer.poll` and `BridgeClient.poll` hand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from stereosync.scene import Chunk, SceneFrame
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.messages import ErrorMessage, Hello, Playback, Welcome
from stereosync_bridge.scene_codec import to_scene_frame


@dataclass(frozen=True)
class ClientJoined:
    """A good HELLO came; answer it with `welcome` or `refuse`."""

    session_id: str
    hello: Hello


@dataclass(frozen=True)
class FrameReceived:
    """A FRAME whose header keeps the rules; its picture and depth are not decoded yet.

    `captured_s` is in the server's clock and never later than `received_s`; `clock_ahead_s` is how much later the
    client said that it was. `playback` is None when the client does not say.
    """

    session_id: str
    message: FrameMessage
    captured_s: float
    received_s: float
    clock_ahead_s: float = 0.0

    @property
    def playback(self) -> Playback | None:
        return self.message.playback

    @cached_property
    def frame(self) -> SceneFrame:
        """The scene, decoded when it is first asked for.

        Raises:
            WireError: the picture, the depth buffer or the camera cannot be used.
        """
        return to_scene_frame(self.message).stamped(self.captured_s)


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
