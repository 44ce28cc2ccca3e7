"""The worker: one thread that runs the pipeline for every session, the longest unserved first, several at once.

Threads: `run` and `work_once` belong to the worker thread; `add`, `remove`, `wake` and `offer` may be called from any.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from stereosync_bridge.ids import short
from stereosync_bridge.seldom import Seldom
from stereosync_runners.runner import Runner
from stereosync_runtime.budget import CONCEAL
from stereosync_runtime.pacing import Due
from stereosync_runtime.replies import EndSession, Outgoing, SendAudio
from stereosync_runtime.session import Session, Shared

log = logging.getLogger("stereosync.runtime")

LONGEST_WAIT_S, LEAST_WAIT_S = 0.25, 0.001


class Worker:
    """Makes chunks. `post` takes what is to be sent, and must not block for long."""

    def __init__(self, shared: Shared, post: Callable[[Outgoing], None]) -> None:
        self._shared = shared
        self._post = post
        self._sessions: dict[str, Session] = {}
        self._changed = threading.Condition()
        self._news = False
        self._offered: Mapping[str, Runner] | None = None
        self._seldom = Seldom(shared.clock)

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

    def run(self, stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Work until `stop` is set, and call `beat` each time round; call `wake` after setting it."""
        while not stop.is_set():
            beat()
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
            self._guarded(session, lambda one: self._reply(one.collect()))
        now_s = self._shared.clock()
        due = {session: due for session in sessions if (due := session.due(now_s)) is not None}
        batch = next_batch(self._shared, due, now_s)
        if batch:
            self._make(batch, {session: due[session].left_s for session in batch}, len(sessions))
            return 0.0
        wait_s = min([LONGEST_WAIT_S, *(one.at_s - now_s for one in due.values())])
        if self._prepare(sorted(sessions, key=lambda one: one.looks.last_s), wait_s):
            return 0.0
        look_s = min((session.look_due_s() for session in sessions), default=float("inf"))
        return min(wait_s, max(look_s - now_s, LEAST_WAIT_S))

    def _prepare(self, sessions: Sequence[Session], wait_s: float) -> bool:
        """Let one session work ahead while nothing is due for `wait_s`; whether one did."""
        for session in sessions:
            try:
                replies = session.prepare(wait_s, len(sessions))
            except Exception as error:
                self._end(session, error)
                return False
            if replies is not None:
                self._reply(replies)
                return True
        return False

    def _make(self, sessions: Sequence[Session], left_s: Mapping[Session, float], every: int) -> None:
        """A chunk for each, of what it may see before; if that fails, each by itself, so that a failure is its own."""
        chunk_s = self._shared.costs.mean_s(self._shared.options.best_work)
        seen = [
            session
            for session in sessions
            if self._guarded(session, lambda one: self._reply(one.look(left_s[one] - len(sessions) * chunk_s, every)))
        ]
        try:
            chunks = self._made(seen)
        except Exception as error:
            if len(seen) > 1:
                for session in seen:
                    self._make([session], left_s, every)
            elif seen:
                self._end(seen[0], error)
            return
        self._reply(chunks)

    def _made(self, sessions: Sequence[Session]) -> list[SendAudio]:
        """The next chunk of each session. Those that have time for equally many steps share a batch."""
        turns = [(session, session.turn(len(sessions))) for session in sessions]
        chunks = [session.finish(turn, None) for session, turn in turns if turn.steps == CONCEAL]
        for steps in sorted({turn.steps for _, turn in turns} - {CONCEAL}):
            batch = [(session, turn) for session, turn in turns if turn.steps == steps]
            every = self._shared.pipeline.step_batch([turn.part for _, turn in batch], steps)
            first = batch[0][1]  # the costs are noted once: it was one piece of work
            self._shared.costs.record_chunk(first.expected_s, self._shared.clock() - first.started_s)
            pairs = zip(batch, every, strict=True)
            chunks += [session.finish(turn, made, len(batch)) for (session, turn), made in pairs]
        return chunks

    def _reply(self, replies: Iterable[Outgoing]) -> None:
        for reply in replies:
            self._post(reply)

    def _guarded(self, session: Session, work: Callable[[Session], None]) -> bool:
        """Do the work, and say if it was done; a failure ends its own session only."""
        try:
            work(session)
        except Exception as error:
            self._end(session, error)
            return False
        return True

    def _end(self, session: Session, error: Exception) -> None:
        trace = error if self._seldom.may_say((type(error), str(error))) else None
        log.error("session %s ends: %s", short(session.session_id), error, exc_info=trace)
        self._shared.telemetry.count(errors=1)
        self.remove(session.session_id)
        self._post(EndSession(session.session_id, f"the service failed on this session: {error}"[:200]))


def next_batch(shared: Shared, due: Mapping[Session, Due], now_s: float) -> list[Session]:
    """The sessions that are made next; none if none is due.

    Those that are due come first, the longest unserved before the others: a client that has run dry would otherwise
    come last for ever, and one that claims to have played everything always first. Then come those that fall due before
    all of these are done, since alone they could only wait.
    """
    most, options = shared.options.together, shared.options
    batch = [session for session, one in due.items() if one.at_s <= now_s]
    if not batch:
        return []
    batch = sorted(batch, key=lambda session: session.begun_s)[:most]
    one_s = shared.costs.mean_s(options.best_work)
    later = [session for session, one in due.items() if one.at_s > now_s]
    for session in sorted(later, key=lambda session: due[session].at_s):
        if len(batch) >= most or due[session].at_s > now_s + len(batch) * one_s:
            break
        batch.append(session)
    return batch
