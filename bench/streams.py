"""The number of live sessions that one machine holds: more and more clients, until one of them would hear a fault.

    python bench/streams.py [--counts 1 2 4 6 8] [--seconds 60] [--steps 2] [--device cpu] [--out FILE.json]

Each trial starts `stereosync-serve`, and real clients in a few processes. Held means that after the first seconds no
chunk was late (at the service or at its client), none was concealed or made with fewer steps, no ring ran out and no
chunk was missing. The first number that is not held ends the search. The clients share the machine with the service;
what they take of it is told.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import psutil
from clients import Place
from conditions import machine, told
from crowd import Crowd, CrowdError, CrowdPlan
from rich.console import Console
from server import MeasuredService, ServerOptions, add_server_options, counted, server_options
from tables import console, table, wait, write_json
from trial import Trial, judged, verdict
from walkers import CHARACTERS, PICTURE

from stereosync_tools.audition.errors import AuditionError

COUNTS = (1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 32)
PROCESSES = 2
SETTLE_S = 1.5  # the service writes its report once a second
NOWHERE = Place("", "")
SHARED = "clients and service share the cores; see the client cores of each row"


def search(counts: Sequence[int], attempt: Callable[[int], Trial]) -> Iterator[Trial]:
    """Trials upwards; the first that is not held is the last."""
    for count in sorted(counts):
        trial = attempt(count)
        yield trial
        if not trial.held:
            return


def attempt(options: ServerOptions, plan: CrowdPlan, pause: Callable[[float], None] = time.sleep) -> Trial:
    """One trial. `plan.place` is not known before and is taken from the service.

    Raises:
        AuditionError, CrowdError, psutil.Error: the service or a client could not go on.
    """
    with MeasuredService(replace(options, max_sessions=max(options.max_sessions, plan.count))) as service:
        with Crowd(replace(plan, place=service.place)) as crowd:
            begin_s = crowd.start()
            pause(max(begin_s - time.perf_counter(), 0.0))
            before, cpu_s = service.counters(), service.cpu_s
            pause(plan.seconds)
            cpu_s = service.cpu_s - cpu_s
            reports = crowd.reports()
            time.sleep(SETTLE_S)
            live = service.report()
        return judged(plan, options, reports, counted(before, service.counters()), live, cpu_s)


def row(trial: Trial) -> list[object]:
    """A trial as the table has it."""
    ages = [trial.frame_to_chunk_ms.get(point) for point in ("p50_ms", "p95_ms")]
    late = f"{trial.late}/{trial.service['late_chunks']}"
    chunks = f"{trial.received}/{trial.expected}"
    return [
        *(trial.count, late, trial.degraded, trial.concealed, trial.underruns, chunks),
        *(
            trial.chunk_p95_ms,
            trial.slack_p1_ms,
            *ages,
            trial.service_cores,
            trial.client_cores,
            "held" if trial.held else "not held",
        ),
    ]


def notes(trials: Sequence[Trial], problem: str) -> list[str]:
    """The reason why the search ended."""
    faults = [f"{trial.count} sessions: {verdict(trial)}" for trial in trials if not trial.held]
    return [*faults, f"ended: {problem}"] if problem else faults


COLUMNS = (
    *("sessions", "late (client/service)", "degraded", "concealed", "underruns", "chunks", "chunk p95 ms"),
    *("slack p1 ms", "frame to chunk p50 ms", "p95 ms", "service cores", "client cores", "verdict"),
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description="How many live sessions are held.")
    add_server_options(out)
    out.add_argument("--counts", nargs="+", type=int, default=list(COUNTS), help="numbers of sessions to try")
    out.add_argument("--seconds", type=float, default=60.0, help="of each trial, after the first 3 s")
    out.add_argument("--processes", type=int, default=PROCESSES, help="that the clients are spread over")
    out.add_argument("--fps", type=float, default=30.0)
    out.add_argument("--out", type=Path, metavar="FILE.json")
    return out


def main() -> int:
    """Search and print."""
    found, screen = parser().parse_args(), console()
    options = server_options(found)
    load = {"clients": "rgb8 over loopback", "fps": found.fps, "client_processes": found.processes, "shared": SHARED}
    conditions = machine(**asdict(options), picture=PICTURE, characters=CHARACTERS, **load)
    screen.print(told(conditions), highlight=False)
    trials, problem = searched(found, options, screen)
    most = max((trial.count for trial in trials if trial.held), default=0)
    title = f"{most} sessions held for {found.seconds:g} s on {os.cpu_count()} cores"
    screen.print(table(title, COLUMNS, map(row, trials), notes(trials, problem)))
    told_trials = [{**asdict(trial), "held": trial.held, "faults": trial.faults} for trial in trials]
    write_json(found.out, {"conditions": conditions, "held": most, "trials": told_trials, "problem": problem})
    return 1 if problem else 0


def searched(found: argparse.Namespace, options: ServerOptions, screen: Console) -> tuple[list[Trial], str]:
    """All trials, and what ended the search if it was not a trial that is not held."""
    trials: list[Trial] = []

    def attempted(count: int) -> Trial:
        screen.print(f"{count} sessions for {found.seconds:g} s ...", highlight=False)
        plan = CrowdPlan(NOWHERE, count, found.processes, found.seconds, found.fps)
        return attempt(options, plan, lambda seconds: wait(seconds, f"{count} sessions", screen))

    try:
        for trial in search(found.counts, attempted):
            trials.append(trial)
            screen.print(f"{trial.count} sessions: {verdict(trial)}", highlight=False)
    except (AuditionError, CrowdError, psutil.Error) as error:
        return trials, str(error)
    return trials, ""


if __name__ == "__main__":
    sys.exit(main())
