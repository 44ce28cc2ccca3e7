"""The live report of an audition: the service's figures, and those that only a client can measure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stereosync.writing import check_output, json_with, write_json

KEYS = (
    "bundle", "device", "threads", "steps", "lead_ms", "chunk_ms", "seconds", "rtf", "stages", "frame_to_chunk_ms",
    "late_chunks", "degraded_chunks", "concealed_chunks", "dropped_frames", "underruns", "errors", "rss_mib",
)  # fmt: skip


def merge(served: Mapping[str, Any], measured: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The report with every key in order; what the client measured wins, and absent keys have their `reason`."""
    both = {**served, **measured}
    report = {key: both[key] for key in KEYS if key in both}
    missing = {key: reason for key in KEYS if key not in both}
    return {**report, "missing": missing} if missing else report


def save_report(path: Path, report: Mapping[str, Any]) -> None:
    """Write JSON. Raises UserError when the file cannot be written."""
    write_json(path, report)


def check_report(path: Path) -> None:
    """Refuse a place for the report that is another's; that of an earlier audition is replaced.

    Raises:
        UserError: with cause and cure.
    """
    check_output(path, "--report", json_with("chunk_ms", "seconds", "errors"))
