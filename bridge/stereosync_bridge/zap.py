"""The allow-list at work: answers libzmq's questions about CURVE clients (ZeroMQ RFC 27, ZAP).

Used by the one thread that polls the server. The folder is read at each question, so a new key needs no restart.
"""

from __future__ import annotations

from pathlib import Path

import zmq
from zmq.utils import z85

from stereosync_bridge.security import allowed_keys

ZAP_ADDRESS = "inproc://zeromq.zap.01"
ZAP_VERSION = b"1.0"


class ZapHandler:
    """Owns the context's ZAP socket; add `socket` to the poller and call `answer` when it is readable."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], allow_dir: Path) -> None:
        self._allow_dir = allow_dir
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ZAP_ADDRESS)
        self.refused = 0

    def answer(self) -> None:
        """Answer every question that waits."""
        while self.socket.poll(0):
            _version, request_id, _domain, _address, _identity, mechanism, *credentials = self.socket.recv_multipart()
            allowed = mechanism == b"CURVE" and z85.encode(credentials[0]) in allowed_keys(self._allow_dir)
            self.refused += not allowed
            status, text = (b"200", b"OK") if allowed else (b"400", b"key not in the allow-list")
            self.socket.send_multipart([ZAP_VERSION, request_id, status, text, b"client", b""])

    def close(self) -> None:
        self.socket.close()
