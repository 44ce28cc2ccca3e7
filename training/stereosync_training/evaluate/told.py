"""Told facts of a walk, for the rows of a report in which the model is told what it would have to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from stereosync.scene import Box, Foot, SceneFrame, ToldContact
from stereosync_scenes.telling import told_contacts, told_scene
from stereosync_scenes.walk import WalkTruth

Tell = Callable[[Iterable[SceneFrame], WalkTruth], Iterator[SceneFrame]]


def tell(
    frames: Iterable[SceneFrame], truth: WalkTruth, contacts: bool, feet: bool, rest: bool
) -> Iterator[SceneFrame]:
    """The frames of a walk as an engine tells them: contacts up to half a second ahead, feet where the frames have
    them, and with `rest` grounds, strength, place and room."""
    for frame in frames:
        boxes = tuple(_told_box(box, frame.capture_time_s, truth, contacts, feet, rest) for box in frame.boxes)
        yield replace(frame, boxes=boxes, scene=told_scene(truth) if rest else None)


def _told_box(box: Box, frame_s: float, truth: WalkTruth, contacts: bool, feet: bool, rest: bool) -> Box:
    said = told_contacts(truth, box, frame_s) if contacts else ()
    own = box.feet if feet else ()
    if not rest:
        said, own = tuple(map(_moment, said)), tuple(map(_without_ground, own))
    return replace(box, contacts=said, feet=own, surface=None)


def _moment(contact: ToldContact) -> ToldContact:
    """A contact with its time, and nothing else of it."""
    return ToldContact(contact.side, contact.time_s)


def _without_ground(foot: Foot) -> Foot:
    return replace(foot, surface=None)


TELLING: Mapping[str, Tell] = {
    "model": partial(tell, contacts=False, feet=False, rest=False),
    "told": partial(tell, contacts=True, feet=True, rest=True),
    "told_contacts": partial(tell, contacts=True, feet=False, rest=False),
    "told_feet": partial(tell, contacts=False, feet=True, rest=False),
}
"""By row: what the model is told. `model` is told nothing."""


def lacks_feet(frames: Iterable[SceneFrame]) -> bool:
    """True if somebody is there and nobody has feet."""
    boxes = [box for frame in frames for box in frame.boxes]
    return bool(boxes) and not any(box.feet for box in boxes)
