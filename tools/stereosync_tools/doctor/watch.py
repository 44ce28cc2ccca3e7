"""`stereosync-doctor --watch`: looks on at a running service and says what is odd in what arrives.

It joins as an observer: that needs no option of the service, works from another machine and takes no session's place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stereosync.errors import UserError
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import ClientEvent, Disconnected, ErrorReceived, StatsReceived, Unanswered
from stereosync_bridge.keys import SERVER_NAME
from stereosync_bridge.peer import OBSERVER
from stereosync_bridge.security import ClientCurve
from stereosync_tools.doctor.watched import Figures, by_session, odd

POLL_MS = 100.0


@dataclass(frozen=True)
class WatchOptions:
    """Options of a watch. `session`: the beginning of an id, "" for all; `seconds` None: until it is stopped."""

    address: str
    session: str = ""
    seconds: float | None = None
    key: Path | None = None  # this watcher's secret key file, with the server's public one beside it
    insecure: bool = False


class Screen(Protocol):
    """Shows what is watched."""

    def table(self, sessions: Mapping[str, Figures]) -> None: ...

    def say(self, text: str) -> None: ...


@dataclass
class Watch:
    """The newest figures of every session, and what was said of them: each oddity once a session."""

    screen: Screen
    session: str = ""
    sessions: dict[str, dict[str, float]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)  # sessions
    said: set[tuple[str, str]] = field(default_factory=set)  # session, topic
    _coming: dict[str, dict[str, float]] = field(default_factory=dict)

    def take(self, event: ClientEvent) -> None:
        """An event of the observer's client."""
        if isinstance(event, StatsReceived):
            self._take_stats(event.values)
        elif isinstance(event, Disconnected | Unanswered):
            self.screen.say(event.reason)
        elif isinstance(event, ErrorReceived):
            self.screen.say(f"{event.error.field}: {event.error.rule}")

    def _take_stats(self, values: Figures) -> None:
        """Figures of sessions come first in each second, those of the service end it."""
        figures = by_session(values)
        for session, more in figures.items():
            if session.startswith(self.session):
                self._coming.setdefault(session, {}).update(more)
        if not figures:
            before, self.sessions, self._coming = self.sessions, self._coming, {}
            self._judge(before)

    def _judge(self, before: Mapping[str, Figures]) -> None:
        self.seen.update(self.sessions)
        for session, figures in self.sessions.items():
            for topic, sentence in odd(figures, before.get(session, {})).items():
                if (session, topic) not in self.said:
                    self.said.add((session, topic))
                    self.screen.say(f"session {session}: {sentence}")
        self.screen.table(self.sessions)

    def summary(self) -> str:
        """One sentence."""
        if not self.seen:
            which = f"begins with {self.session}" if self.session else "was there"
            return f"No session {which}."
        if not self.said:
            return f"Nothing is odd in what arrived of {len(self.seen)} sessions."
        return f"Odd: {', '.join(sorted(f'{session} {topic}' for session, topic in self.said))}."


def watch(options: WatchOptions, screen: Screen, clock: Callable[[], float]) -> bool:
    """Watch until the time is over or somebody stops it; whether nothing was odd.

    Raises:
        StereoSyncError: the service cannot be reached, refuses, or is too old to be watched.
    """
    found = Watch(screen, options.session)
    client_options = ClientOptions(
        options.address, insecure=options.insecure, curve=_curve(options.key), name="stereosync-doctor", observer=True
    )
    with BridgeClient(client_options, clock) as client:
        welcome = client.connect()
        if not welcome.capabilities.get(OBSERVER):
            raise UserError(f"the service at {options.address} ({welcome.package}) cannot be watched: update it")
        until_s = float("inf") if options.seconds is None else clock() + options.seconds
        try:
            while clock() < until_s:
                for event in client.poll(POLL_MS):
                    found.take(event)
        except KeyboardInterrupt:  # the usual end
            pass
    screen.say(found.summary())
    return not found.said


def _curve(key: Path | None) -> ClientCurve | None:
    return None if key is None else ClientCurve(key, key.with_name(f"{SERVER_NAME}.key"))
