"""The connections of one lane: who they are, what each may still send, and how one of them is ended.

libzmq neither bounds what a peer of a ROUTER sends nor closes one peer's connection. It does tell the descriptor of a
connection, when it is accepted and with each message; shutting that down ends the connection, and libzmq forgets what
it had read of it. `docs/decisions/0022` has what was measured.

Used by the one thread that polls the server.
"""

from __future__ import annotations

import logging
import math
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zmq
from zmq.utils.monitor import parse_monitor_message

from stereosync_bridge.allowance import Allowance

log = logging.getLogger("stereosync.bridge")

WATCHED = zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED
EVENTS_PER_POLL = 64
STRANGER_WASTE_BYTES = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one connection. Waste is read and cannot be used: refused, or sent without a credit."""

    messages_per_s: float
    waste_bytes_per_s: float
    message_bytes: float = math.inf  # a longer message counts as several
    connections: int = 64  # of the whole lane
    refusals_per_s: float = 2.0
    most_refusals: int = 8
    accepted_per_s: float = 10.0  # of the whole lane
    most_accepted: int = 64


@dataclass
class Connection:
    """One peer, by its descriptor, and the session that it spoke for last."""

    descriptor: int
    messages: Allowance
    waste: Allowance
    refusals: Allowance
    session_id: str | None = None
    dropped: bool = False  # by us; what still comes of it is not read
    closed: bool = False


class Connections:
    """Everyone who is connected to a lane's socket.

    Args:
        counters: raised by what was dropped.
        lives: whether a session goes on; who is of none is a stranger.
    """

    def __init__(
        self,
        watched: zmq.Socket[bytes],
        limits: Limits,
        counters: Counter[str],
        lives: Callable[[str | None], bool],
        clock: Callable[[], float],
    ) -> None:
        self._limits, self._counters, self._lives, self._clock = limits, counters, lives, clock
        self._monitor = watched.get_monitor_socket(WATCHED)
        self._by_descriptor: dict[int, Connection] = {}
        self._accepted = Allowance(limits.accepted_per_s, limits.most_accepted, clock())

    def update(self) -> None:
        """Take in who came and who left; where there are too many, a stranger has to go."""
        for _ in range(EVENTS_PER_POLL):
            if not self._monitor.poll(0):
                return
            event = parse_monitor_message(self._monitor.recv_multipart())
            if event["event"] != zmq.EVENT_ACCEPTED:
                self._forget(event["value"])
                continue
            newcomer = self._open(event["value"])
            if not self._accepted.take(1, self._clock()):
                self._drop(newcomer, "connections_too_fast")
            elif len(self._by_descriptor) > self._limits.connections:
                oldest = next(self._strangers(), newcomer)
                self._drop(oldest, "connections_too_many")

    def _forget(self, descriptor: int) -> None:
        gone = self._by_descriptor.pop(descriptor, None)
        if gone is not None:
            gone.closed = True

    def _open(self, descriptor: int) -> Connection:
        self._forget(descriptor)  # its number is used again
        limits, now_s = self._limits, self._clock()
        opened = Connection(
            descriptor,
            Allowance(limits.messages_per_s, 2 * limits.messages_per_s, now_s),
            Allowance(limits.waste_bytes_per_s, 4 * limits.waste_bytes_per_s, now_s),
            Allowance(limits.refusals_per_s, limits.most_refusals, now_s),
        )
        self._by_descriptor[descriptor] = opened
        return opened

    def of(self, descriptor: int) -> Connection:
        """The connection of a message, which may come before word of its acceptance does."""
        return self._by_descriptor.get(descriptor) or self._open(descriptor)

    def may_send(self, connection: Connection, n_bytes: int) -> bool:
        """Count a message, a long one as several; False where it comes too fast, and must be passed over unread."""
        if connection.dropped:
            return False
        allowed = connection.messages.spend(max(1.0, n_bytes / self._limits.message_bytes), self._clock())
        if connection.messages.overdrawn:
            self._drop(connection, "connections_flooding")
        self._counters["messages_passed_over"] += not allowed
        return allowed

    def flooding(self, connection: Connection) -> None:
        """It sends what nobody could read."""
        self._drop(connection, "connections_flooding")

    def wasted(self, connection: Connection, n_bytes: int) -> None:
        """Count bytes that were read for nothing; a stranger may send few of them."""
        connection.waste.spend(n_bytes, self._clock())
        strange = not self._lives(connection.session_id)
        if (strange and n_bytes > STRANGER_WASTE_BYTES) or connection.waste.overdrawn:
            self._drop(connection, "connections_wasting")

    def may_be_answered(self, connection: Connection) -> bool:
        """Count a message that broke a rule; False where there were too many to answer each."""
        answered = connection.refusals.spend(1, self._clock())
        if connection.refusals.overdrawn:
            self._drop(connection, "connections_refused")
        return answered

    def drop_strangers(self) -> int:
        """End every connection that is of no session; how many there were."""
        strangers = list(self._strangers())
        for one in strangers:
            self._drop(one, "connections_for_memory")
        return len(strangers)

    def drop_all(self) -> None:
        """End every connection: clients come back by themselves."""
        for one in list(self._by_descriptor.values()):
            self._drop(one, "connections_for_memory")

    def _strangers(self) -> Iterator[Connection]:
        every = list(self._by_descriptor.values())
        return (one for one in every if not one.dropped and not self._lives(one.session_id))

    def _drop(self, connection: Connection, counter: str) -> None:
        if connection.dropped:
            return
        connection.dropped = True
        self._counters[counter] += 1
        shut_down(connection.descriptor)

    def close(self) -> None:
        self._monitor.close()


def shut_down(descriptor: int) -> None:
    """End a connection of libzmq's, which then closes it; nothing happens where it has closed it already."""
    borrowed: socket.socket | None = None
    try:
        borrowed = socket.socket(fileno=descriptor)
        borrowed.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        log.debug("connection %d was gone: %s", descriptor, error)
    finally:
        if borrowed is not None:
            borrowed.detach()  # libzmq owns it
