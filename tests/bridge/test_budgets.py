"""What one connection may send: allowances, drops by descriptor, claims before reading, rare words, bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgpack
import pytest
import zmq
from bridge_pair import HandClock

from stereosync_bridge import wire
from stereosync_bridge.allowance import Allowance
from stereosync_bridge.connections import Connections, Limits
from stereosync_bridge.memory import GRACE_S, LOOK_EVERY_S, MemoryBound
from stereosync_bridge.seldom import MINUTE_S, MOST_KEYS, Seldom

LIMITS = Limits(messages_per_s=10, waste_bytes_per_s=1000, connections=2)


def test_an_allowance_fills_up_and_may_be_overdrawn() -> None:
    allowance = Allowance(per_s=10, most=20, at_s=0.0)
    assert all(allowance.spend(1, 0.0) for _ in range(20))
    assert not allowance.spend(1, 0.0)
    assert not allowance.overdrawn
    assert allowance.spend(1, 1.0)
    assert sum(allowance.spend(1, 1.0) for _ in range(40)) == 8
    assert allowance.overdrawn
    assert allowance.spend(20, 1000.0)


class Lane:
    """A ROUTER whose connections are watched, and peers that come and go."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.context, self.clock, self.counters = zmq.Context(), HandClock(), Counter[str]()
        self.living: set[str] = set()
        self.peers: list[zmq.Socket[bytes]] = []
        self.router = self.context.socket(zmq.ROUTER)
        self.connections = Connections(self.router, limits, self.counters, self.lives, self.clock)
        self.port = self.router.bind_to_random_port("tcp://127.0.0.1")

    def lives(self, session_id: str | None) -> bool:
        return session_id in self.living

    def peer(self) -> zmq.Socket[bytes]:
        """A connection that has said something; its descriptor is that of the message."""
        socket = self.context.socket(zmq.DEALER)
        socket.linger = 0
        self.peers.append(socket)
        socket.connect(f"tcp://127.0.0.1:{self.port}")
        return socket

    def heard_from(self, socket: zmq.Socket[bytes]) -> int:
        """The descriptor of the connection by which a word of a peer comes."""
        socket.send(b"word")
        assert self.router.poll(5000)
        return int(self.router.recv_multipart(copy=False)[0].get(zmq.SRCFD))

    def left(self, descriptor: int) -> bool:
        """True once the connection's end was noticed."""
        connection = self.connections.of(descriptor)
        for _ in range(500):
            self.connections.update()
            if connection.closed:
                return True
            self.router.poll(10)
        return False

    def close(self) -> None:
        self.connections.close()
        for socket in (*self.peers, self.router):
            socket.close()
        self.context.destroy(linger=0)


@pytest.fixture
def lane() -> Iterator[Lane]:
    lane = Lane()
    yield lane
    lane.close()


def test_who_sends_too_fast_is_passed_over_and_then_ended(lane: Lane) -> None:
    descriptor = lane.heard_from(lane.peer())
    lane.connections.update()
    connection = lane.connections.of(descriptor)
    allowed = [lane.connections.may_send(connection, 10) for _ in range(41)]
    assert sum(allowed) == 20
    assert not connection.closed
    assert lane.counters["connections_flooding"] == 1
    assert lane.left(descriptor)


def test_a_long_message_counts_as_several() -> None:
    lane = Lane(Limits(messages_per_s=10, waste_bytes_per_s=1000, message_bytes=100))
    connection = lane.connections.of(lane.heard_from(lane.peer()))
    assert sum(lane.connections.may_send(connection, 400) for _ in range(8)) == 5
    lane.close()


def test_a_stranger_may_waste_little_and_a_session_more(lane: Lane) -> None:
    lane.living.add("known")
    known, strange = lane.heard_from(lane.peer()), lane.heard_from(lane.peer())
    lane.connections.update()
    lane.connections.of(known).session_id = "known"
    for descriptor in (known, strange):
        lane.connections.wasted(lane.connections.of(descriptor), 2 << 20)
    assert lane.left(strange)
    lane.connections.wasted(lane.connections.of(known), 2 << 20)
    assert lane.counters["connections_wasting"] >= 2  # it overdrew its own allowance


def test_where_there_are_too_many_a_stranger_goes(lane: Lane) -> None:
    lane.living.add("known")
    first = lane.heard_from(lane.peer())
    lane.connections.update()
    lane.connections.of(first).session_id = "known"
    second = lane.heard_from(lane.peer())
    lane.connections.update()
    lane.heard_from(lane.peer())
    assert lane.left(second)
    assert not lane.connections.of(first).closed
    assert lane.counters["connections_too_many"] == 1


def test_a_claim_is_read_from_the_beginning_of_a_header_alone() -> None:
    header = msgpack.packb({"type": "FRAME", "session": "ab", "sent": 3.0, "rest": "x" * 100_000})
    assert wire.claim_of(header[: wire.CLAIM_BYTES]) == wire.Claim("FRAME", "ab", 3)
    late = msgpack.packb({"type": "FRAME", "rest": "x" * 2000, "session": "ab", "sent": 3})
    assert wire.claim_of(late) == wire.Claim("FRAME")
    for nonsense in (b"", b"\xc1", b"\x93\1\2\3", msgpack.packb({"session": 3, "sent": -1, 5: 6})):
        assert wire.claim_of(nonsense) == wire.Claim()


def test_the_same_is_said_once_a_minute_and_not_too_many_things() -> None:
    clock = HandClock()
    seldom = Seldom(clock)
    assert [seldom.may_say("a") for _ in range(3)] == [True, False, False]
    clock.now_s += MINUTE_S
    assert seldom.may_say("a")
    assert sum(seldom.may_say(number) for number in range(10 * MOST_KEYS)) == MOST_KEYS - 1
    clock.now_s += MINUTE_S
    assert seldom.may_say("b")


def test_memory_that_grows_ends_strangers_then_everybody_and_then_is_the_measure(lane: Lane) -> None:
    resident_mib = [100.0]
    stranger = lane.heard_from(lane.peer())
    lane.connections.update()
    bound = MemoryBound((lane.connections,), 50.0, lambda: resident_mib[0], lane.clock, lane.counters)

    def look() -> None:
        lane.clock.now_s += GRACE_S + LOOK_EVERY_S
        bound.look()

    look()
    assert lane.counters["memory_bounded"] == 0
    resident_mib[0] = 160.0
    look()
    assert lane.left(stranger)
    known = lane.heard_from(lane.peer())
    lane.connections.update()
    lane.living.add("known")
    lane.connections.of(known).session_id = "known"
    look()
    assert lane.left(known)
    for _ in range(3):
        look()
    acted = lane.counters["memory_bounded"]
    look()
    assert lane.counters["memory_bounded"] == acted
