"""The live report: a line on the console, a JSON file, a Prometheus endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stereosync.errors import UserError
from stereosync.writing import check_output, json_with, write_json
from stereosync_runtime.knowledge import Knowledge, values_of, words_of
from stereosync_runtime.telemetry import COUNTERS, MORE_COUNTERS, Telemetry

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

LEAST_S = 5.0  # between lines
PERCENTILES = ("p50", "p95", "p99")


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


class MetricsEndpoint:
    """The report at `http://127.0.0.1:port/metrics`.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, telemetry: Telemetry, port: int) -> None:
        from prometheus_client import CollectorRegistry, start_http_server

        registry = CollectorRegistry()
        registry.register(_ReportCollector(telemetry))
        self._server, self._thread = start_http_server(port, addr="127.0.0.1", registry=registry)
        self.port: int = self._server.server_port

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _ReportCollector:
    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        report, values = self._telemetry.report(), self._telemetry.values()
        for name in (*COUNTERS, *MORE_COUNTERS):
            yield CounterMetricFamily(f"stereosync_{name}", name.replace("_", " "), value=values[name])
        stages = GaugeMetricFamily("stereosync_stage_seconds", "time of a stage", labels=("stage", "percentile"))
        for stage, times in report["stages"].items():
            for percentile in PERCENTILES:
                stages.add_metric((stage, percentile), times[f"{percentile}_ms"] / 1000)
        yield stages
        ready = GaugeMetricFamily("stereosync_frame_to_chunk_seconds", "capture to chunk ready", labels=("percentile",))
        for percentile in PERCENTILES:
            ready.add_metric((percentile,), report["frame_to_chunk_ms"][percentile] / 1000)
        yield ready
        yield from _known_metrics(self._telemetry.known)
        gauges = {
            "rtf": ("compute time over audio time", report["rtf"]),
            "lead_seconds": ("age of the newest frame when its sound is heard", report["lead_ms"] / 1000),
            "sessions": ("clients connected", self._telemetry.sessions),
            "resident_bytes": ("memory of the process", report["rss_mib"]["end"] * 2**20),
        }
        for name, (help_text, value) in gauges.items():
            yield GaugeMetricFamily(f"stereosync_{name}", help_text, value=value)


def _known_metrics(known: Sequence[Knowledge]) -> Iterator[Metric]:
    """Told and seen characters. The labels are ground names and "told" or "seen", whatever clients say."""
    from prometheus_client.core import GaugeMetricFamily

    grounds = Counter(
        (ground.chances[0][0], "told" if ground.told else "seen") for one in known for ground in one.grounds
    )
    by_ground = GaugeMetricFamily(
        "stereosync_ground_characters", "characters by the likeliest ground under them", labels=("ground", "known")
    )
    for labels, count in sorted(grounds.items()):
        by_ground.add_metric(labels, count)
    yield by_ground
    telling = GaugeMetricFamily("stereosync_telling_characters", "characters that tell", labels=("what",))
    for what, count in (
        ("feet", sum(one.feet for one in known)),
        ("contacts", sum(one.contacts for one in known)),
        ("surface", sum(ground.told for one in known for ground in one.grounds)),
    ):
        telling.add_metric((what,), count)
    yield telling
    scenes = sum(one.scene for one in known)
    yield GaugeMetricFamily("stereosync_telling_scenes", "sessions that tell of their place", value=scenes)
