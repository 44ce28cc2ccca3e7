"""Session ids."""

from __future__ import annotations

import uuid


def new_session_id() -> str:
    """32 hexadecimal digits that nobody else can guess; a new one for every HELLO."""
    return uuid.uuid4().hex
