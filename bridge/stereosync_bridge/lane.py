"""One ROUTER socket of the server. No call blocks.

Used by the one thread that polls the server.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import zmq

from stereosync_bridge.connections import Connection, Connections, Limits
from stereosync_bridge.security import AddressError, ServerCurve, needs_ipv6, secure_server

BYE_LINGER_MS = 100  # the last word may still leave
KEEPALIVE_S, KEEPALIVE_PROBES = 5, 3
MOST_PARTS = 8  # with the routing id
PARTS_PASSED_OVER = 1000


class Sent(enum.Enum):
    """The fate of a message: handed to libzmq, dropped because the peer does not read, or the peer is not there."""

    DONE = "done"
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True)
class LaneOptions:
    """The high-water mark in messages per peer, the largest part in bytes, and what one connection may send."""

    address: str
    send_high_water: int
    max_part_bytes: int
    limits: Limits


@dataclass(frozen=True)
class Received:
    """One message: its parts, of which only the header was copied, and where it came from."""

    routing_id: bytes
    parts: list[zmq.Frame]
    connection: Connection
    user: str  # the client's public key under CURVE, "" without

    @property
    def n_bytes(self) -> int:
        return sum(map(len, self.parts))


class Lane:
    """Binds a ROUTER socket that drops what cannot be sent at once."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        options: LaneOptions,
        curve: ServerCurve | None,
        counters: Counter[str],
        lives: Callable[[str | None], bool],
        clock: Callable[[], float],
    ) -> None:
        self.socket = context.socket(zmq.ROUTER)
        self._has_users = curve is not None
        self._passing_over = False
        watch_connections(self.socket)
        self.socket.router_mandatory = True
        self.socket.linger = 0
        self.socket.sndhwm = options.send_high_water
        self.socket.rcvhwm = 0  # at a mark libzmq stands still, and a PING in what it then holds can end the process
        self.socket.maxmsgsize = options.max_part_bytes
        self.socket.ipv6 = needs_ipv6(options.address)
        secure_server(self.socket, curve)
        self.connections = Connections(self.socket, options.limits, counters, lives, clock)
        self._bind(options.address)

    def _bind(self, address: str) -> None:
        try:
            self.socket.bind(address)
        except zmq.ZMQError as error:
            self.socket.close()
            cure = "choose an address of this machine"
            if error.errno == zmq.EADDRINUSE:
                cure = "stop the other program that uses it, or choose another address"
            raise AddressError(f"cannot bind {address} ({error}): {cure}") from error

    @property
    def address(self) -> str:
        return self.socket.getsockopt_string(zmq.LAST_ENDPOINT)

    def receive(self) -> Received | None:
        """The next message that waits, or None. One of far too many parts is passed over, and its sender ended."""
        try:
            if self._passing_over:
                self._pass_over()
                return None
            routing_id, *parts = self._next_parts()
        except zmq.Again:
            return None
        connection = self.connections.of(int(routing_id.get(zmq.SRCFD)))
        if self._passing_over:
            self.connections.flooding(connection)
            return None
        user = str(routing_id.get("User-Id")) if self._has_users else ""
        return Received(routing_id.bytes, parts, connection, user)

    def _next_parts(self) -> list[zmq.Frame]:
        parts = [self.socket.recv(zmq.DONTWAIT, copy=False)]
        while parts[-1].more and len(parts) < MOST_PARTS:
            parts.append(self.socket.recv(zmq.DONTWAIT, copy=False))
        self._passing_over = parts[-1].more
        return parts

    def _pass_over(self) -> None:
        """Read on in a message that nobody wants, so many parts at a time that nobody waits for long."""
        for _ in range(PARTS_PASSED_OVER):
            self._passing_over = self.socket.recv(zmq.DONTWAIT, copy=False).more
            if not self._passing_over:
                return

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
        self.connections.close()
        self.socket.close()


def watch_connections(socket: zmq.Socket[bytes]) -> None:
    """Let the kernel notice a peer that vanished without closing its connection.

    Not libzmq's own heartbeats: where a peer fills its queue and resets, their timer ends the whole process (libzmq
    issues 3937, 4364, 4767).
    """
    socket.tcp_keepalive = 1
    socket.tcp_keepalive_idle = socket.tcp_keepalive_intvl = KEEPALIVE_S
    socket.tcp_keepalive_cnt = KEEPALIVE_PROBES
    socket.tcp_maxrt = 1000 * KEEPALIVE_S * KEEPALIVE_PROBES
