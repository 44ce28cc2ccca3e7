"""The Godot client's own ZMTP against libzmq: every size boundary, heartbeats, and other programs on the port."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq
from programs import require_tool

SIZES = (0, 1, 254, 255, 256, 257, 65535, 65536, 65537, 1 << 20)
LIMIT_MS = 10_000

Echo = Callable[[int, float], "subprocess.Popen[str]"]


@pytest.fixture
def echo(godot3_project: Path, godot3_environment: dict[str, str]) -> Iterator[Echo]:
    """Starts the program that sends back what comes from a port."""
    programs = []

    def start(port: int, seconds: float) -> subprocess.Popen[str]:
        command = [require_tool("godot3-server", "godot3-server"), "--path", str(godot3_project), "-s", "res://echo.gd"]
        options = [f"port={port}", f"seconds={seconds}"]
        pipe = subprocess.PIPE
        program = subprocess.Popen([*command, *options], env=godot3_environment, stdout=pipe, stderr=pipe, text=True)
        programs.append(program)
        return program

    yield start
    for program in programs:
        program.kill()
        program.communicate()


@pytest.fixture
def router() -> Iterator[zmq.Socket[bytes]]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    server = context.socket(zmq.ROUTER)
    server.linger = 0
    server.rcvtimeo = server.sndtimeo = LIMIT_MS
    yield server
    context.destroy(linger=0)


def test_parts_of_every_size_come_back(echo: Echo, router: zmq.Socket[bytes]) -> None:
    echo(router.bind_to_random_port("tcp://127.0.0.1"), 20)
    identity, hello = router.recv_multipart()
    assert hello == b"hello"
    messages = [[bytes([size % 251]) * size] for size in SIZES] + [[b"a", b"", b"c" * 300, b"d"], [b""] * 40]
    for parts in messages:
        router.send_multipart([identity, *parts])
        assert router.recv_multipart() == [identity, *parts]
    router.send_multipart([identity, b"end"])


def test_heartbeats_keep_a_silent_connection(echo: Echo, router: zmq.Socket[bytes]) -> None:
    router.heartbeat_ivl = 200
    router.heartbeat_timeout = 600
    port = router.bind_to_random_port("tcp://127.0.0.1")
    monitor = router.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    program = echo(port, 6)
    identity, _ = router.recv_multipart()
    assert not monitor.poll(4500), "the connection broke though both sides live"
    router.send_multipart([identity, b"still there"])
    assert router.recv_multipart() == [identity, b"still there"]
    router.disable_monitor()
    monitor.close()
    output, _ = program.communicate(timeout=20)
    assert "lost False" in output


def test_a_server_with_curve_is_told(echo: Echo, router: zmq.Socket[bytes]) -> None:
    router.curve_publickey, router.curve_secretkey = zmq.curve_keypair()
    router.curve_server = True
    output, _ = echo(router.bind_to_random_port("tcp://127.0.0.1"), 1.5).communicate(timeout=20)
    assert "problem the server demands CURVE keys" in output


def test_another_program_on_the_port_is_told(echo: Echo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                while connection.recv(4096):  # closing with bytes unread would take the answer back
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        output, _ = echo(listener.getsockname()[1], 1.5).communicate(timeout=20)
        thread.join()
    assert "problem what listens there is not ZeroMQ" in output
