"""The allow-list at work: answers libzmq's questions about CURVE clients (ZeroMQ RFC 27, ZAP).

Used by the one thread that polls the server. The folder is read again when it changed, so a new key needs no restart.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import zmq
from zmq.utils import z85

from stereosync_bridge.security import allowed_keys
from stereosync_bridge.seldom import Seldom

log = logging.getLogger("stereosync.bridge")

ZAP_ADDRESS = "inproc://zeromq.zap.01"
ZAP_VERSION = b"1.0"
ANSWERS_PER_POLL = 8
READ_EVERY_S = 1.0


class ZapHandler:
    """Owns the context's ZAP socket; add `socket` to the poller and call `answer` when it is readable."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        allow_dir: Path,
        clock: Callable[[], float],
        counters: Counter[str],
    ) -> None:
        self._allow_dir, self._clock, self._counters = allow_dir, clock, counters
        self._seldom = Seldom(clock)
        self._keys: frozenset[bytes] = frozenset()
        self._read_s = float("-inf")
        self._folder: object = None  # as it was when it was read
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(ZAP_ADDRESS)

    def answer(self) -> None:
        """Answer questions that wait; the others have to wait for the next poll."""
        for _ in range(ANSWERS_PER_POLL):
            if not self.socket.poll(0):
                return
            _version, request_id, _domain, address, _identity, mechanism, *credentials = self.socket.recv_multipart()
            key = z85.encode(credentials[0]) if mechanism == b"CURVE" else b""
            allowed = key in self._allowed()
            if not allowed:
                self._refused(key, address)
            status, text = (b"200", b"OK") if allowed else (b"400", b"key not in the allow-list")
            self.socket.send_multipart([ZAP_VERSION, request_id, status, text, key if allowed else b"", b""])

    def _refused(self, key: bytes, address: bytes) -> None:
        self._counters["keys_refused"] += 1
        if self._seldom.may_say(key):
            shown, where = key.decode(), address.decode(errors="backslashreplace")
            log.warning("key %s from %s is not in the allow-list: stereosync-keys allow adds it", shown, where)

    def _allowed(self) -> frozenset[bytes]:
        """The keys of the folder, which is looked at once a second and read when it looks different."""
        now_s = self._clock()
        if now_s - self._read_s >= READ_EVERY_S:
            self._read_s = now_s
            folder = _state_of(self._allow_dir)
            if folder != self._folder:
                self._keys, self._folder = frozenset(allowed_keys(self._allow_dir)), folder
        return self._keys

    def close(self) -> None:
        self.socket.close()


def _state_of(folder: Path) -> object:
    """Names, sizes and times of a folder's files; None where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted((entry.name, (stat := entry.stat()).st_size, stat.st_mtime_ns) for entry in entries)
    except OSError:
        return None
