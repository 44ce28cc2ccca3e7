"""Telemetry: the report has the agreed form, percentiles are right, and files are never half written."""

import json
from pathlib import Path

import pytest

from stereosync.errors import UserError
from stereosync_runtime.reporting import Reporter, check_stats, console_line
from stereosync_runtime.telemetry import KEPT, ChunkMade, RunConditions, Telemetry, percentiles_ms

KEYS = {
    "bundle", "device", "threads", "steps", "lead_ms", "chunk_ms", "seconds", "rtf", "stages", "frame_to_chunk_ms",
    "late_chunks", "degraded_chunks", "concealed_chunks", "dropped_frames", "underruns", "errors", "rss_mib",
}  # fmt: skip


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(RunConditions("toy", "cpu", 1, 2, 40))


def test_the_report_has_the_agreed_form(telemetry: Telemetry) -> None:
    assert set(telemetry.report()) == KEYS
    for index in range(100):
        telemetry.chunk(ChunkMade(0.04, 0.01 + index / 10_000, frame_to_chunk_s=0.02, lead_s=0.1))
    telemetry.count(underruns=2)
    telemetry.tick(4.0, sessions=1)
    report = telemetry.report()
    assert set(report) == KEYS
    assert report["stages"]["chunk"] == {"p50_ms": 14.95, "p95_ms": 19.405, "p99_ms": 19.801}
    assert report["frame_to_chunk_ms"] == {"p50": 20.0, "p95": 20.0, "p99": 20.0}
    assert report["rtf"] == pytest.approx(0.37375, abs=1e-4)
    assert (report["lead_ms"], report["underruns"], report["seconds"]) == (100.0, 2, 4.0)
    assert 1 < report["rss_mib"]["start"] <= 10_000


def test_memory_stays_flat(telemetry: Telemetry) -> None:
    for _ in range(3 * KEPT):
        telemetry.stages([("decoder", 0.001)])
    assert len(telemetry._times["decoder"]) == KEPT


def test_percentiles_of_nothing_are_zero() -> None:
    assert percentiles_ms([]) == {"p50": 0.0, "p95": 0.0, "p99": 0.0}


def test_stats_are_written_whole_and_said_once_there_are_sessions(telemetry: Telemetry, tmp_path: Path) -> None:
    said: list[str] = []
    reporter = Reporter(telemetry, tmp_path / "stats.json", said.append)
    reporter.tick()
    assert said == []
    telemetry.tick(1.0, sessions=2)
    reporter.tick()
    assert "sessions=2" in said[0]
    assert json.loads((tmp_path / "stats.json").read_text("utf-8"))["bundle"] == "toy"
    assert [path.name for path in tmp_path.iterdir()] == ["stats.json"]


def test_a_place_that_cannot_be_written_does_not_stop_the_service(telemetry: Telemetry, tmp_path: Path) -> None:
    said: list[str] = []
    Reporter(telemetry, tmp_path / "missing" / "stats.json", said.append).tick()
    assert "was not written this time" in said[0]
    with pytest.raises(UserError, match="missing"):
        check_stats(tmp_path / "missing" / "stats.json")


def test_the_report_of_an_earlier_run_is_replaced_and_nothing_else(telemetry: Telemetry, tmp_path: Path) -> None:
    path = tmp_path / "stats.json"
    Reporter(telemetry, path, print).finish()
    check_stats(path)
    path.write_text('{"stages": 3}', encoding="utf-8")
    with pytest.raises(UserError, match=r"--stats .*stats\.json exists already"):
        check_stats(path)


def test_the_console_line_names_every_counter(telemetry: Telemetry) -> None:
    line = console_line(telemetry.report(), 1)
    for word in ("late=0", "degraded=0", "concealed=0", "dropped_frames=0", "underruns=0", "errors=0"):
        assert word in line
