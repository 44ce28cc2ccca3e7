"""A client that says whatever a test wants to have said to a `BridgeServer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import zmq

from stereosync_bridge import wire
from stereosync_bridge.events import ClientJoined, Event, FrameReceived
from stereosync_bridge.messages import Hello, Welcome
from stereosync_bridge.server import BridgeServer, StreamInfo


def has(kind: type, events: list[Any]) -> bool:
    return any(isinstance(event, kind) for event in events)


class RawClient:
    """Two DEALER sockets that say whatever a test wants to have said."""

    def __init__(self, server: BridgeServer) -> None:
        self.server = server
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.control = self._dealer(server.control_address)
        self.frames = self._dealer(server.frames_address)
        self.events: list[Event] = []

    def _dealer(self, address: str) -> zmq.Socket[bytes]:
        socket = self.context.socket(zmq.DEALER)
        socket.linger = 0
        socket.rcvhwm = 1
        socket.connect(address)
        return socket

    def answer(self, socket: zmq.Socket[bytes]) -> wire.Message:
        return wire.decode(self.answered(socket))

    def answered(self, socket: zmq.Socket[bytes]) -> list[bytes]:
        """The parts of the next answer."""
        self.until(lambda: socket.poll(0))
        return socket.recv_multipart()

    def say(
        self,
        message: wire.Message | list[bytes],
        socket: zmq.Socket[bytes] | None = None,
        answer_on: zmq.Socket[bytes] | None = None,
    ) -> wire.Message:
        """Send on a lane (None: control) and give the answer, which comes on the same lane if not said otherwise."""
        socket = socket or self.control
        socket.send_multipart(message if isinstance(message, list) else wire.encode(message))
        return self.answer(answer_on or socket)

    def until(self, condition: Callable[[], object]) -> None:
        """Poll the server until the condition holds; its events are kept in `events`."""
        for _ in range(500):
            if condition():
                return
            self.events += self.server.poll(5)
        raise AssertionError(f"it did not come about: {self.events}")

    def join(self, session: str, welcome: StreamInfo, **capabilities: bool) -> Welcome:
        """Say HELLO and wait for WELCOME."""
        self.control.send_multipart(wire.encode(Hello(session, capabilities=capabilities)))
        self.until(lambda: has(ClientJoined, self.events))
        self.server.welcome(session, welcome)
        answer = self.answer(self.control)
        assert isinstance(answer, Welcome)
        return answer

    def frame(self, parts: wire.Message | list[bytes]) -> FrameReceived:
        """Send on the frame lane and give the event that the server makes of it."""
        before = len(self.events)
        self.frames.send_multipart(parts if isinstance(parts, list) else wire.encode(parts))
        self.until(lambda: has(FrameReceived, self.events[before:]))
        return next(event for event in self.events[before:] if isinstance(event, FrameReceived))
