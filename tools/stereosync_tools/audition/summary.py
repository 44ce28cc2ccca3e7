"""The table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.table import Table

from stereosync.stereo import level_db
from stereosync_tools.audition.outcome import Outcome
from stereosync_tools.audition.pan import pan_points, pan_score
from stereosync_tools.audition.performance import Performance


def summary_table(outcome: Outcome) -> Table:
    """A table of the sound, its timing and its pan."""
    table = Table(title=outcome.title, show_header=False, title_justify="left")
    for name, value in [*_sound(outcome.performance), *_timing(outcome), *_pan(outcome.performance)]:
        table.add_row(name, value)
    return table


def _sound(performance: Performance) -> Iterator[tuple[str, str]]:
    if not len(performance.samples):
        yield "sound", "none was heard"
        return
    left, right = (level_db(performance.samples[:, channel]) for channel in (0, 1))
    peak = float(np.abs(performance.samples).max())
    yield "heard", f"{performance.end_s - performance.start_s:.1f} s, peak {peak:.2f} of full scale"
    yield "level", f"left {left:.1f} dB, right {right:.1f} dB"


def _triple(times_ms: Mapping[str, float], sign: str = "") -> str:
    return " / ".join(f"{times_ms[key]:{sign}.0f}" for key in ("p50", "p95", "p99")) + " ms"


def _timing(outcome: Outcome) -> Iterator[tuple[str, str]]:
    report: Mapping[str, Any] = outcome.report
    if report.get("frame_to_chunk_ms"):
        yield "frame to chunk, p50 / p95 / p99", _triple(report["frame_to_chunk_ms"])
    if outcome.lag_ms:
        yield "sound behind the picture, p50 / p95 / p99", _triple(outcome.lag_ms, "+")
    if "rtf" in report:
        yield "compute time over sound time", f"{report['rtf']:.2f} with {report.get('steps', '?')} steps"
    for stage, times in report.get("stages", {}).items():
        if times:
            yield f"{stage.replace('_', ' ')}, p50 / p95", f"{times['p50_ms']:.2f} / {times['p95_ms']:.2f} ms"
    counted = ("late_chunks", "degraded_chunks", "concealed_chunks", "dropped_frames", "underruns", "errors")
    yield "counted", ", ".join(f"{key.replace('_', ' ')} {report[key]}" for key in counted if key in report)


def _pan(performance: Performance) -> Iterator[tuple[str, str]]:
    score = pan_score(pan_points(performance))
    if not score.contacts:
        return
    yield "contacts heard", f"{score.heard} of {score.contacts}"
    if score.right_side is not None:
        yield "on the right side, beyond 10 degrees", f"{100 * score.right_side:.0f} %"
    if score.mean_error_db is not None:
        yield "level difference, mean error", f"{score.mean_error_db:.1f} dB"
