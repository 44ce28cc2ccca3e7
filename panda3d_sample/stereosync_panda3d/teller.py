"""Teller: what is told of the characters beside their boxes. The rendering thread makes every call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from stereosync.scene import Box, Foot, ToldContact
from stereosync_panda3d.feet import Sole, soles_of
from stereosync_panda3d.ground import GroundProbe
from stereosync_panda3d.options import CaptureOptions, Telling
from stereosync_panda3d.steps import ContactBook


@dataclass
class _Told:
    """One character. `surface` is the game's own word for what it walks on; with it no ray is cast."""

    body: Any
    telling: Telling
    soles: tuple[Sole, ...]
    contacts: ContactBook = field(default_factory=ContactBook)
    surface: str | None = None


class Teller:
    """Characters are known by the ids of their boxes; an unknown id is harmless."""

    def __init__(self, options: CaptureOptions) -> None:
        self._metres_per_unit = options.metres_per_unit
        self._probe = GroundProbe(options.ground_mask)
        self._characters: dict[int, _Told] = {}

    def add(self, number: int, body: Any, telling: Telling) -> None:
        """Tell of a body from here on.

        Raises:
            JointError: a joint is named that the body does not have.
        """
        self._characters[number] = _Told(body, telling, soles_of(body, telling))

    def remove(self, number: int) -> None:
        told = self._characters.pop(number, None)
        for sole in () if told is None else told.soles:
            sole.release()

    def tell_contact(self, number: int, contact: ToldContact) -> None:
        if number in self._characters:
            self._characters[number].contacts.add(contact)

    def tell_surface(self, number: int, surface: str | None) -> None:
        if number in self._characters:
            self._characters[number].surface = surface

    def told(self, box: Box, world: Any, captured_s: float) -> Box:
        """The box with all that is told of its character, whose feet are those of this moment in `world`."""
        told = self._characters[box.id]
        feet = tuple(self._foot(told, sole, world) for sole in told.soles if not sole.path.isEmpty())
        surface = told.surface
        if not feet:
            surface = surface or self._ground(told, told.body.getPos(world), world)
        return replace(box, feet=feet, contacts=told.contacts.of_frame(captured_s), surface=surface)

    def _foot(self, told: _Told, sole: Sole, world: Any) -> Foot:
        point = sole.path.getPos(world)
        x, y, z = (float(number) * self._metres_per_unit for number in point)
        return Foot(sole.side, (x, z, y), surface=self._ground(told, point, world))

    def _ground(self, told: _Told, point: Any, world: Any) -> str | None:
        if not told.telling.ground or told.surface:
            return None
        return self._probe.under(point, world, told.body, self._metres_per_unit)
