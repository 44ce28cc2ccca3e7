"""Workers side by side: each a thread with a pipeline of its own, for sessions of its own. They share engines that can.

Threads: the I/O thread makes every call; `run` starts the workers and joins them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from stereosync_runtime.engine import Engine
from stereosync_runtime.outgoing import Outgoing
from stereosync_runtime.session import Session, Shared
from stereosync_runtime.worker import Worker


class Crew:
    """One worker for each of `shares`."""

    def __init__(self, shares: Sequence[Shared], post: Callable[[Outgoing], None]) -> None:
        self._shares = shares
        self._workers = [Worker(shared, post) for shared in shares]
        self._place: dict[str, int] = {}  # which worker a session is with

    def join(self, session_id: str, seed: int) -> Session:
        """A new session, with the worker that has the fewest."""
        taken = Counter(self._place.values())
        place = min(range(len(self._workers)), key=lambda index: taken[index])
        session = Session(session_id, seed, self._shares[place])
        self._place[session_id] = place
        self._workers[place].add(session)
        return session

    def leave(self, session_id: str) -> None:
        """A session is over."""
        place = self._place.pop(session_id, None)
        if place is not None:
            self._workers[place].remove(session_id)

    def wake(self, session_id: str) -> None:
        """Something came in for a session."""
        if session_id in self._place:
            self._workers[self._place[session_id]].wake()

    def offer(self, engines: Mapping[str, Engine]) -> None:
        """Better engines are ready. Any thread may call this."""
        for worker in self._workers:
            worker.offer(engines)

    @contextmanager
    def run(self, ended: threading.Event) -> Iterator[None]:
        """Work until the block is left. A worker that fails sets `ended`: a service must not go on in silence."""
        threads = [
            threading.Thread(target=_work, args=(worker, ended), name=f"stereosync-worker-{index}")
            for index, worker in enumerate(self._workers)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for worker in self._workers:
                worker.wake()
            for thread in threads:
                thread.join()


def _work(worker: Worker, ended: threading.Event) -> None:
    try:
        worker.run(ended)
    finally:
        ended.set()
