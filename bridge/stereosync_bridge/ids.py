"""Session ids."""

from __future__ import annotations

import uuid

SHORT = 8  # digits of a session id that are told to others: who knows all of them could speak for its client


def new_session_id() -> str:
    """32 hexadecimal digits that nobody else can guess; a new one for every HELLO."""
    return uuid.uuid4().hex


def short(session_id: str) -> str:
    """A session id as logs and observers have it."""
    return session_id[:SHORT]
