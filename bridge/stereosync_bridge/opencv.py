"""OpenCV, or one sentence about what it lacks: its wheel needs system libraries that a bare machine does not have."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

from stereosync.errors import StereoSyncError


class MissingLibraryError(StereoSyncError, RuntimeError):
    """A system library is missing; the message says which package brings it."""


@lru_cache(maxsize=1)
def opencv() -> Any:
    """The module `cv2`.

    Raises:
        MissingLibraryError: it cannot be loaded.
    """
    try:
        return importlib.import_module("cv2")
    except ImportError as error:
        raise MissingLibraryError(
            f"OpenCV cannot be loaded ({error}); on Debian and Ubuntu: apt-get install libgl1 libglib2.0-0; "
            "elsewhere: pip install --force-reinstall opencv-python"
        ) from error
