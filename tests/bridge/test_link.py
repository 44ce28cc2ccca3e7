"""The client's sockets: IPv6, and what must not be set on them."""

from __future__ import annotations

from pathlib import Path

import pytest
import zmq

from stereosync_bridge.link import Link
from stereosync_bridge.security import AddressError, ClientCurve, SecurityError


def test_an_ipv6_address_is_connected() -> None:
    link = Link(None)
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.ipv6 = True
        try:
            port = router.bind_to_random_port("tcp://[::1]")
        except zmq.ZMQError as error:
            link.close()
            pytest.skip(f"this machine has no IPv6 ({error})")
        link.open_control(f"tcp://[::1]:{port}")
        link.send_control([b"hello"])
        assert router.poll(2000)
        assert router.recv_multipart()[1:] == [b"hello"]
        link.close()


def test_no_heartbeat_of_libzmq_can_end_the_game() -> None:
    link = Link(None)
    link.open_control("tcp://127.0.0.1:5999")
    link.open_frames("tcp://127.0.0.1:5999")
    assert [lane.heartbeat_ivl for lane in link._sockets()] == [0, 0]
    link.close()


def test_an_address_that_libzmq_does_not_take_is_one_sentence() -> None:
    link = Link(None)
    with pytest.raises(AddressError, match=r"cannot connect to tcp://127\.0\.0\.1:\*"):
        link.open_control("tcp://127.0.0.1:*")
    link.close()


@pytest.mark.timeout(20)
def test_a_key_that_cannot_be_read_leaves_no_socket_for_which_closing_would_wait(tmp_path: Path) -> None:
    link = Link(ClientCurve(tmp_path / "none.key_secret", tmp_path / "server.key"))
    with pytest.raises(SecurityError, match=r"none\.key_secret"):
        link.open_control("tcp://127.0.0.1:5999")
    link.close()
