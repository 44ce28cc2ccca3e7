"""The reference client: what an engine plug-in does, in Python.

Threads: the thread that makes a `BridgeClient` makes every call on it. A game calls `offer_frame` once per rendered
frame and `poll(0)` at least as often; neither blocks. The clock is passed in.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType

from stereosync.scene import SceneFrame
from stereosync_bridge import wire
from stereosync_bridge.client_options import BridgeConnectError, ClientOptions, no_answer, no_frame_used
from stereosync_bridge.client_session import ClientSession
from stereosync_bridge.errors import FRAMES_LOST, HELLO_FIRST, SERVER_FULL, UNKNOWN_SESSION, WRONG_VERSION, WireError
from stereosync_bridge.events import (
    AudioReceived,
    ClientEvent,
    Disconnected,
    ErrorReceived,
    StatsReceived,
    Unanswered,
    Welcomed,
)
from stereosync_bridge.ids import new_session_id
from stereosync_bridge.link import ClientLink, Link
from stereosync_bridge.mailbox import Mailbox
from stereosync_bridge.messages import (
    AudioMessage,
    Bye,
    Credit,
    ErrorMessage,
    Hello,
    Ping,
    Playback,
    Pong,
    Reset,
    StatsMessage,
    Welcome,
)
from stereosync_bridge.peer import MISSES, OBSERVER
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame
from stereosync_bridge.security import check_address, host_of

__all__ = ["BridgeClient", "BridgeConnectError", "ClientOptions"]

log = logging.getLogger("stereosync.bridge")

RETRY_S = 2.0
SESSION_LOST_CODES = (HELLO_FIRST, UNKNOWN_SESSION)


class BridgeClient:
    """Sends frames, receives chunks.

    Raises:
        SecurityError: an address beyond this machine without keys, or keys that cannot be read.
    """

    def __init__(
        self,
        options: ClientOptions,
        clock: Callable[[], float],
        link: ClientLink | None = None,
        new_id: Callable[[], str] = new_session_id,
    ) -> None:
        for address in filter(None, (options.control_address, options.frames_address)):
            check_address(address, options.curve, options.insecure)
        self._options = options
        self._clock = clock
        self._picture = PictureOptions(options.picture_format, options.jpeg_quality)
        self._link: ClientLink = Link(options.curve) if link is None else link
        self._new_id = new_id
        self._mailbox: Mailbox[SceneFrame] = Mailbox()
        self._playback: Playback | None = None
        self._session: ClientSession | None = None
        self._frames_address = ""
        self._retry_at_s: float | None = None  # when HELLO is said next, while there is no session
        self.counters: Counter[str] = Counter()

    @property
    def connected(self) -> bool:
        return self.welcome is not None

    @property
    def welcome(self) -> Welcome | None:
        return None if self._session is None else self._session.welcome

    @property
    def clock_offset_s(self) -> float:
        """Server clock minus client clock; 0 before WELCOME."""
        return 0.0 if self._session is None else self._session.clock.offset_s

    @property
    def round_trip_s(self) -> float:
        return 0.0 if self._session is None else self._session.clock.round_trip_s

    # Connecting

    def connect(self, timeout_s: float | None = None) -> Welcome:
        """Connect and wait for WELCOME.

        Raises:
            BridgeConnectError: refused, or no answer within `timeout_s` (the options' value if None).
        """
        self.begin()
        limit_s = self._options.connect_timeout_s if timeout_s is None else timeout_s
        deadline_s = self._clock() + limit_s
        while self._clock() < deadline_s:
            for event in self.poll(20):
                if isinstance(event, Welcomed):
                    return event.welcome
                if isinstance(event, ErrorReceived) and event.error.code not in SESSION_LOST_CODES:
                    self._end()
                    raise BridgeConnectError(f"the server refused: {event.error.field} {event.error.rule}")
        self._end()
        raise BridgeConnectError(no_answer(self._options, limit_s))

    def begin(self) -> None:
        """Start connecting without waiting; `poll` then gives `Welcomed`."""
        self._retry_at_s = None
        self._link.open_control(self._options.control_address)
        now_s = self._clock()
        self._session = ClientSession(self._new_id(), said_hello_s=now_s)
        hello = Hello(
            self._session.id,
            package=self._options.package,
            client=self._options.name,
            engine=self._options.engine,
            capabilities=self._capabilities(),
            sent_client_s=now_s,
        )
        self._link.send_control(wire.encode(hello))

    def _capabilities(self) -> dict[str, bool]:
        known = {"credit": True, "jpeg": self._options.picture_format == "jpeg"}
        return known | {OBSERVER: True} if self._options.observer else known

    # Every frame

    def offer_frame(self, frame: SceneFrame) -> None:
        """Put a frame into the mailbox, in place of one that has not been sent yet; send it if there is a credit.

        Its arrays are the caller's again: what has to wait is copied.

        Raises:
            WireError: the frame breaks a rule of the wire; of one that has to wait `poll` tells it instead.
        """
        self.counters["frames_offered"] += 1
        self._mailbox.put(frame)
        self._flush()
        if (waiting := self._mailbox.take()) is not None:  # meanwhile the game may draw into the same arrays
            self._mailbox.put(replace(waiting, picture=waiting.picture.copy(), depth_m=waiting.depth_m.copy()))

    def report_playback(self, playback: Playback) -> None:
        """Take the ring's report, which goes out with the next frame and the next ping.

        A client that never says so is believed to play what it gets from the first chunk on.
        """
        self._playback = playback

    def poll(self, timeout_ms: float) -> list[ClientEvent]:
        """Wait at most `timeout_ms` for messages and handle all that came; also pings and reconnects."""
        self._link.wait(timeout_ms)
        session, broken = self._session, self._link.take_lost()  # first, so that a last word is read before
        events: list[ClientEvent] = []
        for parts in self._link.receive_all():
            events.extend(self._on_parts(parts))
        if broken and self.connected and self._session is session:
            events.extend(self._lose("the connection to the server broke", retry_in_s=0))
        events.extend(self._keep_alive())
        try:
            self._flush()
        except WireError as error:
            events.append(_refusal(error))
        return events

    def reset(self, reason: str = "") -> None:
        """Tell the server, if there is a session, that the scene was cut."""
        if self.connected:
            self._link.send_control(wire.encode(Reset(reason)))

    def _flush(self) -> None:
        session = self._session
        if session is None or not session.may_send or (frame := self._mailbox.take()) is None:
            return
        stamp = FrameStamp(session.id, session.frames_sent + 1, session.clock.offset_s, self._playback)
        try:
            message = from_scene_frame(frame, stamp, self._picture)
        except WireError:
            self.counters["frames_rejected"] += 1
            raise
        if self._link.send_frame(wire.encode(message)):
            session.count_sent(self._clock())
            self.counters["frames_sent"] += 1
        else:
            self._mailbox.put(frame)
        self.counters["frames_replaced"] = self._mailbox.replaced

    # Messages

    def _on_parts(self, parts: list[bytes]) -> list[ClientEvent]:
        session = self._session
        if session is None:
            return []
        try:
            message = wire.decode(parts)
            if session.welcome is None and not isinstance(message, Welcome | ErrorMessage | Bye):
                return []
            session.last_heard_s = self._clock()
            return self._on_message(session, message)
        except WireError as error:
            return self._on_broken_rule(error)

    def _on_message(self, session: ClientSession, message: wire.Message) -> list[ClientEvent]:
        match message:
            case Welcome():
                return self._on_welcome(session, message)
            case AudioMessage():
                session.take_credit(message.credit)
                session.answered |= message.capture_client_s is not None
                event = AudioReceived(message.chunk(), message.capture_client_s, session.last_heard_s)
                return [event] if message.n_samples else []
            case Credit():
                session.take_credit(message.credit)
                return []
            case Pong():
                session.take_echo(message, session.last_heard_s)
                return []
            case StatsMessage():
                return [StatsReceived(message.values)]
            case ErrorMessage():
                session.answered |= not message.fatal
                return self._on_error(message)
            case Bye():
                return self._lose(f"the server ended the session: {message.reason or 'no reason given'}", retry_in_s=0)
        return []

    def _on_welcome(self, session: ClientSession, welcome: Welcome) -> list[ClientEvent]:
        if welcome.session != session.id:
            return []
        session.welcome = welcome
        session.take_echo(welcome, session.last_heard_s)
        session.next_ping_s = session.last_heard_s
        if self._playback is not None:  # what was reported last is of another session, but of the same device
            self._playback = Playback(epoch=welcome.epoch, device_ms=self._playback.device_ms)
        host = host_of(self._options.control_address)
        self._frames_address = self._options.frames_address or f"tcp://{host}:{welcome.frames_port}"
        self._link.open_frames(self._frames_address)
        return [Welcomed(welcome)]

    def _on_error(self, error: ErrorMessage) -> list[ClientEvent]:
        if not error.fatal:
            return [ErrorReceived(error)]
        if error.code in SESSION_LOST_CODES:
            return [ErrorReceived(error), *self._lose(error.rule, retry_in_s=0)]
        return [ErrorReceived(error), *self._lose(error.rule, RETRY_S if error.code == SERVER_FULL else None)]

    def _on_broken_rule(self, error: WireError) -> list[ClientEvent]:
        """A message that cannot be read. A server of another version will not become readable: no other HELLO."""
        self.counters["invalid"] += 1
        fatal = error.code == WRONG_VERSION
        told = _refusal(error, fatal)
        return [told, *self._lose(error.rule, retry_in_s=None)] if fatal else [told]

    # Life

    def _keep_alive(self) -> list[ClientEvent]:
        events: list[ClientEvent] = []
        session, now_s = self._session, self._clock()
        if session is not None and session.is_lost(now_s):
            events += self._lose(f"nothing heard from the server for {MISSES} heartbeats", retry_in_s=0)
        elif session is not None and session.welcome is None and now_s >= session.said_hello_s + RETRY_S:
            events.append(Unanswered(no_answer(self._options, RETRY_S)))
            self.begin()
        elif session is not None and session.ping_due(now_s):
            self._link.send_control(wire.encode(Ping(now_s, session.frames_sent, self._playback)))
        if self._session is not None and self._session.frames_are_lost(now_s):
            events.append(self._frames_lost(self._session.frames_sent))
        if self._retry_at_s is not None and now_s >= self._retry_at_s:
            self.begin()
        return events

    def _frames_lost(self, frames_sent: int) -> ErrorReceived:
        rule = no_frame_used(self._frames_address, frames_sent)
        log.warning(rule)
        return ErrorReceived(ErrorMessage(FRAMES_LOST, "frames", rule[:512], fatal=False))

    def _lose(self, reason: str, retry_in_s: float | None) -> list[ClientEvent]:
        """Drop the session; try for another after `retry_in_s`, or never if None."""
        was_connected = self.connected
        self._end()
        if retry_in_s is not None and self._options.reconnect:
            self._retry_at_s = self._clock() + retry_in_s
        return [Disconnected(reason)] if was_connected else []

    def _end(self) -> None:
        self._session = None
        self._retry_at_s = None
        self._link.close_sockets()

    def bye(self, reason: str = "") -> None:
        """End the session; nothing is sent or received afterwards until `begin` or `connect`."""
        if self.connected:
            self._link.send_control(wire.encode(Bye(reason)))
        self._end()

    def close(self) -> None:
        """Say bye and release the sockets."""
        self.bye("the client stops")
        self._link.close()

    def __enter__(self) -> BridgeClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _refusal(error: WireError, fatal: bool = False) -> ErrorReceived:
    """A broken rule that this side found."""
    return ErrorReceived(ErrorMessage(error.code, error.field[:128], error.rule[:512], fatal))
