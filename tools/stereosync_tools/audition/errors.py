"""The errors of an audition; every message is one sentence that names the cause and the cure."""

from __future__ import annotations

from stereosync.errors import StereoSyncError


class AuditionError(StereoSyncError):
    """An audition that cannot start or go on."""
