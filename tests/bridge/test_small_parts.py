"""Mailbox, clock offset, credit and heartbeats: the parts without sockets."""

from __future__ import annotations

import random

import pytest

from stereosync_bridge.clock_offset import ClockOffset, Echo
from stereosync_bridge.mailbox import Mailbox
from stereosync_bridge.messages import Hello
from stereosync_bridge.peer import Peer


def test_latest_wins() -> None:
    mailbox: Mailbox[int] = Mailbox()
    for number in (1, 2, 3):
        mailbox.put(number)
    assert mailbox.replaced == 2
    assert (mailbox.take(), mailbox.take()) == (3, None)


def test_quickest_echo_gives_the_offset() -> None:
    offset_s, clock, random_s = 1234.5, ClockOffset(), random.Random(1)
    for sent_s in range(12):
        there_s = 0.0001 if sent_s == 7 else random_s.uniform(0.001, 0.05)
        back_s = 0.0001 if sent_s == 7 else random_s.uniform(0.001, 0.05)
        received = sent_s + there_s + offset_s
        clock.add(Echo(sent_s, received, received + 0.003, sent_s + there_s + 0.003 + back_s))
    assert clock.offset_s == pytest.approx(offset_s, abs=1e-6)
    assert clock.round_trip_s == pytest.approx(0.0002, abs=1e-6)


def test_drifting_clock_is_followed() -> None:
    clock = ClockOffset()
    for sent_s in range(100):
        received = sent_s + 0.001 + sent_s * 200e-6
        clock.add(Echo(sent_s, received, received, sent_s + 0.002))
    assert clock.offset_s == pytest.approx(99 * 200e-6, abs=16 * 200e-6)


@pytest.fixture
def peer() -> Peer:
    return Peer("0" * 32, b"route", Hello("0" * 32), hello_received_s=0.0, last_heard_s=0.0)


def test_one_credit_at_a_time(peer: Peer) -> None:
    assert not peer.grant()
    assert peer.take_frame(1)
    assert not peer.take_frame(2)
    assert peer.grant()
    assert not peer.grant()
    assert peer.take_frame(2)
    assert not peer.take_frame(2)


def test_lost_frame_is_replaced_after_two_heartbeats(peer: Peer) -> None:
    assert not peer.restore_lost(1, now_s=10.0, heartbeat_s=1.0)
    assert not peer.restore_lost(1, now_s=11.0, heartbeat_s=1.0)
    assert peer.restore_lost(1, now_s=12.0, heartbeat_s=1.0)
    assert peer.granted == 2
    assert not peer.restore_lost(1, now_s=20.0, heartbeat_s=1.0)


def test_frame_that_arrives_is_not_lost(peer: Peer) -> None:
    peer.restore_lost(1, now_s=10.0, heartbeat_s=1.0)
    peer.take_frame(1)
    assert not peer.restore_lost(1, now_s=13.0, heartbeat_s=1.0)


def test_gone_after_three_heartbeats(peer: Peer) -> None:
    assert not peer.is_gone(3.0, heartbeat_s=1.0)
    assert peer.is_gone(3.1, heartbeat_s=1.0)
