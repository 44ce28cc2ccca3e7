"""Replies: messages that the worker asks the I/O thread to send, and the notices among them, which are said once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TypeAlias

from stereosync.scene import Chunk
from stereosync.told import AHEAD_S, BACK_S, Told
from stereosync_bridge.errors import CONTACTS_OUT_OF_TIME, FEET_LOOK_LIKE_CENTIMETRES, FEET_LOOK_Z_UP

log = logging.getLogger("stereosync.runtime")

MOST_WORDS = 32  # remembered and named per session
WARNINGS = {
    FEET_LOOK_LIKE_CENTIMETRES: (
        "boxes[].feet[].world_m",
        "both feet of a character are metres apart, as where an engine counts in centimetres: send metres",
    ),
    FEET_LOOK_Z_UP: (
        "boxes[].feet[].world_m",
        "feet go up and down in z and their way in y, as where z is up: send [x, y, z] with y up",
    ),
    CONTACTS_OUT_OF_TIME: (
        "boxes[].contacts[].time_client_s",
        f"a contact lies more than {AHEAD_S:g} s after its frame or {BACK_S:g} s before it and was left out: send it "
        "nearer to its time, on the clock of capture_client_s",
    ),
}
ODD_FEET = {"centimetres": FEET_LOOK_LIKE_CENTIMETRES, "z_up": FEET_LOOK_Z_UP}


@dataclass(frozen=True)
class SendAudio:
    """A chunk, and the capture time of the newest frame behind it in the server's clock (None before the first)."""

    session_id: str
    chunk: Chunk
    capture_time_s: float | None


@dataclass(frozen=True)
class GrantCredit:
    """The client's frame was processed: it may send the next."""

    session_id: str


@dataclass(frozen=True)
class EndSession:
    """The session cannot go on; `rule` tells the client why."""

    session_id: str
    rule: str


@dataclass(frozen=True)
class Warn:
    """What the client sends looks wrong, though it was used; `rule` says why and what to do."""

    session_id: str
    code: str
    field: str
    rule: str


Outgoing: TypeAlias = SendAudio | GrantCredit | EndSession | Warn


class Notices:
    """One session's notices: unknown words go to the log, odd conventions to the client. Bounded, whatever comes."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._words: set[str] = set()
        self._warned: set[str] = set()

    def of(self, told: Told) -> list[Warn]:
        """Warnings for the client about a frame's words; those that mean nothing are named in the log."""
        for word in told.unknown_words:
            self._name(word)
        codes = [ODD_FEET[told.odd_feet]] if told.odd_feet in ODD_FEET else []
        codes += [CONTACTS_OUT_OF_TIME] if told.out_of_time else []
        fresh = [code for code in codes if code not in self._warned]
        self._warned.update(fresh)
        return [Warn(self._session_id, code, *WARNINGS[code]) for code in fresh]

    def _name(self, word: str) -> None:
        """In ASCII, because a console may have any encoding and a word any character."""
        if word in self._words or len(self._words) >= MOST_WORDS:
            return
        self._words.add(word)
        log.warning("session %s: %s is no ground or place that means something here", self._session_id, ascii(word))
        if len(self._words) == MOST_WORDS:
            log.warning("session %s: further unknown words are counted and not named", self._session_id)
