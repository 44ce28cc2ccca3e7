"""A peer below libzmq: bytes of ZMTP 3.0 (ZeroMQ RFC 23) over a plain socket, so that it can break off anywhere."""

from __future__ import annotations

import socket
import struct
import time

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
SETTLED_S = 0.2  # the other side has taken the handshake in


def command(body: bytes) -> bytes:
    """A command of less than 256 bytes."""
    return bytes((0x04, len(body))) + body


READY = command(b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER")
HEARTBEAT = command(b"\x04PING" + struct.pack(">H", 0))


def part(data: bytes, more: bool = False) -> bytes:
    """One part of a message."""
    if len(data) < 256:
        return bytes((int(more), len(data))) + data
    return bytes((0x02 | int(more),)) + struct.pack(">Q", len(data)) + data


class ZmtpPeer:
    """A connection to a port of this machine, with the handshake done."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(0.3)
        self.send(GREETING + READY)
        time.sleep(SETTLED_S)

    def send(self, data: bytes) -> bool:
        """Send all of it; False when the other side takes no more or has closed."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def reset(self) -> None:
        """Close with a RST, whatever is under way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()
