"""Listening to the engine: from the words and feet of a frame to what is known for certain (`Told`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from stereosync.feet import FeetTrack, FootTrack, extend_feet, keyed
from stereosync.footfalls import contact_s, says_grounded
from stereosync.scene import Box, SceneFrame, ToldContact, ToldScene
from stereosync.told import AHEAD_S, BACK_S, KnownContact, Told
from stereosync.vocabulary import ground_of, place_of

OCTAVES_PER_STRENGTH = 4.0  # strength 0.5 is an ordinary step; a quarter less is half of its force
FAR_APART_M = 4.0  # no two feet of one body are farther apart for long
LOOKED_S = 1.5  # of feet, before anything is said of their convention
RISES_M, LIFTS_M = 1.5, 0.6  # what goes up by more in that time, while another axis stays within the lift of a foot
STEEPEST = 1.2  # stairs rise by less of their way


@dataclass(frozen=True)
class Listening:
    """The memory between frames, by box id: feet of late, and when the first two were last near each other."""

    feet: Mapping[int, FeetTrack] = field(default_factory=dict)
    near_s: Mapping[int, float] = field(default_factory=dict)


def listen(state: Listening, frame: SceneFrame) -> tuple[Listening, Told]:
    """One frame's words. Feet of a box that is gone are forgotten."""
    time_s = frame.capture_time_s
    feet = {box.id: extend_feet(state.feet.get(box.id), box.feet, time_s) for box in frame.boxes if box.feet}
    near_s = {box: _near_s(state.near_s.get(box, time_s), track, time_s) for box, track in feet.items()}
    words = _Words()
    contacts = {box.id: known for box in frame.boxes if (known := _contacts(box, feet.get(box.id), time_s, words))}
    grounds = {box.id: ground for box in frame.boxes if (ground := _ground(box, words)) is not None}
    scene = frame.scene or ToldScene()
    return Listening(feet, near_s), Told(
        contacts=contacts,
        feet=frozenset(feet),
        grounds=grounds,
        place=words.place(scene.place),
        amount=scene.amount,
        room=scene.room,
        ambience=scene.ambience,
        unknown_words=tuple(words.unknown),
        out_of_time=sum(_out_of_time(contact, time_s) for box in frame.boxes for contact in box.contacts),
        odd_feet=next((odd for box, track in feet.items() if (odd := _odd_feet(track, time_s - near_s[box]))), ""),
    )


class _Words:
    """Words that mean something, and those that do not, each once, in their order."""

    def __init__(self) -> None:
        self.unknown: dict[str, None] = {}

    def ground(self, text: str | None) -> str | None:
        return self._known(text, ground_of(text)) if text else None

    def place(self, text: str | None) -> str | None:
        return None if text is None else self._known(text, place_of(text))

    def _known(self, text: str, meaning: str | None) -> str | None:
        if meaning is None:
            self.unknown[text] = None
        return meaning


def _out_of_time(contact: ToldContact, frame_s: float) -> bool:
    return not -BACK_S <= contact.time_s - frame_s <= AHEAD_S


def _contacts(box: Box, track: FeetTrack | None, frame_s: float, words: _Words) -> tuple[KnownContact, ...]:
    told = [
        KnownContact(
            contact.time_s,
            contact.side,
            None if contact.strength is None else OCTAVES_PER_STRENGTH * (contact.strength - 0.5),
            words.ground(contact.surface),
        )
        for contact in box.contacts
        if not _out_of_time(contact, frame_s)
    ]
    read = [
        KnownContact(time_s, foot.side, None, words.ground(foot.surface), by_feet=not says_grounded(track.feet[key]))
        for key, foot in keyed(box.feet).items()
        if track is not None and (time_s := contact_s(track.feet[key])) is not None
    ]
    return tuple(told + read)


def _ground(box: Box, words: _Words) -> str | None:
    """The ground under a character: that of the foot that is lowest and knows one, else the box's."""
    own = words.ground(box.surface)
    under = [(foot.world_m[1], ground) for foot in box.feet if (ground := words.ground(foot.surface)) is not None]
    return min(under)[1] if under else own


def _near_s(before_s: float, track: FeetTrack, time_s: float) -> float:
    """The last time the first two feet were near each other; a track cannot say, since far steps begin it anew."""
    newest = [foot.points_m[-1] for foot in track.feet.values()][:2]
    near = len(newest) < 2 or float(np.linalg.norm(newest[0] - newest[1])) <= FAR_APART_M
    return time_s if near else before_s


def _odd_feet(track: FeetTrack, apart_s: float) -> str:
    """ "centimetres" or "z_up" where told feet look as if they were in another convention, else "". `apart_s`: for how
    long the first two have been far apart."""
    if apart_s >= LOOKED_S:
        return "centimetres"
    feet = [foot for foot in track.feet.values() if foot.times_s[-1] - foot.times_s[0] >= LOOKED_S]
    return "z_up" if feet and all(_climbs_sideways(foot) for foot in feet) else ""


def _climbs_sideways(foot: FootTrack) -> bool:
    """True if y goes its way as a course does, steeper than stairs, while z stays within the lift of a foot as a height
    does, or y does not move at all while the foot goes somewhere and z does what a height does."""
    x_m, y_m, z_m = np.ptp(foot.points_m, axis=0).tolist()
    height_like = 0.03 < z_m < LIFTS_M
    steep = y_m > max(RISES_M, STEEPEST * x_m)
    return bool(height_like and (steep or (y_m < 0.01 and x_m > RISES_M)))
