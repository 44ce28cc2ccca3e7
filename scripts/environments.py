"""A virtual environment, and the stamp in it that says what was installed from which files."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands import ROOT

STAMP = "stereosync-set-up.json"
PINS = "constraints.txt"


@dataclass(frozen=True)
class Stamp:
    """The record of what was done to an environment."""

    digest: str = ""  # of what was installed
    tried: tuple[str, ...] = ()  # what else was tried, in vain


@dataclass(frozen=True)
class Environment:
    """A virtual environment; `present` is the one that runs this, which is used as it is."""

    folder: Path
    present: bool = False
    system: str = sys.platform

    def program(self, name: str) -> Path:
        """The path of a program in it."""
        return self.folder / ("Scripts" if self.system == "win32" else "bin") / self._file(name)

    def _file(self, name: str) -> str:
        return f"{name}.exe" if self.system == "win32" else name

    def stamp(self) -> Stamp:
        """The stamp that was kept; an empty one where nothing was, or where it cannot be read."""
        try:
            kept = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
            return Stamp(str(kept["digest"]), tuple(kept["tried"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Stamp()

    def keep(self, stamp: Stamp) -> None:
        text = json.dumps({"digest": stamp.digest, "tried": stamp.tried})
        (self.folder / STAMP).write_text(text + "\n", encoding="utf-8")

    def digest(self, extra: str, root: Path = ROOT) -> str:
        """A digest of all that an installation depends on: the files, the place, and the Python behind it."""
        whole = hashlib.sha256(f"{extra}\n{root}\n{self.program('python').resolve()}\n".encode())
        for name in ("pyproject.toml", PINS):
            whole.update((root / name).read_bytes())
        return whole.hexdigest()

    def holds(self, extras: Sequence[str]) -> bool:
        """True if one of the extras was installed, from the files as they are now."""
        there = self.program("python").exists()
        return there and self.stamp().digest in [self.digest(extra) for extra in extras]

    def install(self, extra: str) -> None:
        """Make the environment where it lacks, and install the repository into it.

        Editable, so that what runs is what stands in the repository, also after the next pull.

        Raises:
            SystemExit: the environment cannot be made, or pip fails.
        """
        python = str(self.program("python"))
        if not _succeeds(python, "-m", "pip", "--version"):
            _step("no virtual environment could be made", sys.executable, "-m", "venv", str(self.folder))
        failure = "pip could not install the packages; run this again once what it says is mended"
        _step(failure, python, "-m", "pip", "install", "-q", "-c", PINS, "-e", f".[{extra}]")


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _step(failure: str, *command: str) -> None:
    print("+", *command, flush=True)
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(failure)
