"""Handshakes of a key that is not on the list cost the clients who are on it nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import zmq
import zmq.auth
from beside import Beside

from stereosync_bridge.keys import make_client_keys, make_server_keys

KEYS = 50
PAUSE_S = 0.005


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A server's keys with a long list of clients, `healthy` among them."""
    make_server_keys(tmp_path)
    make_client_keys(tmp_path, "healthy")
    for number in range(KEYS - 1):
        public, _secret = zmq.curve_keypair()
        text = f'metadata\ncurve\n    public-key = "{public.decode()}"\n'
        (tmp_path / "clients" / f"other{number}.key").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(not zmq.has("curve"), reason="this libzmq has no CURVE")
def test_handshakes_of_a_key_that_is_not_listed(keys: Path) -> None:
    server_key = zmq.auth.load_certificate(keys / "server.key")[0]
    mine = (str(keys / "healthy.key_secret"), str(keys / "server.key"))
    with Beside.opened("--keys", str(keys), keys=mine) as beside, zmq.Context() as context:
        tried = 0
        with beside.unharmed(3.0) as span:
            while span.goes_on():
                with context.socket(zmq.DEALER) as socket:
                    socket.linger = 0
                    socket.curve_serverkey = server_key
                    socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
                    socket.connect(beside.service.control_address)
                    time.sleep(PAUSE_S)
                    tried += 1
        assert tried > 100
        assert "is not in the allow-list" in beside.service.log_text()
