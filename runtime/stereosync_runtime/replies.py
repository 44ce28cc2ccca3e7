"""Replies: messages that the worker asks the I/O thread to send, and the notices among them, which are said once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TypeAlias

from stereosync.scene import Chunk
from stereosync.told import AHEAD_S, BACK_S, Told
from stereosync_bridge.errors import (
    CLOCK_LOOKS_WRONG,
    CONTACTS_OUT_OF_TIME,
    FEET_LOOK_LIKE_CENTIMETRES,
    FEET_LOOK_Z_UP,
    FRAMES_COST_TOO_MUCH,
    ODD_FRAMES,
    WireError,
)
from stereosync_bridge.events import FrameReceived
from stereosync_bridge.ids import short
from stereosync_bridge.plausibility import odd
from stereosync_runtime.budget import Looks
from stereosync_runtime.sight import STALE_S

log = logging.getLogger("stereosync.runtime")

FRAMES_DOUBTED = 30  # from the first on, in which conventions are looked for that are the wrong way round
AHEAD_OF_ARRIVAL_S = 0.25  # more than an estimate of the clock can be off
OUT_OF_TIME_IN_A_ROW = 5
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
class RejectFrame:
    """The client's frame could not be used; it may send another."""

    session_id: str
    error: WireError


@dataclass(frozen=True)
class EndSession:
    """The session cannot go on; `rule` tells the client why."""

    session_id: str
    rule: str


@dataclass(frozen=True)
class Warn:
    """A warning: what the client sends looks wrong, though it was used; `rule` says why and what to do."""

    session_id: str
    code: str
    field: str
    rule: str


Outgoing: TypeAlias = SendAudio | GrantCredit | RejectFrame | EndSession | Warn


def _odd_words(told: Told) -> list[str]:
    odd = [ODD_FEET[told.odd_feet]] if told.odd_feet in ODD_FEET else []
    return [*odd, CONTACTS_OUT_OF_TIME] if told.out_of_time else odd


def clock_rule(age_s: float) -> str:
    """The rule that frames break which come so long after their stamp, or, below 0, before it; "" if none."""
    if -AHEAD_OF_ARRIVAL_S < age_s < STALE_S:
        return ""
    side = f"{age_s:.3g} s after" if age_s > 0 else f"{-age_s:.3g} s before"
    return f"frames come {side} their stamp: is it in seconds, and on the clock of sent_client_s in HELLO and PING?"


def cost_rule(picture: str, took_ms: float) -> str:
    """The rule for frames that take too long to read, each with such a picture."""
    return (
        f"frames with a {picture} take {took_ms:.0f} ms each to read, so that few of them are looked at: "
        "send no more than 640 x 360, and depth alike"
    )


class Notices:
    """One session's notices: unknown words go to the log, odd conventions to the client. Bounded, whatever comes."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._words: set[str] = set()
        self._warned: set[str] = set()
        self._frames = 0
        self._out_of_time = 0  # frames in a row

    def of(self, received: FrameReceived, told: Told, looks: Looks) -> list[Warn]:
        """Warnings for the client about a frame's words; those that mean nothing are named in the log."""
        for word in told.unknown_words:
            self._name(word)
        warnings = [Warn(self._session_id, code, *WARNINGS[code]) for code in _odd_words(told)]
        warnings += self._of_time(received)
        if looks.too_costly:
            warnings.append(self._of_cost(received, looks))
        if self._frames < FRAMES_DOUBTED:
            self._frames += 1
            odd_codes = odd(received.message, received.frame)
            warnings += [Warn(self._session_id, code, *ODD_FRAMES[code]) for code in odd_codes]
        fresh = [warning for warning in warnings if warning.code not in self._warned]
        self._warned.update(warning.code for warning in fresh)
        return fresh

    def _of_time(self, received: FrameReceived) -> list[Warn]:
        """Frames in a row that are stamped long before they come, or after."""
        rule = clock_rule(received.received_s - received.captured_s - received.clock_ahead_s)
        self._out_of_time = self._out_of_time + 1 if rule else 0
        if self._out_of_time < OUT_OF_TIME_IN_A_ROW:
            return []
        return [Warn(self._session_id, CLOCK_LOOKS_WRONG, "capture_client_s", rule)]

    def _of_cost(self, received: FrameReceived, looks: Looks) -> Warn:
        picture = received.message.picture
        rule = cost_rule(f"{picture.format} picture of {picture.width_px} x {picture.height_px}", 1000 * looks.mean_s)
        return Warn(self._session_id, FRAMES_COST_TOO_MUCH, "picture", rule)

    def _name(self, word: str) -> None:
        """In ASCII, because a console may have any encoding and a word any character."""
        if word in self._words or len(self._words) >= MOST_WORDS:
            return
        self._words.add(word)
        session = short(self._session_id)
        log.warning("session %s: %s is no ground or place that means something here", session, ascii(word))
        if len(self._words) == MOST_WORDS:
            log.warning("session %s: further unknown words are counted and not named", session)
