"""A session belongs to its connections: its id is of no use to anybody else."""

from __future__ import annotations

import time

from attacker import Attacker, offer, plain_frame
from beside import Beside
from served import until

from stereosync_bridge import wire
from stereosync_bridge.errors import HELLO_FIRST, SESSION_IN_USE, UNKNOWN_SESSION
from stereosync_bridge.messages import Bye, ErrorMessage, Hello, Ping, Reset


def test_a_known_session_id_sends_no_frames_and_says_no_bye(beside: Beside, attacker: Attacker) -> None:
    """The owner has sent a frame; then another connection sends in its name."""
    assert attacker.send_frame(attacker.stamped(plain_frame()))
    thief = Attacker(beside.service, waiting=100)
    try:
        with beside.unharmed(1.0):
            _wait_for_credit(attacker, 2)
            thief.session, thief.offset_s, thief.sent = attacker.session, attacker.offset_s, attacker.sent
            offer(thief.frames, wire.encode(thief.stamped(plain_frame())))
            assert _answer(thief, "frames").code == UNKNOWN_SESSION
            thief.say(Hello(attacker.session))
            assert _answer(thief, "control").code == SESSION_IN_USE
            for message in (Reset("not mine"), Ping(1.0)):
                thief.say(message)
                assert _answer(thief, "control").code == HELLO_FIRST
            thief.say(Bye("not mine"))
        attacker.ping()
        attacker.read(500)
        assert attacker.welcomed
        assert attacker.credit == 2, "the thief's frame took no credit"
        assert attacker.send_frame(attacker.stamped(plain_frame()))
        _wait_for_credit(attacker, 3)
    finally:
        thief.close()


def test_the_log_does_not_name_whole_session_ids(beside: Beside, attacker: Attacker) -> None:
    assert until(lambda: attacker.session[:8] in beside.service.log_text())
    assert attacker.session not in beside.service.log_text()


def _wait_for_credit(client: Attacker, credit: int) -> None:
    until_s = time.monotonic() + 5
    while client.credit < credit:
        client.read(20)
        assert time.monotonic() < until_s


def _answer(client: Attacker, lane: str) -> ErrorMessage:
    socket = client.frames if lane == "frames" else client.control
    assert socket.poll(3000)
    message = wire.decode(socket.recv_multipart())
    assert isinstance(message, ErrorMessage)
    return message
