"""One ROUTER socket of the server. No call blocks; memory is bounded by high-water marks and a largest part size.

Used by the one thread that polls the server.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import zmq

from stereosync_bridge.peer import MISSES
from stereosync_bridge.security import AddressError, ServerCurve, secure_server

BYE_LINGER_MS = 100  # the last word may still leave


class Sent(enum.Enum):
    """The fate of a message: handed to libzmq, dropped because the peer does not read, or the peer is not there."""

    DONE = "done"
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True)
class LaneOptions:
    """High-water marks in messages per peer, the largest part in bytes, and the heartbeat of the transport."""

    address: str
    send_high_water: int
    receive_high_water: int
    max_part_bytes: int
    heartbeat_s: float


class Lane:
    """Binds a ROUTER socket that drops what cannot be sent at once."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], options: LaneOptions, curve: ServerCurve | None
    ) -> None:
        self.socket = context.socket(zmq.ROUTER)
        set_heartbeat(self.socket, options.heartbeat_s)
        self.socket.router_mandatory = True
        self.socket.linger = 0
        self.socket.sndhwm = options.send_high_water
        self.socket.rcvhwm = options.receive_high_water
        self.socket.maxmsgsize = options.max_part_bytes
        secure_server(self.socket, curve)
        self._bind(options.address)

    def _bind(self, address: str) -> None:
        try:
            self.socket.bind(address)
        except zmq.ZMQError as error:
            self.socket.close()
            cure = "stop the other program that uses it, or choose another address"
            raise AddressError(f"cannot bind {address} ({error}): {cure}") from error

    @property
    def address(self) -> str:
        return self.socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def receive(self) -> tuple[bytes, list[bytes]] | None:
        """The next message that waits, as (routing id, parts), or None."""
        try:
            routing_id, *parts = self.socket.recv_multipart(zmq.DONTWAIT)
        except zmq.Again:
            return None
        return routing_id, parts

    def send(self, routing_id: bytes, parts: list[bytes]) -> Sent:
        try:
            self.socket.send_multipart([routing_id, *parts], zmq.DONTWAIT)
        except zmq.Again:
            return Sent.FULL
        except zmq.ZMQError as error:
            if error.errno == zmq.EHOSTUNREACH:
                return Sent.GONE
            raise
        return Sent.DONE

    def close(self) -> None:
        self.socket.close()


def set_heartbeat(socket: zmq.Socket[bytes], heartbeat_s: float) -> None:
    """Let the transport notice a peer that vanished without closing its connection."""
    interval_ms = max(1, round(heartbeat_s * 1000))
    socket.heartbeat_ivl = interval_ms
    socket.heartbeat_timeout = MISSES * interval_ms
    socket.heartbeat_ttl = MISSES * interval_ms
