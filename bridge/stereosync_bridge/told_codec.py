"""Told facts from the wire to core's types and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stereosync.scene import Foot, ToldContact, ToldRoom, ToldScene
from stereosync_bridge.told_message import MAX_WORD_CHARS, ContactSpec, FootSpec, SceneSpec

Told = dict[str, Any]  # fields as they are sent, not yet held against their rules


def word(text: str | None) -> str | None:
    """An engine's word as it goes over the wire: cut at 64 code points; "" says as little as None."""
    return _cut(text) or None


def _cut(text: str | None) -> str | None:
    """The text with a question mark for each half of a surrogate pair, which has no bytes and JSON may hold."""
    if not isinstance(text, str):
        return text  # None, or what its rule will refuse
    return text[:MAX_WORD_CHARS].encode(errors="replace").decode()


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


def from_feet(feet: Sequence[Foot]) -> list[Told]:
    return [
        {"side": foot.side, "world_m": foot.world_m, "grounded": foot.grounded, "surface": word(foot.surface)}
        for foot in feet
    ]


def from_contacts(contacts: Sequence[ToldContact]) -> list[Told]:
    return [
        {
            "side": contact.side,
            "time_client_s": contact.time_s,
            "strength": contact.strength,
            "surface": word(contact.surface),
        }
        for contact in contacts
    ]


def from_scene(scene: ToldScene | None) -> Told | None:
    if scene is None:
        return None
    room = scene.room
    return {
        "place": _cut(scene.place),
        "amount": scene.amount,
        "room": None if room is None else {"size_m": room.size_m, "hardness": room.hardness},
        "ambience": scene.ambience,
    }
