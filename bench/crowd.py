"""Many clients in a few processes of their own. The processes are spawned, so that it runs on Windows too."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import numpy as np
from clients import Heard, Place, PlayingClient, passed, play_until
from walkers import Reel

from stereosync.errors import StereoSyncError

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

READY_TIMEOUT_S = 60.0
END_TIMEOUT_S = 15.0
START_IN_S = 0.2  # from the word to the first frame, so that all processes have heard it


@dataclass(frozen=True)
class CrowdPlan:
    """`count` clients play for `prime_s` and are then counted for `seconds`."""

    place: Place
    count: int
    processes: int
    seconds: float
    fps: float = 30.0
    prime_s: float = 3.0

    def shares(self) -> list[int]:
        """The number of clients in each process."""
        processes = min(self.processes, self.count)
        return [self.count // processes + (number < self.count % processes) for number in range(processes)]


@dataclass(frozen=True)
class Report:
    """The counts of one process, and its processor time while it counted, in seconds."""

    heard: tuple[Heard, ...] = ()
    cpu_s: float = 0.0
    error: str = ""


class CrowdError(StereoSyncError, RuntimeError):
    """A process of clients could not go on; the message says why."""


class Crowd:
    """A context manager: inside, all clients are connected and wait for `start`."""

    def __init__(self, plan: CrowdPlan) -> None:
        self._plan = plan
        self._stack = ExitStack()
        self._ends: list[Connection] = []

    def __enter__(self) -> Crowd:
        with ExitStack() as stack:
            for number, share in enumerate(self._plan.shares()):
                self._ends.append(stack.enter_context(ClientProcess(self._plan, number, share)))
            for end in self._ends:
                _answer(end, READY_TIMEOUT_S)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def start(self) -> float:
        """All begin to play; returns when counting begins, by the performance counter."""
        start_s = time.perf_counter() + START_IN_S
        for end in self._ends:
            end.send(start_s)
        return start_s + self._plan.prime_s

    def reports(self) -> list[Report]:
        """The reports of the processes, once their time is over.

        Raises:
            CrowdError: one of them could not go on.
        """
        return [_answer(end, self._plan.prime_s + self._plan.seconds + END_TIMEOUT_S) for end in self._ends]


class ClientProcess:
    """A process of clients, and the connection to it."""

    def __init__(self, plan: CrowdPlan, number: int, share: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._end, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=serve, args=(theirs, plan, number, share), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Connection:
        return self._end

    def __exit__(self, *_exception: object) -> None:
        self._end.close()
        self._process.join(END_TIMEOUT_S)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def _answer(end: Connection, timeout_s: float) -> Report:
    try:
        report = end.recv() if end.poll(timeout_s) else Report(error=f"clients did not answer in {timeout_s:g} s")
    except (EOFError, OSError):
        report = Report(error="a process of clients ended; its traceback stands above")
    if report.error:
        raise CrowdError(report.error)
    return report


def serve(end: Connection, plan: CrowdPlan, number: int, share: int) -> None:
    """The work of a process: connect, say so, wait for the word, play, count, report."""
    try:
        with ExitStack() as stack:
            clients = [PlayingClient(plan.place, f"bench {number}.{index}", plan.fps) for index in range(share)]
            for client in clients:
                stack.callback(client.close)
            end.send(Report())
            end.send(_play(end, plan, clients, np.random.default_rng(number)))
    except OSError as error:  # also a server that refused or was lost
        _try_to_tell(end, Report(error=str(error)))
    except EOFError:  # the bench went away
        return


def _play(end: Connection, plan: CrowdPlan, clients: Sequence[PlayingClient], rng: np.random.Generator) -> Report:
    reel = Reel()
    play_until(clients, reel, end.poll)  # heartbeats go on
    start_s: float = end.recv()
    for client in clients:
        client.begin(start_s + rng.uniform(0, 1 / plan.fps))  # games do not render in step
    play_until(clients, reel, passed(start_s + plan.prime_s))
    for client in clients:
        client.count_from_now()
    cpu_s = time.process_time()
    play_until(clients, reel, passed(start_s + plan.prime_s + plan.seconds))
    return Report(tuple(client.heard() for client in clients), time.process_time() - cpu_s)


def _try_to_tell(end: Connection, report: Report) -> None:
    try:
        end.send(report)
    except OSError:
        return
