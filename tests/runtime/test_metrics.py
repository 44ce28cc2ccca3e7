"""The metrics page: what it shows, to whom, and that nobody holds it open."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from stereosync_runtime import metrics
from stereosync_runtime.metrics import MOST_CONNECTIONS, MetricsEndpoint
from stereosync_runtime.telemetry import BRIDGE_COUNTERS, RunConditions, Telemetry


@pytest.fixture
def endpoint() -> Iterator[MetricsEndpoint]:
    telemetry = Telemetry(RunConditions("toy", "cpu", 1, 2, 40))
    telemetry.count(keys_refused=3)
    out = MetricsEndpoint(telemetry, 0)
    yield out
    out.close()


def get(endpoint: MetricsEndpoint, host: str = "127.0.0.1") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=10)
    try:
        connection.request("GET", "/metrics", headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_counters_of_the_bridge_are_shown(endpoint: MetricsEndpoint) -> None:
    status, text = get(endpoint)
    assert status == 200
    assert "stereosync_keys_refused_total 3.0" in text
    assert all(f"stereosync_{name}_total" in text for name in BRIDGE_COUNTERS)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9100", "127.0.0.1:1", "[::1]:9100"])
def test_names_of_this_machine_are_answered(endpoint: MetricsEndpoint, host: str) -> None:
    assert get(endpoint, host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::1"])
def test_a_foreign_host_is_refused(endpoint: MetricsEndpoint, host: str) -> None:
    status, text = get(endpoint, host)
    assert status == 421
    assert "stereosync_" not in text


def test_idle_connections_neither_grow_the_threads_nor_stay(
    endpoint: MetricsEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "CONNECTION_S", 1.0)
    before = threading.active_count()
    idle = [socket.create_connection(("127.0.0.1", endpoint.port), timeout=10) for _ in range(5 * MOST_CONNECTIONS)]
    try:
        for index, one in enumerate(idle):
            if index % 2:
                one.sendall(b"GET /metr")
        time.sleep(0.3)
        assert threading.active_count() - before <= MOST_CONNECTIONS
        until_s = time.monotonic() + 10
        while time.monotonic() < until_s and threading.active_count() > before:
            time.sleep(0.1)
        assert threading.active_count() <= before
        assert get(endpoint)[0] == 200
    finally:
        for one in idle:
            one.close()
