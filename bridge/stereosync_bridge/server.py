"""The server's end of the bridge: two ROUTER sockets, sessions, credits, heartbeats.

Threads: one I/O thread makes a `BridgeServer` and makes every call on it. Nothing here starts a thread, blocks beyond
the timeout of `poll`, or reads wall time: the clock is passed in.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import zmq

from stereosync.scene import Chunk
from stereosync_bridge import wire
from stereosync_bridge.connections import Limits
from stereosync_bridge.dispatcher import Dispatcher
from stereosync_bridge.errors import SERVER_FULL, WireError
from stereosync_bridge.events import Event
from stereosync_bridge.lane import BYE_LINGER_MS, Lane, LaneOptions, Received, Sent
from stereosync_bridge.memory import MemoryBound
from stereosync_bridge.messages import Bye, ErrorMessage, StatsMessage
from stereosync_bridge.peer import Peer
from stereosync_bridge.security import ServerCurve, check_address
from stereosync_bridge.sessions import Sessions
from stereosync_bridge.stream import StreamInfo, Told, audio_message, credit_message, error_message, welcome_message
from stereosync_bridge.tape import LARGEST_RECORDING_MB, SessionRecorder
from stereosync_bridge.zap import ZapHandler

__all__ = ["BridgeServer", "ServerOptions", "StreamInfo", "Told"]

log = logging.getLogger("stereosync.bridge")

MESSAGES_PER_POLL, RECEIVE_S = 64, 0.002  # of each lane, so that nobody keeps `poll` from returning
CONTROL_LIMITS = Limits(messages_per_s=250, waste_bytes_per_s=1 << 18, message_bytes=1 << 11)
FRAME_LIMITS = Limits(messages_per_s=250, waste_bytes_per_s=1 << 24)


@dataclass(frozen=True)
class ServerOptions:
    """Addresses, keys and limits. A port of `*` takes a free one."""

    control_address: str = "tcp://127.0.0.1:5750"
    frames_address: str = "tcp://127.0.0.1:5751"
    insecure: bool = False
    curve: ServerCurve | None = None
    heartbeat_s: float = 1.0
    max_sessions: int = 16
    send_high_water: int = 64
    tape_path: Path | None = None  # records the first session that joins
    largest_tape_mb: float = LARGEST_RECORDING_MB
    growth_mib: float = 192.0  # of the process, beyond which connections are ended


class BridgeServer:
    """Owns the sockets of the server.

    Raises:
        SecurityError: an address beyond this machine without keys, or keys that cannot be read.
        AddressError: an address that cannot be bound.
    """

    def __init__(
        self, options: ServerOptions, clock: Callable[[], float], resident_mib: Callable[[], float] | None = None
    ) -> None:
        for address in (options.control_address, options.frames_address):
            check_address(address, options.curve, options.insecure)
        self._clock = clock
        self._sessions = Sessions(options.max_sessions, options.heartbeat_s)
        self._recorder = None
        if options.tape_path is not None:
            self._recorder = SessionRecorder(options.tape_path, options.largest_tape_mb)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._open(options)
        except (ValueError, OSError):
            self._context.destroy(linger=0)
            if self._recorder is not None:
                self._recorder.close()
            raise
        lanes = (self._control.connections, self._frames.connections)
        self._memory: MemoryBound | None = None
        if resident_mib is not None:
            self._memory = MemoryBound(lanes, options.growth_mib, resident_mib, clock, self.counters)
        self._dispatcher = Dispatcher(self._sessions, self, self._recorder, clock)

    def _open(self, options: ServerOptions) -> None:
        control = LaneOptions(
            address=options.control_address,
            send_high_water=options.send_high_water,
            max_part_bytes=wire.MAX_CONTROL_BYTES,
            limits=_room_for(CONTROL_LIMITS, options.max_sessions),
        )
        frames = replace(
            control,
            address=options.frames_address,
            max_part_bytes=wire.MAX_PART_BYTES,
            limits=_room_for(FRAME_LIMITS, options.max_sessions),
        )
        curve, clock, counters, lives = options.curve, self._clock, self._sessions.counters, self._sessions.lives
        self._zap = None if curve is None else ZapHandler(self._context, curve.allow_dir, clock, counters)
        self._control = Lane(self._context, control, curve, counters, lives, clock)
        self._frames = Lane(self._context, frames, curve, counters, lives, clock)
        self._poller = zmq.Poller()
        sockets = [self._control.socket, self._frames.socket] + ([self._zap.socket] if self._zap else [])
        for socket in sockets:
            self._poller.register(socket, zmq.POLLIN)

    @property
    def control_address(self) -> str:
        return self._control.address

    @property
    def frames_address(self) -> str:
        return self._frames.address

    @property
    def sessions(self) -> tuple[str, ...]:
        return self._sessions.ids

    @property
    def counters(self) -> Counter[str]:
        """Everything that was received, refused and dropped, by name."""
        return self._sessions.counters

    def poll(self, timeout_ms: float) -> list[Event]:
        """Wait at most `timeout_ms` for messages, handle them, and say what happened since the last call."""
        self._poller.poll(0 if self._sessions.events else math.ceil(timeout_ms))
        if self._zap is not None:
            self._zap.answer()
        self._receive(self._control, self._dispatcher.on_control)
        self._receive(self._frames, self._dispatcher.on_frame)
        if self._memory is not None:
            self._memory.look()
        self._sessions.expire(self._clock())
        return self._sessions.take_events()

    def _receive(self, lane: Lane, handle: Callable[[Lane, Received], None]) -> None:
        """Handle what waits on a lane, for a little while: what is to be sent must not wait longer."""
        lane.connections.update()
        until_s = self._clock() + RECEIVE_S
        for _ in range(MESSAGES_PER_POLL):
            received = lane.receive()
            if received is None:
                return
            self._sessions.counters["messages_in"] += 1
            if lane.connections.may_send(received.connection, received.n_bytes):
                handle(lane, received)
            if self._clock() > until_s:
                return

    def welcome(self, session_id: str, info: StreamInfo) -> bool:
        """Tell a client that its session exists; False when the client is gone."""
        peer = self._sessions.find(session_id)
        if peer is None:
            return False
        peer.welcomed = True
        frames_port = int(self.frames_address.rpartition(":")[2])
        return self.send(peer, welcome_message(peer, info, self._sessions.heartbeat_s, frames_port, self._clock()))

    def refuse(self, session_id: str, code: str = SERVER_FULL, rule: str = "no room for another session") -> None:
        """Answer a HELLO with a fatal ERROR and forget the session."""
        self._end(session_id, ErrorMessage(code, "session", rule, fatal=True))

    def bye(self, session_id: str, reason: str = "") -> None:
        """End a session from this side."""
        self._end(session_id, Bye(reason))

    def _end(self, session_id: str, last_word: ErrorMessage | Bye) -> None:
        peer = self._sessions.find(session_id)
        if peer is not None:
            self._sessions.forget(peer)
            self.send(peer, last_word)

    def reject_frame(self, session_id: str, error: WireError) -> None:
        """Tell a client that a frame of its could not be used, and let it send another."""
        peer = self._sessions.find(session_id)
        if peer is None:
            return
        self.counters["invalid"] += 1
        self.send(peer, error_message(error, fatal=False))
        self.grant_credit(session_id)

    def send_audio(self, session_id: str, chunk: Chunk, capture_time_s: float | None) -> bool:
        """Send a chunk; `capture_time_s` is that of the newest frame used, in the server's clock.

        Returns False, and counts it, when the client does not read or is gone.
        """
        peer = self._sessions.find(session_id)
        if peer is None or not peer.welcomed:
            return False
        sent = self.send(peer, audio_message(chunk, capture_time_s, peer))
        if not sent:
            peer.dropped_audio += 1
            self.counters["audio_dropped"] += 1
        return sent

    def grant_credit(self, session_id: str) -> None:
        """Allow the client one frame beyond those received, at once; calling it again changes nothing."""
        peer = self._sessions.find(session_id)
        if peer is not None and peer.grant():
            self.send(peer, credit_message(peer))

    def warn(self, session_id: str, code: str, field: str, rule: str) -> bool:
        """Tell a client, once per session and code, that what it sends looks wrong though it was used.

        Returns False when it was told before or is gone.
        """
        peer = self._sessions.find(session_id)
        if peer is None or code in peer.warned:
            return False
        peer.warned.add(code)
        self.counters["warnings"] += 1
        log.warning("client %s: %s: %s", peer.hello.client, field, rule)
        return self.send(peer, error_message(WireError(code, field, rule), fatal=False))

    def send_stats(self, session_id: str, values: Mapping[str, float]) -> bool:
        """Send counters and times of the service; False when they were dropped."""
        peer = self._sessions.find(session_id)
        return peer is not None and self.send(peer, StatsMessage(dict(values)))

    def peer(self, session_id: str) -> Peer | None:
        """The server's record of a client, to be read and not changed; None of one that is gone."""
        return self._sessions.find(session_id)

    def send(self, peer: Peer, message: wire.Message) -> bool:
        """Send on the control lane if that can be done at once; for the dispatcher."""
        parts = wire.encode(message)
        outcome = self._control.send(peer.routing_id, parts)
        if outcome is Sent.DONE:
            if self._recorder is not None:
                self._recorder.sent(self._clock(), peer.session_id, parts)
        elif outcome is Sent.FULL:
            self.counters["sends_dropped"] += 1
        else:
            self._sessions.leave(peer, "the connection is gone")
        return outcome is Sent.DONE

    def close(self) -> None:
        """Say bye to every client and release the sockets."""
        for session_id in self.sessions:
            self.bye(session_id, "the server stops")
        if self._recorder is not None:
            self._recorder.close()
        self._control.connections.close()
        self._frames.connections.close()
        self._context.destroy(linger=BYE_LINGER_MS)

    def __enter__(self) -> BridgeServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _room_for(limits: Limits, sessions: int) -> Limits:
    """Limits for so many sessions, whose clients may all come at once."""
    room = 4 * sessions + 16
    return replace(limits, connections=room, most_accepted=room)
