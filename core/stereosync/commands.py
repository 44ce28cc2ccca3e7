"""The commands of the project: they open the package that does the work, which may not be installed whole, and turn a
user's error into one sentence.

Names of packages stand here as text: core imports none of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

from stereosync.errors import StereoSyncError, file_troubles

COMMANDS: dict[str, tuple[str, str]] = {
    "stereosync-serve": ("stereosync_runtime.serve", "cpu"),
    "stereosync-doctor": ("stereosync_tools.doctor.cli", "cpu"),
    "stereosync-audition": ("stereosync_tools.audition.cli", "cpu"),
    "stereosync-keys": ("stereosync_bridge.keys", ""),
    "stereosync-tape": ("stereosync_bridge.tape_cli", ""),
    "stereosync-export": ("stereosync_export.cli", "export"),
    "stereosync-train": ("stereosync_training.cli", "train"),
    "stereosync-walks": ("stereosync_training.walks", "train"),
    "stereosync-fit": ("stereosync_training.fit.cli", "train"),
    "stereosync-evaluate": ("stereosync_training.evaluate.cli", "train"),
}
"""By command: the module whose `main` it runs, and the extra that installs what this needs beyond the base."""


def serve() -> int:
    return run("stereosync-serve")


def doctor() -> int:
    return run("stereosync-doctor")


def audition() -> int:
    return run("stereosync-audition")


def keys() -> int:
    return run("stereosync-keys")


def tape() -> int:
    return run("stereosync-tape")


def export() -> int:
    return run("stereosync-export")


def train() -> int:
    return run("stereosync-train")


def walks() -> int:
    return run("stereosync-walks")


def fit() -> int:
    return run("stereosync-fit")


def evaluate() -> int:
    return run("stereosync-evaluate")


def run(command: str) -> int:
    """The exit code of a command; 1 after an error that the user can mend, which goes to stderr.

    A package that is missing is named with the extra that installs it.
    """
    module, extra = COMMANDS[command]
    _show_every_letter()
    try:
        with file_troubles():
            return int(import_module(module).main())
    except ModuleNotFoundError as error:
        if not extra or error.name is None or error.name.startswith("stereosync"):
            raise
        return _said(command, f'{error.name} is not installed: pip install "stereosync[{extra}]"')
    except StereoSyncError as error:
        return _said(command, str(error))


def _show_every_letter() -> None:
    """A console or a pipe that lacks a letter of a file's name gets its number, and the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _said(command: str, text: str) -> int:
    print(f"{command}: {text}", file=sys.stderr)
    return 1
