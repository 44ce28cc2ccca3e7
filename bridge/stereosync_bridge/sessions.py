"""The server's sessions: who is connected, and what happened to them. No sockets. Used by the server's I/O thread."""

from __future__ import annotations

from collections import Counter, deque

from stereosync_bridge.allowance import Allowance
from stereosync_bridge.errors import HELLO_FIRST, SERVER_FULL, SESSION_IN_USE, WireError
from stereosync_bridge.events import ClientJoined, ClientLeft, Event
from stereosync_bridge.messages import Hello
from stereosync_bridge.peer import MISSES, OBSERVER, Peer
from stereosync_bridge.wire import Message

REMEMBERED_ENDS = 64
JOINS_PER_S = 4.0
MAX_OBSERVERS = 2  # beside the sessions


class Sessions:
    """The peers by session id and by routing id of the control lane, the events not yet handed out, the counters."""

    def __init__(self, max_sessions: int, heartbeat_s: float) -> None:
        self._max_sessions = max_sessions
        self._by_id: dict[str, Peer] = {}
        self._by_route: dict[bytes, Peer] = {}
        self._said_bye: deque[str] = deque(maxlen=REMEMBERED_ENDS)
        self._joins = Allowance(JOINS_PER_S, 2 * (max_sessions + MAX_OBSERVERS), 0.0)
        self.heartbeat_s = heartbeat_s
        self.events: list[Event] = []
        self.counters: Counter[str] = Counter()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def find(self, session_id: str | None) -> Peer | None:
        return None if session_id is None else self._by_id.get(session_id)

    def lives(self, session_id: str | None) -> bool:
        return session_id in self._by_id

    def at(self, routing_id: bytes) -> Peer | None:
        return self._by_route.get(routing_id)

    def join(self, routing_id: bytes, message: Message, now_s: float, user: str = "") -> Peer:
        """Make a session of a connection's first message.

        Raises:
            WireError: it is not HELLO, its session is in use, or there is no room.
        """
        if not isinstance(message, Hello):
            rule = f"the first message must be HELLO, got {message.TYPE}; if there was a session, it has ended"
            raise WireError(HELLO_FIRST, "type", rule)
        if message.session in self._by_id:
            raise WireError(SESSION_IN_USE, "session", "is in use by another client: make a new uuid for each HELLO")
        self._demand_room(message)
        if not self._joins.take(1, now_s):
            raise WireError(SERVER_FULL, "session", "too many clients join at once: try again in a second")
        peer = Peer(message.session, routing_id, message, hello_received_s=now_s, last_heard_s=now_s, user=user)
        self._by_id[peer.session_id] = self._by_route[routing_id] = peer
        self.counters["sessions_joined"] += 1
        self.events.append(ClientJoined(peer.session_id, message))
        return peer

    def _demand_room(self, hello: Hello) -> None:
        observes = hello.capabilities.get(OBSERVER, False)
        taken = sum(peer.observes == observes for peer in self._by_id.values())
        if observes and taken >= MAX_OBSERVERS:
            raise WireError(SERVER_FULL, "capabilities", f"{MAX_OBSERVERS} observers look on already: end one of them")
        if not observes and taken >= self._max_sessions:
            raise WireError(SERVER_FULL, "session", f"all {self._max_sessions} sessions are taken: try later")

    def say_bye(self, peer: Peer, reason: str) -> None:
        """The client ends its session; a frame of it may still be under way on the other lane."""
        self._said_bye.append(peer.session_id)
        self.leave(peer, f"bye: {reason}" if reason else "bye")

    def said_bye(self, session_id: str | None) -> bool:
        return session_id in self._said_bye

    def leave(self, peer: Peer, reason: str) -> None:
        """End a session and say so with an event."""
        if self.forget(peer):
            self.events.append(ClientLeft(peer.session_id, reason))

    def forget(self, peer: Peer) -> bool:
        """End a session without an event, because the caller ended it; False when it had ended already."""
        if self._by_id.pop(peer.session_id, None) is None:
            return False
        del self._by_route[peer.routing_id]
        self.counters["sessions_left"] += 1
        return True

    def expire(self, now_s: float) -> None:
        for peer in list(self._by_id.values()):
            if peer.is_gone(now_s, self.heartbeat_s):
                self.leave(peer, f"{MISSES} heartbeats missed")

    def take_events(self) -> list[Event]:
        events, self.events = self.events, []
        return events
