"""What is said, once per session, of what an engine tells: unknown words to the log, odd conventions to the client.

The worker makes every call.
"""

from __future__ import annotations

import logging

from stereosync.told import AHEAD_S, BACK_S, Told
from stereosync_bridge.errors import CONTACTS_OUT_OF_TIME, FEET_LOOK_LIKE_CENTIMETRES, FEET_LOOK_Z_UP
from stereosync_runtime.replies import Warn

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


class Notices:
    """Remembers what was said to whom; bounded, whatever comes."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._words: set[str] = set()
        self._warned: set[str] = set()

    def of(self, told: Told) -> list[Warn]:
        """What the client should be told of a frame's words; those that mean nothing are named in the log."""
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
