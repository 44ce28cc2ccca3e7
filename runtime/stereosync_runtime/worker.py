"""The worker: one thread that runs the pipeline for every session, the most urgent first.

Threads: `run` and `work_once` belong to the worker thread; `add`, `remove` and `wake` may be called from any.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from stereosync_runtime.outgoing import EndSession, Outgoing
from stereosync_runtime.session import Session, Shared

log = logging.getLogger("stereosync.runtime")

LONGEST_WAIT_S = 0.25


class Worker:
    """Makes chunks. `post` takes what is to be sent, and must not block for long."""

    def __init__(self, shared: Shared, post: Callable[[Outgoing], None]) -> None:
        self._shared = shared
        self._post = post
        self._sessions: dict[str, Session] = {}
        self._changed = threading.Condition()
        self._news = False

    def add(self, session: Session) -> None:
        """A session begins."""
        with self._changed:
            self._sessions[session.session_id] = session

    def remove(self, session_id: str) -> None:
        """A session is over; what is being made for it is thrown away by the sender."""
        with self._changed:
            self._sessions.pop(session_id, None)

    def wake(self) -> None:
        """Something came in."""
        with self._changed:
            self._news = True
            self._changed.notify()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; call `wake` after setting it."""
        while not stop.is_set():
            wait_s = self.work_once()
            if wait_s > 0:
                with self._changed:
                    self._changed.wait_for(lambda: self._news, timeout=wait_s)
                    self._news = False

    def work_once(self) -> float:
        """Do one piece of work, if there is any; returns the seconds until there may be more."""
        with self._changed:
            sessions = list(self._sessions.values())
        for session in sessions:
            self._guarded(session, self._collect)
        now_s = self._shared.clock()
        due = {session: due_s for session in sessions if (due_s := session.due_s(now_s)) is not None}
        ready = [session for session, due_s in due.items() if due_s <= now_s]
        if ready:
            self._guarded(min(ready, key=lambda session: session.left_s(now_s)), self._make)
            return 0.0
        unseen = next((session for session in sessions if session.frame is not None), None)
        if unseen is not None:
            self._guarded(unseen, self._see)
            return 0.0
        return min([LONGEST_WAIT_S, *(due_s - now_s for due_s in due.values())])

    def _collect(self, session: Session) -> None:
        granted = session.collect()
        if granted is not None:
            self._post(granted)

    def _see(self, session: Session) -> None:
        granted = session.see()
        if granted is not None:
            self._post(granted)

    def _make(self, session: Session) -> None:
        self._see(session)
        self._post(session.make())

    def _guarded(self, session: Session, work: Callable[[Session], None]) -> None:
        """A failure ends its own session only."""
        try:
            work(session)
        except Exception as error:
            log.exception("session %s ends", session.session_id)
            self._shared.telemetry.count("errors")
            self.remove(session.session_id)
            self._post(EndSession(session.session_id, f"the service failed on this session: {error}"[:200]))
