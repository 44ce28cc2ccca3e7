"""The effect of a precision on the figures that count: the evaluation, run with each on the same walks.

It runs as a command of its own, and what passes between the two is its report.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from stereosync.bundle_spec import PARITY_LIMITS
from stereosync.errors import StereoSyncError

FIGURES = ("onset_f1", "ild_mae_db")


class MeasureError(StereoSyncError, RuntimeError):
    """The evaluation did not run; the message says why."""


def evaluated(folder: Path, precisions: Sequence[str], clips: int, steps: int = 2) -> dict[str, dict[str, float]]:
    """Onset F1 and level error in dB of the bundle on `clips` walks, by precision.

    Raises:
        MeasureError: the evaluation failed; it needs the train extra and the recorded sounds.
    """
    return {precision: _figures(folder, precision, clips, steps) for precision in precisions}


def _figures(folder: Path, precision: str, clips: int, steps: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "stereosync_training.evaluate.cli", str(folder), "--precision", precision]
        command += ["--clips", str(clips), "--steps", str(steps), "--still", "0", "--report", scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MeasureError(f"--measures: the evaluation failed: {done.stdout[-300:]}{done.stderr[-300:]}")
        report = json.loads((Path(scratch) / "report.json").read_text(encoding="utf-8"))
    return {figure: report["rows"]["model"][figure] for figure in FIGURES}


def effects(measured: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The changes past a precision's limit, in words."""
    found = []
    for precision, limit in PARITY_LIMITS.items():
        if precision == "fp32" or precision not in measured:
            continue
        for figure, allowed in (("onset_f1", limit.onset_f1), ("ild_mae_db", limit.level_error_db)):
            change = abs(measured[precision][figure] - measured["fp32"][figure])
            if not change <= allowed:
                found.append(f"{precision} changes {figure} by {change:.3f}, allowed are {allowed}")
    return found
