"""One connected client, as the server sees it: liveness, credit and what was dropped for it. Plain data, no sockets."""

from __future__ import annotations

from dataclasses import dataclass, field

from stereosync_bridge.connections import Connection
from stereosync_bridge.messages import Hello

MISSES = 3  # heartbeats without a word after which a client counts as gone
RESTORE_HEARTBEATS = 2
OBSERVER = "observer"  # the capability of a client that looks on


@dataclass
class Peer:
    """A session of the server. `granted` frames may have been sent by the client so far, `received` have come."""

    session_id: str
    routing_id: bytes
    hello: Hello
    hello_received_s: float
    last_heard_s: float
    welcomed: bool = False
    granted: int = 1  # none to an observer
    received: int = 0
    clock_offset_s: float = 0.0
    dropped_audio: int = 0
    lost_since_s: float | None = None
    lost_in_a_row: int = 0  # frames that were sent and never came
    lost: int = 0  # all of them
    over_credit: int = 0  # frames that came without a credit
    user: str = ""  # its public key under CURVE
    frames_from: Connection | None = None  # the connection whose frames are its own
    warned: set[str] = field(default_factory=set)  # codes

    def __post_init__(self) -> None:
        if self.observes:
            self.granted = 0

    @property
    def observes(self) -> bool:
        """True of a client that looks on, and has no stream."""
        return self.hello.capabilities.get(OBSERVER, False)

    @property
    def takes_credit(self) -> bool:
        """The client knows CREDIT; one of wire 1.0 does not."""
        return self.hello.capabilities.get("credit", False)

    def is_gone(self, now_s: float, heartbeat_s: float) -> bool:
        return now_s - self.last_heard_s > MISSES * heartbeat_s

    def grant(self) -> bool:
        """Allow one frame beyond those received; says whether that is news."""
        changed = self.granted != self.received + 1
        self.granted = self.received + 1
        return changed

    def take_frame(self, sent: int) -> bool:
        """Count a frame that came; False when the client had no credit for it."""
        if not self.received < sent <= self.granted:
            self.over_credit += 1
            return False
        self.received = sent
        self.lost_since_s, self.lost_in_a_row = None, 0
        return True

    def restore_lost(self, frames_sent: int, now_s: float, heartbeat_s: float) -> bool:
        """Count a frame as lost that a ping says was sent `RESTORE_HEARTBEATS` ago and more, and grant another."""
        if frames_sent <= self.received or frames_sent > self.granted:
            self.lost_since_s = None
            return False
        if self.lost_since_s is None:
            self.lost_since_s = now_s
        if now_s - self.lost_since_s < RESTORE_HEARTBEATS * heartbeat_s:
            return False
        self.received = frames_sent
        self.lost_since_s = None
        self.lost_in_a_row += 1
        self.lost += 1
        return self.grant()
