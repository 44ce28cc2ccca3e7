"""What can go wrong in an audition; every message is one sentence that names the cause and the cure."""

from __future__ import annotations


class AuditionError(Exception):
    """An audition that cannot start or go on."""
