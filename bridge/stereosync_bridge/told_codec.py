"""Told facts from the wire to core's types and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from stereosync.scene import Foot, ToldContact, ToldRoom, ToldScene
from stereosync_bridge.told_message import CONTACTS, FEET, MAX_WORD_CHARS, SCENE, ContactSpec, FootSpec, SceneSpec

Plain = TypeVar("Plain")


def word(text: str | None) -> str | None:
    """An engine's word as it goes over the wire: cut at 64 code points; "" says as little as None."""
    return _cut(text) if text else None


def _cut(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair, which has no bytes and JSON may hold."""
    return text[:MAX_WORD_CHARS].encode(errors="replace").decode()


def _maybe(kind: Callable[..., Plain], value: object) -> Plain | None:
    """`value` as a plain type, because msgpack has no word for numpy's scalars."""
    return None if value is None else kind(value)


def to_feet(specs: Sequence[FootSpec]) -> tuple[Foot, ...]:
    return tuple(Foot(spec.side, spec.world_m, spec.grounded, word(spec.surface)) for spec in specs)


def to_contacts(specs: Sequence[ContactSpec], clock_offset_s: float) -> tuple[ToldContact, ...]:
    """Contacts with their times in the server's clock."""
    return tuple(
        ToldContact(spec.side, spec.time_client_s + clock_offset_s, spec.strength, word(spec.surface)) for spec in specs
    )


def to_scene(spec: SceneSpec | None) -> ToldScene | None:
    if spec is None:
        return None
    room = None if spec.room is None else ToldRoom(spec.room.size_m, spec.room.hardness)
    return ToldScene(spec.place, spec.amount, room, spec.ambience)


def from_feet(feet: Sequence[Foot], field: str) -> tuple[FootSpec, ...]:
    """Feet as they are sent.

    Raises:
        WireError: there are more than four, or one breaks a rule; `field` names where they stand.
    """
    told = [
        {
            "side": foot.side,
            "world_m": [float(metres) for metres in foot.world_m],
            "grounded": _maybe(bool, foot.grounded),
            "surface": word(foot.surface),
        }
        for foot in feet
    ]
    read: tuple[FootSpec, ...] = FEET.read(told, field)
    return read


def from_contacts(contacts: Sequence[ToldContact], field: str) -> tuple[ContactSpec, ...]:
    """Contacts as they are sent.

    Raises:
        WireError: there are more than `MAX_CONTACTS`, or one breaks a rule; `field` names where they stand.
    """
    told = [
        {
            "side": contact.side,
            "time_client_s": float(contact.time_s),
            "strength": _maybe(float, contact.strength),
            "surface": word(contact.surface),
        }
        for contact in contacts
    ]
    read: tuple[ContactSpec, ...] = CONTACTS.read(told, field)
    return read


def from_scene(scene: ToldScene | None) -> SceneSpec | None:
    """The told place as it is sent.

    Raises:
        WireError: a value breaks its rule.
    """
    if scene is None:
        return None
    room = scene.room
    told = {
        "place": _maybe(_cut, scene.place),
        "amount": _maybe(float, scene.amount),
        "room": None if room is None else {"size_m": float(room.size_m), "hardness": float(room.hardness)},
        "ambience": bool(scene.ambience),
    }
    read: SceneSpec = SCENE.read(told, "scene")
    return read
