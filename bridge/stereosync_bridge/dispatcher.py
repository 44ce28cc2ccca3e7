"""Every message that comes to the server: answered, refused, or made an event. Used by the server's I/O thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stereosync.scene import Float32Array
from stereosync_bridge import wire
from stereosync_bridge.depth import looks_reversed
from stereosync_bridge.errors import DEPTH_LOOKS_REVERSED, SESSION_IN_USE, UNKNOWN_SESSION, WRONG_DIRECTION, WireError
from stereosync_bridge.events import FrameReceived, InvalidMessage, PlaybackReported, ResetRequested
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.lane import Lane
from stereosync_bridge.messages import Bye, ErrorMessage, Hello, Ping, Pong, Reset
from stereosync_bridge.peer import Peer
from stereosync_bridge.scene_codec import to_scene_frame
from stereosync_bridge.sessions import Sessions
from stereosync_bridge.tape import SessionRecorder


class Outbox(Protocol):
    """The server's way to send to a client."""

    def send(self, peer: Peer, message: wire.Message) -> bool: ...

    def grant_credit(self, session_id: str) -> None: ...

    def warn(self, session_id: str, code: str, field: str, rule: str) -> bool: ...


class Dispatcher:
    """Turns messages into events; answers pings and broken rules itself."""

    def __init__(
        self, sessions: Sessions, outbox: Outbox, recorder: SessionRecorder, clock: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._outbox = outbox
        self._recorder = recorder
        self._clock = clock

    def on_control(self, lane: Lane, routing_id: bytes, parts: list[bytes]) -> None:
        """A message on the control lane."""
        peer = self._sessions.at(routing_id)
        try:
            message = wire.decode(parts)
            now_s = self._clock()
            if peer is None and isinstance(message, Bye):  # its connection was seen to close before it was read
                self._sessions.counters["byes_without_session"] += 1
                return
            if peer is None:
                peer = self._sessions.join(routing_id, message, now_s)
            else:
                self._on_message(peer, message, now_s)
            self._recorder.received(now_s, peer.session_id, parts)
        except WireError as error:
            self._refuse(lane, routing_id, peer, error)

    def _on_message(self, peer: Peer, message: wire.Message, now_s: float) -> None:
        peer.last_heard_s = now_s
        match message:
            case Ping():
                self._on_ping(peer, message, now_s)
            case Reset():
                self._sessions.events.append(ResetRequested(peer.session_id, message.reason))
            case Bye():
                self._sessions.say_bye(peer, message.reason)
            case Hello():
                rule = "HELLO was already said on this connection: connect anew for another session"
                raise WireError(SESSION_IN_USE, "type", rule)
            case _:
                rule = f"{message.TYPE} does not belong on the control lane from a client"
                raise WireError(WRONG_DIRECTION, "type", rule)

    def _on_ping(self, peer: Peer, ping: Ping, now_s: float) -> None:
        if peer.restore_lost(ping.frames_sent, now_s, self._sessions.heartbeat_s):
            self._sessions.counters["credits_restored"] += 1
        self._sessions.events.append(PlaybackReported(peer.session_id, ping.playback))
        self._outbox.send(peer, Pong(ping.sent_client_s, now_s, self._clock(), peer.granted))

    def on_frame(self, lane: Lane, routing_id: bytes, parts: list[bytes]) -> None:
        """A message on the frame lane; it names its session, because this connection said no HELLO."""
        session_id = wire.session_named_in(parts)
        if self._sessions.said_bye(session_id):
            self._sessions.counters["frames_after_bye"] += 1
            return
        peer = self._sessions.find(session_id)
        try:
            message = wire.decode(parts)
            if not isinstance(message, FrameMessage):
                raise WireError(WRONG_DIRECTION, "type", f"only FRAME belongs on the frame lane, got {message.TYPE}")
            if peer is None or not peer.welcomed:
                rule = "is not known here: send HELLO on the control lane and wait for WELCOME"
                raise WireError(UNKNOWN_SESSION, "session", rule)
            self._take_frame(peer, message, parts)
        except WireError as error:
            self._refuse(lane, routing_id, peer, error)
            if peer is not None and peer.welcomed and peer.take_frame(wire.sent_named_in(parts)):
                self._outbox.grant_credit(peer.session_id)  # it was sent, though it cannot be used

    def _take_frame(self, peer: Peer, message: FrameMessage, parts: list[bytes]) -> None:
        received_s = peer.last_heard_s = self._clock()
        if not peer.take_frame(message.sent):
            self._sessions.counters["frames_over_credit"] += 1
            return
        try:
            frame = to_scene_frame(message)
        except WireError:
            self._outbox.grant_credit(peer.session_id)
            raise
        peer.clock_offset_s = message.clock_offset_s
        frame = frame.stamped(min(frame.capture_time_s, received_s))
        self._sessions.counters["frames_in"] += 1
        self._recorder.received(received_s, peer.session_id, parts)
        self._sessions.events.append(FrameReceived(peer.session_id, frame, message.playback, received_s))
        self._warn_if_reversed(peer, message, frame.depth_m)

    def _warn_if_reversed(self, peer: Peer, message: FrameMessage, depth_m: Float32Array) -> None:
        if DEPTH_LOOKS_REVERSED in peer.warned or not looks_reversed(depth_m, message.depth, message.camera):
            return
        rule = f"nearly all depth lies at the near plane: is {message.depth.encoding} the wrong way round?"
        self._outbox.warn(peer.session_id, DEPTH_LOOKS_REVERSED, "depth.encoding", rule)

    def _refuse(self, lane: Lane, routing_id: bytes, peer: Peer | None, error: WireError) -> None:
        """Answer a bad message on the lane on which it came; without a session the error is fatal."""
        self._sessions.counters["invalid"] += 1
        answer = ErrorMessage(error.code, error.field[:128], error.rule[:512], fatal=peer is None)
        lane.send(routing_id, wire.encode(answer))
        self._sessions.events.append(InvalidMessage(None if peer is None else peer.session_id, error))
