"""The worker: one thread that runs the pipeline for every session, the most urgent first, those due together at once.

Threads: `run` and `work_once` belong to the worker thread; `add`, `remove`, `wake` and `offer` may be called from any.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from stereosync_runners.runner import Runner
from stereosync_runtime.budget import ChunkWork
from stereosync_runtime.replies import EndSession, Outgoing
from stereosync_runtime.session import Session, Shared
from stereosync_runtime.together import make_together, next_batch

log = logging.getLogger("stereosync.runtime")

LONGEST_WAIT_S = 0.25
NEW_FRAME = ChunkWork(steps=0, latents=0, new_frame=True)  # nothing but a frame's tokens


class Worker:
    """Makes chunks. `post` takes what is to be sent, and must not block for long."""

    def __init__(self, shared: Shared, post: Callable[[Outgoing], None]) -> None:
        self._shared = shared
        self._post = post
        self._sessions: dict[str, Session] = {}
        self._changed = threading.Condition()
        self._news = False
        self._offered: Mapping[str, Runner] | None = None

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

    def offer(self, runners: Mapping[str, Runner]) -> None:
        """Better runners are ready: every stream goes on with them from its next chunk."""
        with self._changed:
            self._offered = runners

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
            offered, self._offered = self._offered, None
        if offered is not None:
            moved = self._shared.pipeline.replace_runners(offered, [session.state for session in sessions])
            for session, state in zip(sessions, moved, strict=True):
                session.move(state)
        for session in sessions:
            self._guarded(session, self._collect)
        now_s = self._shared.clock()
        due = {session: due_s for session in sessions if (due_s := session.due_s(now_s)) is not None}
        batch = next_batch(self._shared, due, now_s)
        if batch:
            self._make(batch)
            return 0.0
        wait_s = min([LONGEST_WAIT_S, *(due_s - now_s for due_s in due.values())])
        return 0.0 if self._prepare(sessions, wait_s) else wait_s

    def _prepare(self, sessions: Sequence[Session], wait_s: float) -> bool:
        """Look at a frame while nothing is due for `wait_s`; whether there was one to look at."""
        unseen = next((session for session in sessions if session.frame is not None), None)
        if unseen is not None:
            return self._guarded(unseen, self._see)
        if len(sessions) != 1 or sessions[0].unseen_cues is None:
            return False
        return wait_s > self._shared.costs.mean_s(NEW_FRAME) and self._guarded(sessions[0], self._encode)

    def _collect(self, session: Session) -> None:
        granted = session.collect()
        if granted is not None:
            self._post(granted)

    def _see(self, session: Session) -> None:
        for outgoing in session.see():
            self._post(outgoing)

    def _encode(self, session: Session) -> None:
        """Make the tokens of a frame while there is time. Those of several sessions are made together, at less cost,
        when their chunks are."""
        if (cues := session.unseen_cues) is not None:
            started_s = self._shared.clock()
            session.take_tokens(self._shared.pipeline.encode(cues))
            self._shared.telemetry.work(self._shared.clock() - started_s)

    def _make(self, sessions: Sequence[Session]) -> None:
        """A chunk for each; if that fails, each by itself, so that one session's failure is its own."""
        seen = [session for session in sessions if self._guarded(session, self._see)]
        try:
            made = make_together(self._shared, seen)
        except Exception as error:
            if len(seen) > 1:
                for session in seen:
                    self._make([session])
            else:
                self._end(seen[0], error)
            return
        for chunk in made:
            self._post(chunk)

    def _guarded(self, session: Session, work: Callable[[Session], None]) -> bool:
        """Whether the work was done; a failure ends its own session only."""
        try:
            work(session)
        except Exception as error:
            self._end(session, error)
            return False
        return True

    def _end(self, session: Session, error: Exception) -> None:
        log.error("session %s ends", session.session_id, exc_info=error)
        self._shared.telemetry.count("errors")
        self.remove(session.session_id)
        self._post(EndSession(session.session_id, f"the service failed on this session: {error}"[:200]))
