"""No peer ends the process: an assertion of libzmq's is the end of every client's sound."""

from __future__ import annotations

import msgpack
import pytest
from beside import Beside
from zmtp_peer import HEARTBEAT, ZmtpPeer, part

LONG = part(msgpack.packb({"type": "PING", **{f"{number:x}": 0 for number in range(5_000)}}))
SHORT = part(msgpack.packb({"type": "PING"}))


@pytest.mark.parametrize("message", [LONG, SHORT * 100], ids=["long", "short"])
def test_connections_that_are_reset_with_a_full_queue(beside: Beside, message: bytes) -> None:
    """libzmq's own heartbeats ended the process so (its issues 3937, 4364, 4767)."""
    with beside.unharmed(2.0):
        peers = [ZmtpPeer(port) for port in 2 * _ports(beside)]
        for peer in peers:
            for _ in range(200):
                if not peer.send(message):
                    break
        for peer in peers:
            peer.reset()


@pytest.mark.parametrize("end", ["reset", "close"])
def test_heartbeats_of_a_peer_among_what_is_not_read(beside: Beside, end: str) -> None:
    """Where libzmq stood still at a full queue, it answered a ZMTP PING on a connection that was broken by then."""
    with beside.unharmed(2.0) as span:
        for port in 2 * _ports(beside):
            peer = ZmtpPeer(port)
            while span.goes_on() and peer.send((SHORT + 3 * HEARTBEAT) * 300):
                pass
            peer.reset() if end == "reset" else peer.close()


def _ports(beside: Beside) -> list[int]:
    return [beside.service.control_port, beside.service.frames_port]
