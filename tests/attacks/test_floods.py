"""More messages than anybody needs, of clients and of strangers: they are passed over, and their senders ended."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import msgpack
import pytest
from attacker import Attacker, Parts, offer, plain_frame
from beside import Beside, Span
from served import until
from zmtp_peer import ZmtpPeer, part

from stereosync_bridge import wire
from stereosync_bridge.errors import HELLO_FIRST
from stereosync_bridge.frame_message import BoxSpec
from stereosync_bridge.messages import Bye, Hello, Ping, Reset

PAUSE_S = 0.0005  # a flood that leaves the others no core would be a test of the machine


def flood(attacker: Attacker, lane: str, parts: Parts, beside: Beside) -> int:
    """Send as much as is taken; how many messages those were."""
    sent = 0
    socket = attacker.control if lane == "control" else attacker.frames
    with beside.unharmed() as span:
        while span.goes_on():
            sent += offer(socket, parts)
            time.sleep(PAUSE_S)
            attacker.read()
    return sent


@pytest.mark.parametrize(
    "header",
    [
        wire.encode(Ping(1.0)),
        [msgpack.packb({"type": "PING", "sent_client_s": 1.0, **{f"{number:x}": 0 for number in range(5_000)}})],
        wire.encode(Reset("again")),
    ],
    ids=["PING", "PING of 30 kB", "RESET"],
)
def test_a_session_that_floods_the_control_lane(beside: Beside, attacker: Attacker, header: list[bytes]) -> None:
    assert flood(attacker, "control", header, beside) > 200


def test_a_ping_above_the_limit_of_its_lane_ends_the_connection(beside: Beside, attacker: Attacker) -> None:
    header = msgpack.packb({"type": "PING", "sent_client_s": 1.0, **{f"{number:x}": 0 for number in range(20_000)}})
    assert len(header) > 100_000
    flood(attacker, "control", [header], beside)


def test_frames_with_64_boxes_and_without_credit(beside: Beside, attacker: Attacker) -> None:
    boxes = tuple(BoxSpec(number, "x" * 60, 0.0, 0.0, 1.0, 1.0, position_m=(0.0, 0.0, 1.0)) for number in range(64))
    message = replace(attacker.stamped(plain_frame()), boxes=boxes, sent=2**50)
    flood(attacker, "frames", wire.encode(message), beside)
    assert attacker.chunks == 0


def test_hello_and_bye_in_a_loop(beside: Beside, attacker: Attacker) -> None:
    joined = 0
    with beside.unharmed() as span:
        while span.goes_on():
            joined += offer(attacker.control, wire.encode(Hello(uuid4().hex)))
            offer(attacker.control, wire.encode(Bye()))
            time.sleep(PAUSE_S)
            while attacker.control.poll(0):
                attacker.control.recv_multipart()
    assert joined > 100


@pytest.mark.parametrize("connections", [2, 20])
def test_strangers_who_send_16_mib_parts(beside: Beside, connections: int) -> None:
    big = bytes(wire.MAX_PART_BYTES)
    header = wire.encode(replace(plain_frame(), session=uuid4().hex))[0]
    message = part(header, more=True) + part(big, more=True) + part(big)
    with beside.unharmed() as span, ThreadPoolExecutor(connections) as pool:
        for _ in range(connections):
            pool.submit(_come_again, beside.service.frames_port, message, span)


def _come_again(port: int, message: bytes, span: Span) -> None:
    """Send the same message, and come again when the connection is ended."""
    while span.goes_on():
        peer = ZmtpPeer(port)
        while span.goes_on() and peer.send(message):
            pass
        peer.close()


def test_a_message_of_a_million_parts(beside: Beside) -> None:
    peers = [ZmtpPeer(port) for port in (beside.service.control_port, beside.service.frames_port)]
    with beside.unharmed() as span:
        for _ in range(100):
            for peer in peers:
                span.goes_on() and peer.send(part(b"", more=True) * 10_000)
        for peer in peers:
            peer.send(part(b""))
            peer.close()


def test_a_stranger_is_told_once_and_then_ended(beside: Beside) -> None:
    stranger = Attacker(beside.service, waiting=100)
    try:
        with beside.unharmed(2.0) as span:
            while span.goes_on():
                offer(stranger.control, wire.encode(Ping(1.0)))
                stranger.read()
                time.sleep(PAUSE_S)
        assert {error.code for error in stranger.errors} == {HELLO_FIRST}
        assert len(stranger.errors) < 200
    finally:
        stranger.close()


def test_after_a_flood_of_hello_others_can_join(beside: Beside) -> None:
    flooders = [Attacker(beside.service) for _ in range(4)]
    try:
        with beside.unharmed(2.0) as span:
            while span.goes_on():
                for flooder in flooders:
                    offer(flooder.control, wire.encode(Hello(uuid4().hex)))
                    flooder.read()
                time.sleep(PAUSE_S)
    finally:
        for flooder in flooders:
            flooder.close()
    newcomer = Attacker(beside.service)
    try:
        assert until(newcomer.join, limit_s=6.0)
    finally:
        newcomer.close()
