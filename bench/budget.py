"""Does the sound come in time, for long: one client of one service, every chunk against the moment it is due.

    python bench/budget.py [--minutes 10] [--steps 2] [--device cpu] [--out FILE.json] [--png FILE.png]

Slack is the time from the arrival of a chunk at its client to the moment at which its first sample is heard; below zero
the chunk is late. The service is a process of its own and the client a real one, which plays by the clock.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from clients import Arrival, Heard, PlayingClient, passed, play_until
from conditions import machine, told
from rich.console import Console
from rich.progress import Progress
from server import MeasuredService, ServerOptions, add_server_options, counted, server_options
from tables import console, percentiles_ms, table, write_json
from walkers import CHARACTERS, PICTURE, Reel

from stereosync_tools.audition.errors import AuditionError

PRIME_S = 3.0
SETTLE_S = 1.5  # the service writes its report once a second
SLICE_S = 5.0  # between looks at the progress bar
WAIT_MS = 4.0  # in the client's socket
SLACK_POINTS = (0, 1, 5, 50, 95, 99, 100)  # the small ones are the dangerous ones
BIN_MS = 1.0


@dataclass(frozen=True)
class Budget:
    """The run. Memory is the service's, resident, in MiB; `service` are its own counters."""

    seconds: float
    chunks: int
    expected: int
    late: int
    underruns: int
    slack_ms: dict[str, float]
    frame_to_chunk_ms: dict[str, float]
    making_ms: dict[str, float]
    service: dict[str, int]
    rss_mib: dict[str, float]
    service_cores: float
    client_cores: float

    @property
    def on_time(self) -> bool:
        return not (self.late or self.underruns or self.service["late_chunks"] or self.service["concealed_chunks"])


def run(options: ServerOptions, seconds: float, fps: float, screen: Console) -> tuple[Budget, list[Arrival]]:
    """One session.

    Raises:
        AuditionError, OSError, psutil.Error: the service or the client could not go on.
    """
    with MeasuredService(options) as service:
        client, reel = PlayingClient(service.place, "bench budget", fps), Reel()
        try:
            client.begin(time.perf_counter())
            play_until([client], reel, passed(time.perf_counter() + PRIME_S), WAIT_MS)
            client.count_from_now()
            before, cpu_s, own_s, rss_mib = service.counters(), service.cpu_s, time.process_time(), service.rss_mib
            watch(seconds, lambda end_s: play_until([client], reel, passed(end_s), WAIT_MS), screen)
            heard, own_s = client.heard(), time.process_time() - own_s
            cpu_s, memory = service.cpu_s - cpu_s, {"start": rss_mib, "end": service.rss_mib}
            play_until([client], reel, passed(time.perf_counter() + SETTLE_S), WAIT_MS)
            told_by_service = counted(before, service.counters())
        finally:
            client.close()
    expected = round(seconds * 1000 / options.chunk_ms)
    return judged(heard, seconds, expected, told_by_service, memory, (cpu_s, own_s)), heard.arrivals


def watch(seconds: float, play: Callable[[float], None], screen: Console) -> None:
    """Play to the end, slice by slice, with a bar where somebody watches."""
    start_s = time.perf_counter()
    with Progress(console=screen, refresh_per_second=0.5, disable=not screen.is_terminal) as progress:
        task = progress.add_task("one session", total=seconds)
        while (done_s := time.perf_counter() - start_s) < seconds:
            play(start_s + min(done_s + SLICE_S, seconds))
            progress.update(task, completed=time.perf_counter() - start_s)


