"""A client's own ZMTP against unmodified libzmq, and against peers that are no service."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import zmq

LIMIT_MS = 10_000
SIZES = (0, 1, 2, 253, 254, 255, 256, 257, 65_535, 65_536, 131_071, 131_072, 1_000_000)
LARGEST = 16_777_216
SECOND_PING_S = 2.3


Router = Callable[..., "zmq.Socket[bytes]"]


@pytest.fixture
def router() -> Iterator[Router]:
    """Makes a bound ROUTER; options are set before it binds."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    sockets: list[zmq.Socket[bytes]] = []

    def make(address: str = "tcp://127.0.0.1:*", **options: object) -> zmq.Socket[bytes]:
        made = context.socket(zmq.ROUTER)
        sockets.append(made)
        for name, value in {"rcvtimeo": LIMIT_MS, "linger": 0, **options}.items():
            setattr(made, name, value)
        made.bind(address)
        return made

    yield make
    for made in sockets:
        made.close()
    context.term()


def address_of(made: zmq.Socket[bytes]) -> str:
    return made.getsockopt_string(zmq.LAST_ENDPOINT)


class Peer:
    """The program that sends back what it gets; it speaks first, so that its routing id is known."""

    def __init__(self, program: list[str], address: str, count: int) -> None:
        command = [*program, "echo", address, str(count)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def lines(self) -> list[str]:
        out, error = self.process.communicate(timeout=LIMIT_MS / 1000)
        assert self.process.returncode == 0, error
        return out.splitlines()

    def trouble(self, word: str) -> str:
        """The first line that holds a word; empty when the program ends before it says so."""
        assert self.process.stdout is not None
        return next((line for line in self.process.stdout if word in line), "")

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_parts_of_every_size_come_back_as_they_were(client_program: list[str], router: Router) -> None:
    server = router()
    messages = [[bytes([size % 251]) * size] for size in SIZES]
    messages += [[b"a" * size, b"", b"b" * (LARGEST // 4), b"c"] for size in (0, 255, 256)]
    messages += [[b"p" * (number + 1) for number in range(8)], [b"\xa5" * LARGEST]]
    with Peer(client_program, address_of(server), len(messages)) as peer:
        routing_id, hello = server.recv_multipart()
        assert hello.startswith(b"\x82\xa4type\xa3BYE")
        for message in messages:
            server.send_multipart([routing_id, *message])
            assert server.recv_multipart()[1:] == message
        assert peer.lines()[-1] == f"echoed {len(messages)} lost 0"


def test_many_messages_at_once_keep_their_order(client_program: list[str], router: Router) -> None:
    server = router()
    messages = [[b"%d" % number, bytes(number % 700)] for number in range(2000)]
    with Peer(client_program, address_of(server), len(messages)) as peer:
        routing_id, _ = server.recv_multipart()
        for start in range(0, len(messages), 20):
            for message in messages[start : start + 20]:
                server.send_multipart([routing_id, *message])
            for message in messages[start : start + 20]:
                assert server.recv_multipart()[1:] == message
        assert peer.lines()[-1] == "echoed 2000 lost 0"


@pytest.mark.parametrize(
    "message", [[bytes(LARGEST + 1)], [b"x"] * 9], ids=["a part beyond the limit", "more parts than any message has"]
)
def test_what_is_too_large_ends_the_connection(client_program: list[str], router: Router, message: list[bytes]) -> None:
    server = router()
    with Peer(client_program, address_of(server), 1) as peer:
        routing_id, _ = server.recv_multipart()
        server.send_multipart([routing_id, *message])
        assert peer.lines()[-1] == "echoed 0 lost 1"


def test_a_name_is_looked_up(client_program: list[str], router: Router) -> None:
    server = router()
    address = address_of(server).replace("127.0.0.1", "localhost")
    with Peer(client_program, address, 1) as peer:
        routing_id, _ = server.recv_multipart()
        server.send_multipart([routing_id, b"x"])
        assert peer.lines()[-1] == "echoed 1 lost 0"


def test_ipv6(client_program: list[str], router: Router) -> None:
    try:
        server = router("tcp://[::1]:*", ipv6=True)
    except zmq.ZMQError as error:
        pytest.skip(f"THIS MACHINE HAS NO IPV6 LOOPBACK, SO IPV6 IS NOT TESTED HERE: {error}")
    with Peer(client_program, address_of(server), 1) as peer:
        routing_id, _ = server.recv_multipart()
        server.send_multipart([routing_id, b"x"])
        assert peer.lines()[-1] == "echoed 1 lost 0"


def test_hello_waits_for_a_server_that_comes_later(client_program: list[str], router: Router) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with Peer(client_program, f"tcp://127.0.0.1:{port}", 1) as peer:
        time.sleep(0.6)
        server = router(f"tcp://127.0.0.1:{port}")
        began_s = time.monotonic()
        routing_id, hello = server.recv_multipart()
        assert b"hello" in hello
        assert time.monotonic() - began_s < 1.0
        server.send_multipart([routing_id, b"x"])
        lines = peer.lines()
    assert "nothing listens there" in lines[0]
    assert lines[-1] == "echoed 1 lost 0"


def test_heartbeats_of_libzmq_are_answered(client_program: list[str], router: Router) -> None:
    server = router(heartbeat_ivl=100, heartbeat_timeout=300, router_mandatory=True)
    with Peer(client_program, address_of(server), 1) as peer:
        routing_id, _ = server.recv_multipart()
        server.poll(1500)  # fifteen heartbeats without a message
        server.send_multipart([routing_id, b"x"])
        assert peer.lines()[-1] == "echoed 1 lost 0"


def read_exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        assert piece, "the client closed the connection"
        data += piece
    return data


GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
READY = b"\x04\x29\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER\x08Identity\x00\x00\x00\x00"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(LIMIT_MS / 1000)
        yield made


def shake_hands(listener: socket.socket) -> socket.socket:
    connection, _ = listener.accept()
    connection.settimeout(LIMIT_MS / 1000)
    connection.sendall(GREETING)
    assert read_exactly(connection, 64) == GREETING
    connection.sendall(READY)
    flags, size = read_exactly(connection, 2)
    assert flags == 4
    assert b"DEALER" in read_exactly(connection, size)
    flags, size = read_exactly(connection, 2)
    assert flags == 0
    assert b"hello" in read_exactly(connection, size)
    return connection


def where(listener: socket.socket) -> str:
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def test_a_heartbeat_is_sent_each_second_and_a_silent_peer_is_lost_after_three(
    client_program: list[str], listener: socket.socket
) -> None:
    with Peer(client_program, where(listener), 1) as peer, shake_hands(listener) as connection:
        began_s = time.monotonic()
        for _ in range(2):
            assert read_exactly(connection, 9) == b"\x04\x07\x04PING\x00\x1e"
        assert 1.5 < time.monotonic() - began_s < SECOND_PING_S
        lines = peer.lines()
        assert 2.5 < time.monotonic() - began_s < 4.5
    assert lines[-1] == "echoed 0 lost 1"
    assert "fell silent" in lines[-2]


def test_a_ping_s_context_comes_back_and_bytes_may_come_one_by_one(
    client_program: list[str], listener: socket.socket
) -> None:
    with Peer(client_program, where(listener), 1) as peer, shake_hands(listener) as connection:
        connection.sendall(b"\x04\x0b\x04PING\x00\x1eabcd")
        assert read_exactly(connection, 11) == b"\x04\x09\x04PONGabcd"
        for byte in b"\x01\x02hi\x04\x07\x04PING\x00\x1e\x02\x00\x00\x00\x00\x00\x00\x00\x01z":
            connection.sendall(bytes([byte]))
            time.sleep(0.002)
        assert read_exactly(connection, 7) == b"\x04\x05\x04PONG"
        assert read_exactly(connection, 7) == b"\x01\x02hi\x00\x01z"
        assert peer.lines()[-1] == "echoed 1 lost 0"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no StereoSync service"),
        (b"\xff" + bytes(8) + b"\x7f\x01" + bytes(53), "older ZMTP"),
        (b"\x01\x00" + bytes(62), "no StereoSync service"),
        (GREETING.replace(b"NULL\0", b"PLAIN"), "mechanism PLAIN"),
        (GREETING + READY.replace(b"ROUTER", b"XPUB\0\0"), "no StereoSync service"),
        (GREETING + b"\x04\x0a\x05ERROR\x03no!", "refused the connection: no!"),
        (GREETING + b"\x00\x01x", "does not shake hands"),
        (GREETING + b"\xff" * 20, "not ZMTP"),
        (b"", "does not answer"),
        (GREETING[:30], "does not answer"),
    ],
)
def test_a_peer_that_is_no_service_is_named(
    client_program: list[str], listener: socket.socket, said: bytes, told: str
) -> None:
    connections: list[socket.socket] = []

    def answer() -> None:
        connection, _ = listener.accept()
        connection.sendall(said)
        connections.append(connection)

    answering = threading.Thread(target=answer)
    answering.start()
    with Peer(client_program, where(listener), 1) as peer:
        assert told in peer.trouble(told)
    answering.join()
    for connection in connections:
        connection.close()


def test_a_server_that_demands_keys_is_named(client_program: list[str], router: Router) -> None:
    public, secret = zmq.curve_keypair()
    server = router(curve_publickey=public, curve_secretkey=secret, curve_server=True)
    with Peer(client_program, address_of(server), 1) as peer:
        assert "demands CURVE keys" in peer.trouble("CURVE")
