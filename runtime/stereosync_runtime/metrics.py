"""The live report as a Prometheus page, for this machine alone.

`prometheus_client`'s own server has a thread for each connection, as many as come and for as long as they like, and
answers any Host: a web page could read it by a name of its own that leads to this machine.

Threads: one accepts, and each connection has one while it is answered.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stereosync_runtime.knowledge import Knowledge
from stereosync_runtime.telemetry import COUNTERS, MORE_COUNTERS, Telemetry

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

PERCENTILES = ("p50", "p95", "p99")
MOST_CONNECTIONS, CONNECTION_S = 8, 5.0
OWN_NAMES = ("localhost", "127.0.0.1", "::1")


class MetricsEndpoint:
    """The report at `http://127.0.0.1:port/metrics`.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, telemetry: Telemetry, port: int) -> None:
        from prometheus_client import CollectorRegistry

        registry = CollectorRegistry()
        registry.register(_ReportCollector(telemetry))
        self._server = _BoundedServer(port, registry)
        self._thread = threading.Thread(target=self._server.serve_forever, name="stereosync-metrics", daemon=True)
        self._thread.start()
        self.port: int = self._server.server_port

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _BoundedServer(ThreadingHTTPServer):
    """Few connections at once, each for a short time."""

    def __init__(self, port: int, registry: Any) -> None:
        self.registry = registry
        self._opened_s: dict[Any, float] = {}  # by connection
        super().__init__(("127.0.0.1", port), _Page)

    def verify_request(self, _request: Any, _client_address: Any) -> bool:
        """False where there are as many as may be; it is closed then."""
        return len(self._opened_s) < MOST_CONNECTIONS

    def process_request(self, request: Any, client_address: Any) -> None:
        self._opened_s[request] = time.monotonic()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._opened_s.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Twice a second: who sends a byte now and then is not waited for either."""
        for request, opened_s in list(self._opened_s.items()):
            if time.monotonic() - opened_s > CONNECTION_S:
                with suppress(OSError):  # it has just ended
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a connection that broke
            super().handle_error(request, client_address)


class _Page(BaseHTTPRequestHandler):
    timeout = CONNECTION_S
    server: _BoundedServer

    def do_GET(self) -> None:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        if not is_own_name(self.headers.get("Host", "")):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain="Ask for http://127.0.0.1, with this port.")
            return
        body = generate_latest(self.server.registry)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """A line for each request would drown the others."""


def is_own_name(host: str) -> bool:
    """True of a Host header that names this machine as only this machine does, with any port."""
    try:
        return urlsplit(f"//{host}").hostname in OWN_NAMES
    except ValueError:
        return False


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
