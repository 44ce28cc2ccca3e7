"""The live report on the console and in a JSON file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stereosync.errors import UserError
from stereosync.writing import check_output, json_with, write_json
from stereosync_runtime.knowledge import Knowledge, values_of, words_of
from stereosync_runtime.telemetry import COUNTERS, Telemetry

LEAST_S = 5.0  # between lines


def console_line(report: dict[str, Any], sessions: int) -> str:
    """The report on one line."""
    chunk = report["stages"].get("chunk", {"p50_ms": 0.0, "p95_ms": 0.0})
    counters = " ".join(f"{name.removesuffix('_chunks')}={report[name]}" for name in COUNTERS)
    return (
        f"{report['seconds']:.0f}s sessions={sessions} rtf={report['rtf']:.2f} "
        f"chunk p50={chunk['p50_ms']:.1f}ms p95={chunk['p95_ms']:.1f}ms "
        f"frame-to-chunk p50={report['frame_to_chunk_ms']['p50']:.0f}ms lead={report['lead_ms']:.0f}ms "
        f"{counters} rss={report['rss_mib']['end']:.0f}MiB"
    )


def known_words(known: Sequence[Knowledge]) -> str:
    """The basis of the newest session's sound, as the end of a line; "" before there is any."""
    return f" [{words_of(values_of(known[-1]))}]" if known else ""


def check_stats(path: Path) -> None:
    """Refuse a place for the report that is another's, before anything slow; one of an earlier run is replaced.

    Raises:
        UserError: with cause and cure.
    """
    check_output(path, "--stats", json_with("stages", "rss_mib"))


class Reporter:
    """Writes the report where it was asked for: into the file each second, onto the console when there is news.

    News is another number of sessions or a counter of trouble that rose, but not more often than `LEAST_S`.
    """

    def __init__(self, telemetry: Telemetry, stats: Path | None, say: Callable[[str], None]) -> None:
        self._telemetry = telemetry
        self._stats = stats
        self._say = say
        self._said: tuple[int, ...] = ()
        self._said_s = float("-inf")

    def tick(self) -> None:
        """Once a second."""
        report = self._telemetry.report()
        news = (self._telemetry.sessions, *(report[name] for name in COUNTERS))
        if self._telemetry.sessions and news != self._said and report["seconds"] - self._said_s >= LEAST_S:
            self._said, self._said_s = news, report["seconds"]
            self._say(console_line(report, self._telemetry.sessions) + known_words(self._telemetry.known))
        if self._stats is not None:
            try:
                write_json(self._stats, report)
            except UserError as error:  # a reader that holds the file open blocks the replacement on Windows
                self._say(f"--stats was not written this time: {error}")

    def finish(self) -> None:
        """At the end."""
        if self._stats is not None:
            write_json(self._stats, self._telemetry.report())
