"""Contacts that a game tells one by one, until they are too old to be sent. Pure; the thread of the task manager."""

from __future__ import annotations

from stereosync.scene import ToldContact
from stereosync.told import AHEAD_S, BACK_S

SAME_S = 0.12  # closer contacts of one side are the same one, told anew
MOST_CONTACTS = 8


class ContactBook:
    """The contacts of one character. Times are those of the client's clock."""

    def __init__(self) -> None:
        self._told: list[ToldContact] = []

    def add(self, contact: ToldContact) -> None:
        """Take a contact, in place of the same one told before."""
        self._told = [one for one in self._told if not _same(one, contact)] + [contact]

    def of_frame(self, captured_s: float) -> tuple[ToldContact, ...]:
        """The contacts that a frame of this moment tells; older ones are forgotten."""
        self._told = [one for one in self._told if one.time_s >= captured_s - BACK_S]
        return tuple(one for one in self._told if one.time_s <= captured_s + AHEAD_S)[:MOST_CONTACTS]


def _same(one: ToldContact, other: ToldContact) -> bool:
    return one.side == other.side and abs(one.time_s - other.time_s) < SAME_S
