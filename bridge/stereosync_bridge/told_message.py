"""Told parts of a FRAME: feet, contacts, grounds, the place. They win over what is seen.

A field that is not told is not encoded, so that a frame which tells nothing has the bytes that it had in wire 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from stereosync.scene import SIDES
from stereosync_bridge.messages import TIME_S
from stereosync_bridge.rules import LEFT_OUT, Choice, Flag, FreeText, Group, Many, Maybe, Number

MAX_FEET = 4
MAX_CONTACTS = 8
MAX_WORD_CHARS = 64  # Unicode code points

WORD = Maybe(FreeText(MAX_WORD_CHARS))  # an engine's own word; one that means nothing here is no hint
SHARE = Number(0, 1)
SIDE = Choice(SIDES)
POINT_M = Many(Number(-1e9, 1e9), 3, 3)


@dataclass(frozen=True)
class FootSpec:
    """A foot at the frame's moment: its sole or ankle at `world_m` (x, y up, z), metres, in any fixed world frame."""

    side: Annotated[str, SIDE]
    world_m: Annotated[tuple[float, float, float], POINT_M]
    grounded: Annotated[bool | None, Maybe(Flag()), LEFT_OUT] = None
    surface: Annotated[str | None, WORD, LEFT_OUT] = None


@dataclass(frozen=True)
class ContactSpec:
    """A foot that comes down at `time_client_s`; `strength` 0.5 is an ordinary walking step."""

    side: Annotated[str, SIDE]
    time_client_s: Annotated[float, TIME_S]
    strength: Annotated[float | None, Maybe(SHARE), LEFT_OUT] = None
    surface: Annotated[str | None, WORD, LEFT_OUT] = None


@dataclass(frozen=True)
class RoomSpec:
    """`size_m` is the typical width, 0 outdoors; `hardness` the share of the energy that the walls give back."""

    size_m: Annotated[float, Number(0, 10_000)]
    hardness: Annotated[float, SHARE]


@dataclass(frozen=True)
class SceneSpec:
    """The place; `place` "" is a quiet one. Without `ambience` only steps and their room are to be heard."""

    place: Annotated[str | None, WORD, LEFT_OUT] = None
    amount: Annotated[float | None, Maybe(SHARE), LEFT_OUT] = None
    room: Annotated[RoomSpec | None, Maybe(Group(RoomSpec)), LEFT_OUT] = None
    ambience: Annotated[bool, Flag(), LEFT_OUT] = True


FEET = Many(Group(FootSpec), 0, MAX_FEET)
CONTACTS = Many(Group(ContactSpec), 0, MAX_CONTACTS)
SCENE = Maybe(Group(SceneSpec))
