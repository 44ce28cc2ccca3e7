"""Told facts of a walk, as an engine would tell them beside its picture: feet, contacts ahead, grounds, place and room.

`told_feet` and `whereabouts` read a plan; the others know a walk's truth alone, whichever world it is from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from stereosync.acoustics import hardness
from stereosync.scene import SIDES, Box, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.told import AHEAD_S, BACK_S
from stereosync_scenes.feet import foot_at
from stereosync_scenes.plan import FloatArray, Plan
from stereosync_scenes.truth import as_triple
from stereosync_scenes.walk import Contact, WalkTruth, Whereabouts

ORDINARY_STRENGTH, STRENGTH_PER_OCTAVE = 0.5, 0.25
MOST_CONTACTS = 8
Feet = Mapping[int, tuple[Foot, ...]]  # by character


def told_feet(plan: Plan, time_s: float) -> dict[int, tuple[Foot, ...]]:
    """Both ankles of every character at a time, y up, with the ground that each is over."""
    return {
        character.id: tuple(
            Foot(side, y_up(ankle := foot_at(character, number, time_s).ankle), None, ground_under(plan, ankle))
            for number, side in enumerate(SIDES)
        )
        for character in plan.characters
    }


def ground_under(plan: Plan, point_m: FloatArray) -> str:
    """The ground under a world point (3,)."""
    return plan.ground_at(float(point_m[0]), float(point_m[1]))


def y_up(point_m: FloatArray) -> tuple[float, float, float]:
    """A world point (x, y, z up) with its height in the middle."""
    x, y, z = as_triple(point_m)
    return x, z, y


def whereabouts(plan: Plan, time_s: float) -> tuple[Whereabouts, ...]:
    """Everybody in the camera space of a time."""
    return tuple(
        Whereabouts(
            character.id,
            as_triple(plan.shot.to_camera([*(middle := character.track.position_at(time_s)), 0.0], time_s)),
            as_triple(plan.shot.to_camera([*middle, character.body.height_m], time_s)),
        )
        for character in plan.characters
    )


def told(frame: SceneFrame, truth: WalkTruth, feet: Feet) -> SceneFrame:
    """The frame with all that an engine knows of it."""
    boxes = tuple(
        replace(box, feet=feet.get(box.id, ()), contacts=told_contacts(truth, box, frame.capture_time_s))
        for box in frame.boxes
    )
    return replace(frame, boxes=boxes, scene=told_scene(truth))


def told_contacts(truth: WalkTruth, box: Box, frame_s: float) -> tuple[ToldContact, ...]:
    """A box's contacts from shortly before a frame to half a second after it."""
    near = [
        contact
        for contact in truth.contacts
        if contact.character_id == box.id and -BACK_S <= contact.time_s - frame_s <= AHEAD_S
    ]
    return tuple(map(_told_contact, near[:MOST_CONTACTS]))


def _told_contact(contact: Contact) -> ToldContact:
    return ToldContact(contact.foot, contact.time_s, strength_of(contact.force), contact.ground)


def strength_of(force: float) -> float:
    """A contact's force, 1 an ordinary step, as strength from 0 to 1."""
    return min(max(ORDINARY_STRENGTH + STRENGTH_PER_OCTAVE * math.log2(max(force, 1e-3)), 0.0), 1.0)


def told_scene(truth: WalkTruth) -> ToldScene:
    """The walk's place, as an engine tells it."""
    room = truth.room
    return ToldScene(truth.place, truth.amount, ToldRoom(room.size_m, hardness(room.size_m, room.rt60_s)))
