"""A day of one client's life in simulated time: clocks 200 ppm apart, and a game that stands still once an hour.

    python scripts/simulated_day.py [--hours N]

The client is the Python one's own program, the server paces as the service does (`tests/heard/simulated.py`). An hour
takes about a minute. The exit code is 1 where the sound ran out or chunks came late beside the stalls, where the ring
drifted, or where the program grew.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

sys.path.append(str(Path(__file__).parents[1] / "tests" / "heard"))

from simulated import Conversation, Loop
from simulated_server import SimulatedServer

CLOCK_RATE = 1 + 200e-6
HOUR_S, STALL_S = 3600.0, 5.0
SETTLED_S = 1600.0  # the end of an hour, long after its stall
MOST_DRIFT_MS, MOST_GROWTH_MIB = 15.0, 2.0
COUNTS = ("underruns", "late", "gap", "skipped")


@dataclass(frozen=True)
class Hour:
    """The ring in the settled part of one hour, what was counted in that part, and the program's memory after it."""

    least_ms: float
    median_ms: float
    most_ms: float
    counts: tuple[int, ...]  # of `COUNTS`
    mib: float


def hour(loop: Loop, program: psutil.Process) -> Hour:
    """Play for an hour, with a stall in its middle. What was noted of earlier hours is let go."""
    loop.run(HOUR_S / 2)
    loop.stand_still(STALL_S)
    loop.run(HOUR_S / 2 - STALL_S - SETTLED_S)
    before = loop.trace.rings[-1:]
    loop.trace.rings, loop.trace.times_s = before, loop.trace.times_s[-1:]
    loop.run(SETTLED_S)
    buffered_ms = loop.trace.column("buffered_ms")
    counts = tuple(int(loop.trace.column(name)[-1] - loop.trace.column(name)[0]) for name in COUNTS)
    mib = program.memory_info().rss / 2**20
    return Hour(float(buffered_ms.min()), float(np.median(buffered_ms)), float(buffered_ms.max()), counts, mib)


def held(hours: Sequence[Hour]) -> bool:
    """True if the last hour was as good as the first, and none had a fault."""
    first = hours[0]
    steady = all(abs(one.median_ms - first.median_ms) < MOST_DRIFT_MS for one in hours)
    return steady and not any(sum(one.counts) for one in hours) and hours[-1].mib - first.mib < MOST_GROWTH_MIB


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the hours; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=24)
    wanted = parser.parse_args(arguments).hours
    table = Table("hour", title="A day, simulated", title_justify="left")
    for head in ("ring ms, least / median / most", ", ".join(COUNTS), "client MiB"):
        table.add_column(head, justify="right")
    hours: list[Hour] = []
    with Conversation([sys.executable, "-m", "stereosync_bridge.conformance"]) as talk:
        loop, program = Loop(talk, SimulatedServer(), clock_rate=CLOCK_RATE), psutil.Process(talk.process_id)
        for number in tqdm(range(1, wanted + 1), desc="hours", disable=None):
            one = hour(loop, program)
            hours.append(one)
            ring = f"{one.least_ms:.0f} / {one.median_ms:.0f} / {one.most_ms:.0f}"
            table.add_row(str(number), ring, ", ".join(map(str, one.counts)), f"{one.mib:.1f}")
    Console().print(table)
    return int(not held(hours))


if __name__ == "__main__":
    sys.exit(main())
