"""Loopback, keys, allow-list, refusals."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bridge_pair import FrameMaker, HandClock, Pair, PairMaker

from stereosync_bridge import security
from stereosync_bridge.client import BridgeClient, BridgeConnectError, ClientOptions
from stereosync_bridge.keys import main, make_client_keys, make_server_keys
from stereosync_bridge.security import AddressError, ClientCurve, SecurityError, ServerCurve, check_address, needs_ipv6
from stereosync_bridge.server import BridgeServer, ServerOptions


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:5750", "tcp://127.9.9.9:1", "tcp://localhost:1", "tcp://[::1]:1"])
def test_loopback_needs_nothing(address: str) -> None:
    check_address(address, None, insecure=False)


@pytest.mark.parametrize(
    "address", ["tcp://0.0.0.0:1", "tcp://*:1", "tcp://192.168.1.4:1", "tcp://[::]:1", "tcp://127.evil.example:1"]
)
def test_other_addresses_need_keys_or_insecure(address: str) -> None:
    with pytest.raises(SecurityError, match="--insecure"):
        check_address(address, None, insecure=False)
    check_address(address, None, insecure=True)
    check_address(address, ServerCurve(Path("a"), Path("b")), insecure=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:5750",
        "ipc://x",
        "tcp://",
        "udp://127.0.0.1:1",
        "tcp://[::1:5750",
        "tcp://::1:5750",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:port",
        "tcp://127.0.0.1:5750/",
    ],
)
def test_malformed_addresses_are_refused(address: str) -> None:
    with pytest.raises(SecurityError, match="tcp://HOST:PORT"):
        check_address(address, None, insecure=True)


@pytest.mark.parametrize(
    ("address", "families", "needs"),
    [
        ("tcp://127.0.0.1:1", [], False),
        ("tcp://*:1", [], False),
        ("tcp://[::1]:1", [], True),
        ("tcp://game.example:1", [socket.AF_INET6], True),
        ("tcp://game.example:1", [socket.AF_INET, socket.AF_INET6], False),
        ("tcp://game.example:1", None, False),
    ],
)
def test_ipv6_is_asked_for_where_there_is_nothing_else(
    monkeypatch: pytest.MonkeyPatch, address: str, families: list[socket.AddressFamily] | None, needs: bool
) -> None:
    def found(*_: object, **__: object) -> list[tuple[socket.AddressFamily]]:
        if families is None:
            raise socket.gaierror("there is no such name")
        return [(family,) for family in families]

    security._has_ipv6_alone.cache_clear()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert needs_ipv6(address) == needs
    security._has_ipv6_alone.cache_clear()


def test_server_and_client_refuse_alike(clock: HandClock, server_options: ServerOptions) -> None:
    for options in ({"control_address": "tcp://0.0.0.0:*"}, {"frames_address": "tcp://*:*"}):
        with pytest.raises(SecurityError, match="stereosync-keys"):
            BridgeServer(replace(server_options, **options), clock)
    with pytest.raises(SecurityError, match="stereosync-keys"):
        BridgeClient(ClientOptions("tcp://192.0.2.1:5750"), clock)


def test_address_in_use_is_said(pair: Pair, server_options: ServerOptions, clock: HandClock) -> None:
    with pytest.raises(AddressError, match="choose another address"):
        BridgeServer(replace(server_options, control_address=pair.server.control_address), clock)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[ServerCurve, ClientCurve]:
    return make_server_keys(tmp_path), make_client_keys(tmp_path, "game")


def test_right_keys_connect(
    make_pair: PairMaker,
    server_options: ServerOptions,
    keys: tuple[ServerCurve, ClientCurve],
    scene: FrameMaker,
) -> None:
    pair = make_pair(replace(server_options, curve=keys[0]), ClientOptions(curve=keys[1]))
    pair.connect()
    pair.client.offer_frame(scene())
    pair.until(lambda: pair.frames)


@pytest.mark.parametrize("case", ["no keys", "not allowed", "other server"])
def test_wrong_keys_do_not_connect_and_the_client_says_why(
    case: str, server_options: ServerOptions, keys: tuple[ServerCurve, ClientCurve], tmp_path: Path, clock: HandClock
) -> None:
    if case == "not allowed":
        (keys[0].allow_dir / "game.key").unlink()
    make_server_keys(tmp_path / "elsewhere")
    curve = {
        "no keys": None,
        "not allowed": keys[1],
        "other server": replace(keys[1], server_key_file=tmp_path / "elsewhere" / "server.key"),
    }[case]
    with BridgeServer(replace(server_options, curve=keys[0]), clock) as server:
        options = ClientOptions(server.control_address, curve=curve)
        client = BridgeClient(options, PollingClock(server))
        with client, pytest.raises(BridgeConnectError, match="allow-list" if curve else "demands CURVE keys"):
            client.connect(timeout_s=0.4)
        assert server.counters["messages_in"] == 0


class PollingClock:
    """Real time, in which the server is polled too, so that one thread can test a blocking connect."""

    def __init__(self, server: BridgeServer) -> None:
        self.server = server

    def __call__(self) -> float:
        self.server.poll(1)
        return time.monotonic()


def test_new_client_is_allowed_without_a_restart(
    make_pair: PairMaker, server_options: ServerOptions, keys: tuple[ServerCurve, ClientCurve], tmp_path: Path
) -> None:
    pair = make_pair(replace(server_options, curve=keys[0]), ClientOptions(curve=keys[1]))
    late = BridgeClient(
        ClientOptions(pair.server.control_address, curve=make_client_keys(tmp_path, "late")), pair.client_clock
    )
    pair.client.close()
    pair.client = late
    pair.connect()


def test_keys_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "keys"
    assert main(["--dir", str(folder), "server"]) == 0
    assert main(["--dir", str(folder), "client", "unity"]) == 0
    assert (folder / "clients" / "unity.key").is_file()
    assert not list((folder / "clients").glob("*.key_secret"))
    other = tmp_path / "other"
    main(["--dir", str(other), "server"])
    main(["--dir", str(other), "client", "laptop"])
    assert main(["--dir", str(folder), "allow", str(other / "laptop.key")]) == 0
    assert sorted(path.name for path in (folder / "clients").iterdir()) == ["laptop.key", "unity.key"]
    capsys.readouterr()
    for wrong in (["server"], ["client", "unity"], ["client", "../x"], ["allow", str(other / "laptop.key_secret")]):
        assert main(["--dir", str(folder), *wrong]) == 2
        assert capsys.readouterr().err.startswith("stereosync-keys: ")


def test_missing_key_file_is_named(tmp_path: Path, server_options: ServerOptions, clock: HandClock) -> None:
    curve = ServerCurve(tmp_path / "none.key_secret", tmp_path)
    with pytest.raises(SecurityError, match=r"none\.key_secret: make one with stereosync-keys"):
        BridgeServer(replace(server_options, curve=curve), clock)
