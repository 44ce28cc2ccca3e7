"""Parts that the commands check, test, build and play share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_module(
    module: str, *arguments: str, python: str | Path = sys.executable, variables: Mapping[str, str] | None = None
) -> int:
    """Run `python -m MODULE ARGUMENTS` at the top of the repository; its exit code."""
    print("+", module, *arguments, flush=True)
    # One thread per library: tests and builds run beside other work, and more threads only fight for the cores.
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | os.environ | dict(variables or {})
    return subprocess.run([python, "-m", module, *arguments], cwd=ROOT, env=environment, check=False).returncode
