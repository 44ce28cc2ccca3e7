"""A source as if some of what its engine told had not been told: what is then heard is what is seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from stereosync.scene import Box, SceneFrame
from stereosync_tools.audition.performance import KnownContact
from stereosync_tools.audition.sources import NowS, Source, Timeline, unhurried

WHAT = ("feet", "contacts", "surface", "scene")
ALL = "all"


def ignored_from(text: str | None) -> tuple[str, ...]:
    """The words of a list like "feet,surface", in the order of `WHAT`; `all` stands for every one.

    Raises:
        ValueError: a word is none of them; the message names them.
    """
    words = {word.strip() for word in (text or "").split(",")} - {""}
    unknown = sorted(words - {*WHAT, ALL})
    if unknown:
        raise ValueError(f"can be ignored: {', '.join(WHAT)} or {ALL}; got {', '.join(map(ascii, unknown))}")
    return tuple(what for what in WHAT if words & {what, ALL})


def ignoring(frame: SceneFrame, what: Collection[str]) -> SceneFrame:
    """The frame as if `what` had not been told. A surface is one wherever it stands: box, foot or contact."""
    boxes = tuple(_ignoring(box, what) for box in frame.boxes)
    return replace(frame, boxes=boxes, scene=None if "scene" in what else frame.scene)


def _ignoring(box: Box, what: Collection[str]) -> Box:
    feet = () if "feet" in what else box.feet
    contacts = () if "contacts" in what else box.contacts
    if "surface" not in what:
        return replace(box, feet=feet, contacts=contacts)
    return replace(
        box,
        feet=tuple(replace(foot, surface=None) for foot in feet),
        contacts=tuple(replace(contact, surface=None) for contact in contacts),
        surface=None,
    )


class IgnoringSource:
    """Another source whose engine does not tell `what`."""

    def __init__(self, source: Source, what: Collection[str]) -> None:
        self._source, self._what = source, what
        self.title = f"{source.title}, {', '.join(what)} not told"

    @property
    def duration_s(self) -> float:
        return self._source.duration_s

    def timeline(self, now_s: NowS = unhurried) -> Timeline:
        return ((time_s, ignoring(frame, self._what)) for time_s, frame in self._source.timeline(now_s))

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]:
        return self._source.contacts(until_s)
