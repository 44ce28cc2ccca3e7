"""The folders for what a program fetches or builds."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def kept_folder(variable: str, name: str) -> Path:
    """The folder that the environment `variable` names, else `stereosync/name` in the user's cache of this platform."""
    if variable in os.environ:
        return Path(os.environ[variable])
    if sys.platform == "win32":
        cache = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return cache / "stereosync" / name
