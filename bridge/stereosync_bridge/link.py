"""The client's two DEALER sockets. Used by the client's thread; only `wait` blocks, no longer than it is told to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol

import zmq

from stereosync_bridge import wire
from stereosync_bridge.lane import BYE_LINGER_MS
from stereosync_bridge.security import AddressError, ClientCurve, SecurityError, needs_ipv6, secure_client

AUDIO_WAITING = 256  # messages that wait for a client that does not poll


class ClientLink(Protocol):
    """The transport of a client; `Link` is the real one."""

    def open_control(self, address: str) -> None: ...

    def open_frames(self, address: str) -> None: ...

    def wait(self, timeout_ms: float) -> None: ...

    def take_lost(self) -> bool: ...

    def receive_all(self) -> Iterator[list[bytes]]: ...

    def send_control(self, parts: list[bytes]) -> bool: ...

    def send_frame(self, parts: list[bytes]) -> bool: ...

    def close_sockets(self) -> None: ...

    def close(self) -> None: ...


class Link:
    """Opens, reads and writes the control and the frame lane; what cannot be sent at once is not sent.

    The sockets have none of libzmq's own heartbeats: with a full queue, a reset connection and a heartbeat that comes
    due, libzmq 4.3 ends the whole process, and that is a game. The session's pings find the dead.
    """

    def __init__(self, curve: ClientCurve | None) -> None:
        self._curve = curve
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._poller = zmq.Poller()
        self._control: zmq.Socket[bytes] | None = None
        self._frames: zmq.Socket[bytes] | None = None
        self._monitor: zmq.Socket[bytes] | None = None  # tells of a connection of the control lane that breaks

    def open_control(self, address: str) -> None:
        """Connect the control lane, in place of any earlier session's sockets.

        Raises:
            AddressError: nothing can be connected to it.
        """
        self.close_sockets()
        self._control = self._dealer(address)
        self._monitor = self._control.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._poller.register(self._monitor, zmq.POLLIN)

    def open_frames(self, address: str) -> None:
        self._frames = self._dealer(address)

    def _dealer(self, address: str) -> zmq.Socket[bytes]:
        socket = self._context.socket(zmq.DEALER)
        socket.linger = BYE_LINGER_MS
        socket.rcvhwm = AUDIO_WAITING
        socket.maxmsgsize = wire.MAX_PART_BYTES
        socket.ipv6 = needs_ipv6(address)
        try:
            secure_client(socket, self._curve)
            socket.connect(address)
        except SecurityError:
            socket.close()
            raise
        except zmq.ZMQError as error:
            socket.close()
            raise AddressError(f"cannot connect to {address} ({error}): look at its host and its port") from error
        self._poller.register(socket, zmq.POLLIN)
        return socket

    def wait(self, timeout_ms: float) -> None:
        """Return when something can be read or the time is over."""
        self._poller.poll(math.ceil(timeout_ms))

    def take_lost(self) -> bool:
        """True if a connection of the control lane broke since the last call."""
        lost = False
        while self._monitor is not None and self._monitor.poll(0):
            self._monitor.recv_multipart()
            lost = True
        return lost

    def receive_all(self) -> Iterator[list[bytes]]:
        """Every message that waits; sockets that are replaced on the way are read no further."""
        for socket in self._sockets():
            while not socket.closed and socket.poll(0):
                yield socket.recv_multipart()

    def send_control(self, parts: list[bytes]) -> bool:
        return _send(self._control, parts)

    def send_frame(self, parts: list[bytes]) -> bool:
        return _send(self._frames, parts)

    def _sockets(self) -> list[zmq.Socket[bytes]]:
        return [socket for socket in (self._control, self._frames) if socket is not None]

    def close_sockets(self) -> None:
        """Close both lanes, if they are open."""
        if self._control is not None and self._monitor is not None:
            self._poller.unregister(self._monitor)
            self._control.disable_monitor()
            self._monitor.close()
            self._monitor = None
        for socket in self._sockets():
            self._poller.unregister(socket)
            socket.close()
        self._control = self._frames = None

    def close(self) -> None:
        self.close_sockets()
        self._context.term()


def _send(socket: zmq.Socket[bytes] | None, parts: list[bytes]) -> bool:
    if socket is None:
        return False
    try:
        socket.send_multipart(parts, zmq.DONTWAIT)
    except zmq.Again:
        return False
    return True
