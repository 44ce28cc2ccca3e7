"""One session at the client: credit, clock offset, heartbeats. Plain data, no sockets."""

from __future__ import annotations

from dataclasses import dataclass, field

from stereosync_bridge.clock_offset import ClockOffset, Echo
from stereosync_bridge.messages import Pong, Welcome
from stereosync_bridge.peer import MISSES

QUICK_PINGS = 5  # the clock offset is wanted soon after WELCOME
QUICK_PING_S = 0.1
PATIENCE_S = 5.0  # from the first frame to the first answer; a busy service takes a second


@dataclass
class ClientSession:
    """One session, from HELLO on. `credit` is the number of frames that it may have sent so far."""

    id: str
    said_hello_s: float
    welcome: Welcome | None = None
    credit: int = 0
    frames_sent: int = 0
    first_sent_s: float | None = None
    answered: bool = False  # a frame was used, or something was said of it
    last_heard_s: float = 0.0
    next_ping_s: float = 0.0
    clock: ClockOffset = field(default_factory=ClockOffset)

    @property
    def may_send(self) -> bool:
        return self.welcome is not None and self.frames_sent < self.credit

    def count_sent(self, now_s: float) -> None:
        self.frames_sent += 1
        if self.first_sent_s is None:
            self.first_sent_s = now_s

    def frames_are_lost(self, now_s: float) -> bool:
        """True once, when it is time to say that no frame was ever answered.

        Credit is no answer: the server restores that of frames which never came.
        """
        if self.answered or self.first_sent_s is None or now_s - self.first_sent_s < PATIENCE_S:
            return False
        self.answered = True
        return True

    def take_credit(self, credit: int) -> None:
        self.credit = max(self.credit, credit)

    def take_echo(self, message: Welcome | Pong, now_s: float) -> None:
        self.take_credit(message.credit)
        self.clock.add(Echo(message.sent_client_s, message.received_server_s, message.sent_server_s, now_s))

    def is_lost(self, now_s: float) -> bool:
        return self.welcome is not None and now_s - self.last_heard_s > MISSES * self.welcome.heartbeat_s

    def ping_due(self, now_s: float) -> bool:
        """True when a ping is to be sent now; the next one is then scheduled."""
        if self.welcome is None or now_s < self.next_ping_s:
            return False
        self.next_ping_s = now_s + (QUICK_PING_S if len(self.clock) < QUICK_PINGS else self.welcome.heartbeat_s)
        return True
