"""What the scripts share that fetch Debian packages without installing them."""

from __future__ import annotations

import subprocess
from pathlib import Path


def run(command: list[str], folder: Path) -> None:
    """Run `command` in `folder`. Raises RuntimeError with the last line of its errors."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"`{' '.join(command)}` failed ({last_line}); try `apt-get update`, then run again")
