"""Every message that comes to the server: answered, refused, or made an event. Used by the server's I/O thread.

Only headers are read here, and of a message that nobody may send not even those: what costs more is the business of
whoever takes the events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stereosync_bridge import wire
from stereosync_bridge.errors import (
    BAD_HEADER,
    FRAMES_LOST,
    SESSION_IN_USE,
    UNKNOWN_SESSION,
    WRONG_DIRECTION,
    WireError,
)
from stereosync_bridge.events import FrameReceived, InvalidMessage, PlaybackReported, ResetRequested
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.lane import Lane, Received
from stereosync_bridge.messages import Bye, Hello, Ping, Pong, Reset
from stereosync_bridge.peer import Peer
from stereosync_bridge.sessions import Sessions
from stereosync_bridge.stream import error_message
from stereosync_bridge.tape import SessionRecorder

LOST_BEFORE_A_WORD = 2  # frames in a row


class Outbox(Protocol):
    """The server's way to send to a client."""

    def send(self, peer: Peer, message: wire.Message) -> bool: ...

    def grant_credit(self, session_id: str) -> None: ...

    def warn(self, session_id: str, code: str, field: str, rule: str) -> bool: ...


class Dispatcher:
    """Turns messages into events; answers pings and broken rules itself."""

    def __init__(
        self, sessions: Sessions, outbox: Outbox, recorder: SessionRecorder | None, clock: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._outbox = outbox
        self._recorder = recorder
        self._clock = clock

    def on_control(self, lane: Lane, received: Received) -> None:
        """A message on the control lane."""
        peer = self._sessions.at(received.routing_id)
        try:
            message = wire.decode([part.buffer for part in received.parts])
            now_s = self._clock()
            if peer is None and isinstance(message, Bye):  # its connection was seen to close before it was read
                self._sessions.counters["byes_without_session"] += 1
                return
            if peer is None:
                peer = self._sessions.join(received.routing_id, message, now_s, received.user)
                received.connection.session_id = peer.session_id
            else:
                self._on_message(peer, message, now_s)
            if self._recorder is not None and not peer.observes:
                self._recorder.received(now_s, peer.session_id, [part.bytes for part in received.parts])
        except WireError as error:
            self._refuse(lane, received, peer, error)

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
            if peer.lost_in_a_row >= LOST_BEFORE_A_WORD:
                rule = (
                    f"{ping.frames_sent} frames were sent and the last {peer.lost_in_a_row} never came: is the port of "
                    "the frame lane reachable, and is each picture and depth buffer below 16 MiB?"
                )
                self._outbox.warn(peer.session_id, FRAMES_LOST, "frames", rule)
        self._sessions.events.append(PlaybackReported(peer.session_id, ping.playback))
        self._outbox.send(peer, Pong(ping.sent_client_s, now_s, self._clock(), peer.granted))

    def on_frame(self, lane: Lane, received: Received) -> None:
        """A message on the frame lane; it names its session, because this connection said no HELLO."""
        header = received.parts[0].buffer if received.parts else b""
        claim = wire.claim_of(bytes(header[: wire.CLAIM_BYTES]))
        session_id = claim.session or received.connection.session_id
        if self._sessions.said_bye(session_id):
            self._sessions.counters["frames_after_bye"] += 1
            return
        peer = self._sessions.find(session_id)
        counted = False
        try:
            if claim.type not in ("", FrameMessage.TYPE):
                raise WireError(WRONG_DIRECTION, "type", f"only FRAME belongs on the frame lane, got {claim.type[:32]}")
            peer = _sender(received, peer)
            now_s = peer.last_heard_s = self._clock()
            counted = peer.take_frame(claim.sent)
            if claim.sent and not counted:
                self._sessions.counters["frames_over_credit"] += 1
                lane.connections.wasted(received.connection, received.n_bytes)
                return
            message = wire.decode([part.buffer for part in received.parts])
            if not isinstance(message, FrameMessage):
                raise WireError(WRONG_DIRECTION, "type", f"only FRAME belongs on the frame lane, got {message.TYPE}")
            if not counted:
                raise WireError(BAD_HEADER, "sent", f"must stand in the first {wire.CLAIM_BYTES} bytes of the header")
            self._take_frame(peer, message, received, now_s)
        except WireError as error:
            self._refuse(lane, received, peer, error)
            if peer is not None and counted:
                self._outbox.grant_credit(peer.session_id)  # it was sent, though it cannot be used

    def _take_frame(self, peer: Peer, message: FrameMessage, received: Received, now_s: float) -> None:
        peer.clock_offset_s = message.clock_offset_s
        said_s = message.capture_client_s + message.clock_offset_s
        event = FrameReceived(peer.session_id, message, min(said_s, now_s), now_s, max(said_s - now_s, 0.0))
        self._sessions.counters["frames_in"] += 1
        if self._recorder is not None:
            self._recorder.received(now_s, peer.session_id, [part.bytes for part in received.parts])
        self._sessions.events.append(event)

    def _refuse(self, lane: Lane, received: Received, peer: Peer | None, error: WireError) -> None:
        """Answer a bad message on the lane on which it came; without a session the error is fatal."""
        self._sessions.counters["invalid"] += 1
        lane.connections.wasted(received.connection, received.n_bytes)
        if not lane.connections.may_be_answered(received.connection):
            return
        answer = error_message(error, fatal=peer is None)
        lane.send(received.routing_id, wire.encode(answer))
        # A traceback would keep the payloads alive.
        known = None if peer is None else peer.session_id
        self._sessions.events.append(InvalidMessage(known, error.with_traceback(None)))


def _sender(received: Received, peer: Peer | None) -> Peer:
    """The session whose frames may come this way: by the first connection that sends them, and with the same key."""
    if peer is None or not peer.welcomed:
        rule = "is not known here: send HELLO on the control lane and wait for WELCOME"
        raise WireError(UNKNOWN_SESSION, "session", rule)
    known = peer.frames_from
    if (known is not None and known is not received.connection and not known.closed) or received.user != peer.user:
        raise WireError(UNKNOWN_SESSION, "session", "belongs to another connection, which sends its frames")
    peer.frames_from, received.connection.session_id = received.connection, peer.session_id
    return peer
