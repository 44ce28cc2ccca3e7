"""A client of a service in another process that says whatever an attack wants to have said."""

from __future__ import annotations

import time
from dataclasses import replace
from uuid import uuid4

import zmq
from served import ServedProcess

from stereosync_bridge import wire
from stereosync_bridge.frame_message import FrameMessage, Payload
from stereosync_bridge.golden import messages
from stereosync_bridge.messages import AudioMessage, Bye, Credit, ErrorMessage, Hello, Ping, Pong, Welcome

Parts = list[bytes] | list[Payload]


def plain_frame() -> FrameMessage:
    """A small frame that keeps every rule."""
    message = messages()["frame_plain"]
    assert isinstance(message, FrameMessage)
    return replace(message, playback=None)


class Attacker:
    """Two DEALER sockets; with `join` it has a session, and keeps count of its credit."""

    def __init__(self, service: ServedProcess, waiting: int = 2) -> None:
        self._service = service
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._waiting = waiting
        self.control = self.dealer(service.control_address)
        self.frames = self.dealer(service.frames_address)
        self.session = ""
        self.sent = self.credit = self.chunks = 0
        self.offset_s = 0.0
        self.errors: list[ErrorMessage] = []
        self.welcomed = False

    def dealer(self, address: str) -> zmq.Socket[bytes]:
        """One more socket."""
        socket = self._context.socket(zmq.DEALER)
        socket.linger, socket.sndhwm = 0, self._waiting
        socket.connect(address)
        return socket

    def join(self, limit_s: float = 2.0) -> bool:
        """Say HELLO with a new session and wait for WELCOME."""
        self.session, self.sent, self.credit, self.welcomed = uuid4().hex, 0, 0, False
        self.errors.clear()
        self.say(Hello(self.session, capabilities={"credit": True}))
        until_s = time.monotonic() + limit_s
        while not (self.welcomed or self.errors) and time.monotonic() < until_s:
            self.read(50)
        return self.welcomed

    def say(self, message: wire.Message) -> bool:
        return offer(self.control, wire.encode(message))

    def ping(self) -> bool:
        return self.say(Ping(time.monotonic(), self.sent))

    def read(self, timeout_ms: int = 0) -> None:
        """Take what waits on the control lane."""
        while self.control.poll(timeout_ms):
            timeout_ms = 0
            self._take(wire.decode(self.control.recv_multipart()))

    def _take(self, message: wire.Message) -> None:
        if isinstance(message, Welcome) and message.session == self.session:
            self.welcomed, self.offset_s = True, message.sent_server_s - time.monotonic()
        if isinstance(message, Welcome | Pong | Credit | AudioMessage):
            self.credit = max(self.credit, message.credit)
        if isinstance(message, AudioMessage):
            self.chunks += message.n_samples > 0
        if isinstance(message, ErrorMessage):
            self.errors.append(message)
            self.welcomed &= not message.fatal
        if isinstance(message, Bye):
            self.welcomed = False

    def stamped(self, message: FrameMessage) -> FrameMessage:
        """The next frame of the session, captured now."""
        now_s = time.monotonic()
        return replace(
            message,
            session=self.session,
            index=self.sent + 1,
            sent=self.sent + 1,
            capture_client_s=now_s,
            clock_offset_s=self.offset_s,
        )

    def send_frame(self, message: FrameMessage, limit_s: float = 1.0) -> bool:
        """Send a frame as it is, but for its session and count, when there is a credit for it."""
        until_s = time.monotonic() + limit_s
        while self.sent >= self.credit:
            self.read(5)
            if time.monotonic() > until_s:
                return False
        self.sent += 1
        return offer(self.frames, wire.encode(replace(message, session=self.session, sent=self.sent)))

    def close(self) -> None:
        self._context.destroy(linger=0)


def offer(socket: zmq.Socket[bytes], parts: Parts) -> bool:
    """Send if that can be done at once."""
    try:
        socket.send_multipart(parts, zmq.DONTWAIT)
    except zmq.Again:
        return False
    return True
