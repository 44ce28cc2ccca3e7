"""The real transport notices that the server is gone, and finds the next one on the same port."""

from __future__ import annotations

import time
from collections.abc import Callable

from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import ClientEvent, ClientJoined, Disconnected, Unanswered, Welcomed
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo

INFO = StreamInfo(48_000, 1920, 60.0, bundle="test")
PATIENCE_S = 10.0


def serve(server: BridgeServer) -> None:
    for event in server.poll(1):
        if isinstance(event, ClientJoined):
            server.welcome(event.session_id, INFO)


def until(kind: type[ClientEvent], client: BridgeClient, step: Callable[[], None] = lambda: None) -> float:
    """Poll until an event of this kind; says how long it took."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < PATIENCE_S:
        step()
        if any(isinstance(event, kind) for event in client.poll(5)):
            return time.monotonic() - began_s
    raise AssertionError(f"no {kind.__name__} within {PATIENCE_S} s")


def test_a_killed_server_is_noticed_and_its_successor_found() -> None:
    first = BridgeServer(ServerOptions("tcp://127.0.0.1:*", "tcp://127.0.0.1:*"), time.monotonic)
    addresses = first.control_address, first.frames_address
    with BridgeClient(ClientOptions(*addresses), time.monotonic) as client:
        client.begin()
        until(Welcomed, client, lambda: serve(first))
        first._context.destroy(linger=0)  # as when its process is killed: no BYE
        assert until(Disconnected, client) < 1.0
        until(Unanswered, client)
        with BridgeServer(ServerOptions(*addresses), time.monotonic) as second:
            assert until(Welcomed, client, lambda: serve(second)) < 2.0
