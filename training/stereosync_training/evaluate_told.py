"""What an engine tells of a walk, for the rows of a report in which the model is told what it would have to see."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from stereosync.acoustics import hardness
from stereosync.scene import Box, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.told import AHEAD_S, BACK_S
from stereosync_scenes.walk import Contact, WalkTruth

ORDINARY_STRENGTH, STRENGTH_PER_OCTAVE = 0.5, 0.25

Tell = Callable[[Iterable[SceneFrame], WalkTruth], Iterator[SceneFrame]]


def strength_of(force: float) -> float:
    """A contact's force, 1 an ordinary step, as strength from 0 to 1."""
    return min(max(ORDINARY_STRENGTH + STRENGTH_PER_OCTAVE * math.log2(max(force, 1e-3)), 0.0), 1.0)


def tell(
    frames: Iterable[SceneFrame], truth: WalkTruth, contacts: bool, feet: bool, rest: bool
) -> Iterator[SceneFrame]:
    """The frames of a walk as an engine tells them: contacts up to half a second ahead, feet where the frames have
    them, and with `rest` grounds, strength, place and room."""
    scene = told_scene(truth) if rest else None
    for frame in frames:
        boxes = tuple(_told_box(box, frame.capture_time_s, truth, contacts, feet, rest) for box in frame.boxes)
        yield replace(frame, boxes=boxes, scene=scene)


def told_scene(truth: WalkTruth) -> ToldScene:
    """What an engine says of the walk's place."""
    room = truth.room
    return ToldScene(truth.place, truth.amount, ToldRoom(room.size_m, hardness(room.size_m, room.rt60_s)))


def _told_box(box: Box, frame_s: float, truth: WalkTruth, contacts: bool, feet: bool, rest: bool) -> Box:
    own = [one for one in truth.contacts if one.character_id == box.id]
    near = [one for one in own if contacts and -BACK_S <= one.time_s - frame_s <= AHEAD_S]
    told = tuple(_told_contact(one, rest) for one in near[:8])
    kept = tuple(foot if rest else without_ground(foot) for foot in box.feet) if feet else ()
    return replace(box, contacts=told, feet=kept, surface=None)


def without_ground(foot: Foot) -> Foot:
    """The foot alone."""
    return replace(foot, surface=None)


def _told_contact(contact: Contact, rest: bool) -> ToldContact:
    if not rest:
        return ToldContact(contact.foot, contact.time_s)
    return ToldContact(contact.foot, contact.time_s, strength_of(contact.force), contact.ground)


TELLING: Mapping[str, Tell] = {
    "model": partial(tell, contacts=False, feet=False, rest=False),
    "told": partial(tell, contacts=True, feet=True, rest=True),
    "told_contacts": partial(tell, contacts=True, feet=False, rest=False),
    "told_feet": partial(tell, contacts=False, feet=True, rest=False),
}
"""By row: what the model is told. `model` is told nothing."""


def tells_feet(frames: Iterable[SceneFrame]) -> bool:
    """Whether some box of the frames has feet."""
    return any(box.feet for frame in frames for box in frame.boxes)
