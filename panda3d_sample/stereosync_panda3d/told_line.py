"""One line for people: what a frame tells beside its picture, and what of it the service has no use for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stereosync.scene import SceneFrame, ToldScene

NOTHING = "nothing is told, all is seen"


def told_line(frame: SceneFrame, takes: Mapping[str, bool]) -> str:
    """`takes` are the capabilities of WELCOME."""
    told = dict(_told(frame))
    if not told:
        return NOTHING
    unused = [kind for kind in told if not takes.get(kind, False)]
    line = f"told: {', '.join(told.values())}"
    return f"{line}; not used by this service: {', '.join(unused)}" if unused else line


def _told(frame: SceneFrame) -> Iterator[tuple[str, str]]:
    """Each kind that is told, by its capability, in words."""
    if feet := [foot for box in frame.boxes for foot in box.feet]:
        yield "feet", _counted(len(feet), "foot", "feet")
    if grounds := _grounds(frame):
        yield "surface", f"ground {' and '.join(grounds)}"
    if contacts := [contact for box in frame.boxes for contact in box.contacts]:
        yield "contacts", _counted(len(contacts), "contact", "contacts")
    if frame.scene is not None and (words := list(_scene(frame.scene))):
        yield "scene", ", ".join(words)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _grounds(frame: SceneFrame) -> list[str]:
    """Every word for a ground, once."""
    said: list[str | None] = []
    for box in frame.boxes:
        said += [foot.surface for foot in box.feet] + [contact.surface for contact in box.contacts] + [box.surface]
    return list(dict.fromkeys(word for word in said if word))


def _scene(scene: ToldScene) -> Iterator[str]:
    if scene.place is not None:
        yield f"place {scene.place}" if scene.place else "a quiet place"
    if scene.amount is not None:
        yield f"amount {scene.amount:.2f}"
    if (room := scene.room) is not None:
        yield f"room of {room.size_m:.0f} m, hardness {room.hardness:.2f}" if room.size_m else "outdoors"
    if not scene.ambience:
        yield "steps alone"