def judged(
    heard: Heard,
    seconds: float,
    expected: int,
    service: dict[str, int],
    rss_mib: dict[str, float],
    cpu_s: tuple[float, float],
) -> Budget:
    """The figures of what the client saw; `cpu_s` of service and client."""
    arrivals = heard.arrivals
    return Budget(
        seconds=seconds,
        chunks=len(arrivals),
        expected=expected,
        late=sum(arrival.slack_s < 0 for arrival in arrivals),
        underruns=heard.counts["underruns"],
        slack_ms=percentiles_ms((arrival.slack_s for arrival in arrivals), SLACK_POINTS),
        frame_to_chunk_ms=percentiles_ms(arrival.age_s for arrival in arrivals if not np.isnan(arrival.age_s)),
        making_ms=percentiles_ms((arrival.compute_ms / 1000 for arrival in arrivals), (50, 95, 99, 100)),
        service=service,
        rss_mib=rss_mib,
        service_cores=round(cpu_s[0] / seconds, 3),
        client_cores=round(cpu_s[1] / seconds, 3),
    )


def rows(budget: Budget) -> list[list[object]]:
    """Rows of name and value."""
    spans = {"slack": budget.slack_ms, "frame to chunk": budget.frame_to_chunk_ms, "making a chunk": budget.making_ms}
    figures: dict[str, object] = {
        "chunks / expected": f"{budget.chunks} / {budget.expected}",
        "late at the client": budget.late,
        "underruns at the client": budget.underruns,
        **{f"{name}, {_words(point)}, ms": value for name, span in spans.items() for point, value in span.items()},
        **{f"{name.replace('_', ' ')}, at the service": amount for name, amount in budget.service.items()},
        **{f"memory of the service, {when}, MiB": value for when, value in budget.rss_mib.items()},
        "cores, service": budget.service_cores,
        "cores, client": budget.client_cores,
    }
    return [list(row) for row in figures.items()]


def _words(point: str) -> str:
    return {"p0_ms": "smallest", "p100_ms": "largest"}.get(point, point.removesuffix("_ms"))


def draw(arrivals: Sequence[Arrival], title: str, path: Path) -> None:
    """The histogram of slack, counts on a logarithmic scale so that a single late chunk can be seen."""
    from matplotlib.figure import Figure

    slack_ms = np.array([arrival.slack_s for arrival in arrivals]) * 1000
    edges = np.arange(np.floor(min(slack_ms.min(), 0.0)), np.ceil(slack_ms.max()) + BIN_MS, BIN_MS)
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.hist(slack_ms, list(edges), color="tab:blue")
    axes.axvline(0.0, color="tab:red", label="late to the left")
    axes.set(xlabel="slack, ms", ylabel="chunks", yscale="log", title=title)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description="Every chunk against the moment it is due.")
    add_server_options(out)
    out.add_argument("--minutes", type=float, default=10.0)
    out.add_argument("--fps", type=float, default=30.0)
    out.add_argument("--out", type=Path, metavar="FILE.json")
    out.add_argument("--png", type=Path, metavar="FILE.png", help="the histogram; default: beside --out")
    return out


def main() -> int:
    """Run, draw and print; 1 if a chunk was late."""
    found, screen = parser().parse_args(), console()
    options = server_options(found)
    conditions = machine(**asdict(options), picture=PICTURE, characters=CHARACTERS, fps=found.fps)
    screen.print(told(conditions), highlight=False)
    screen.print(f"one session for {found.minutes:g} min ...", highlight=False)
    try:
        budget, arrivals = run(options, found.minutes * 60, found.fps, screen)
    except (AuditionError, OSError, psutil.Error) as error:
        print(f"budget: {error}", file=sys.stderr)
        return 2
    png = found.png or (found.out and found.out.with_suffix(".png"))
    title = f"{budget.chunks} chunks of {options.chunk_ms} ms in {found.minutes:g} min, {budget.late} late"
    if png and arrivals:
        draw(arrivals, f"{title} ({options.device}, {options.steps} steps)", png)
    screen.print(table(title, ("what", "value"), rows(budget)))
    report: dict[str, Any] = {"conditions": conditions, **asdict(budget), "on_time": budget.on_time}
    write_json(found.out, report)
    return 0 if budget.on_time else 1


if __name__ == "__main__":
    sys.exit(main())
