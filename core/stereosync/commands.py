"""The commands of the project, one function each: they open the package that does the work, which may not be installed
whole, and turn a user's error into one sentence.

Names of packages stand here as text: core imports none of them.
"""

from __future__ import annotations

import sys
from importlib import import_module

from stereosync.errors import StereoSyncError


def serve() -> int:
    return run("stereosync-serve", "stereosync_runtime.serve", "cpu")


def doctor() -> int:
    return run("stereosync-doctor", "stereosync_tools.doctor.cli", "cpu")


def audition() -> int:
    return run("stereosync-audition", "stereosync_tools.audition.cli", "cpu")


def keys() -> int:
    return run("stereosync-keys", "stereosync_bridge.keys", "")


def tape() -> int:
    return run("stereosync-tape", "stereosync_bridge.tape_cli", "")


def export() -> int:
    return run("stereosync-export", "stereosync_export.cli", "export")


def train() -> int:
    return run("stereosync-train", "stereosync_training.cli", "train")


def walks() -> int:
    return run("stereosync-walks", "stereosync_training.walks_cli", "train")


def evaluate() -> int:
    return run("stereosync-evaluate", "stereosync_training.evaluate_cli", "train")


def run(command: str, module: str, extra: str) -> int:
    """The exit code of `main` of a module; 1 after an error that the user can mend, which goes to stderr.

    A package that is missing is named with the extra that installs it.
    """
    try:
        return int(import_module(module).main())
    except ModuleNotFoundError as error:
        if not extra or error.name is None or error.name.startswith("stereosync"):
            raise
        return _said(command, f'{error.name} is not installed: pip install "stereosync[{extra}]"')
    except StereoSyncError as error:
        return _said(command, str(error))


def _said(command: str, text: str) -> int:
    print(f"{command}: {text}", file=sys.stderr)
    return 1
