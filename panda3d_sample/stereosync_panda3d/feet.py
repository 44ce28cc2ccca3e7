"""Feet: which joints of an Actor, or which node paths, stand for them. The rendering thread."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stereosync.errors import StereoSyncError
from stereosync.scene import SIDES
from stereosync_panda3d.options import Telling

MOST_OF_A_SIDE = 2
PREFIX = re.compile(r"^(.*:)?(bip0*1|def)?")  # of a rig: "mixamorig:", "Bip01 ", "DEF-"
PARTS = ("foot", "ankle")


class JointError(StereoSyncError, ValueError):
    """A joint that the body does not have; the sentence names those that it has."""


@dataclass(frozen=True)
class Sole:
    """A foot of one side. `joint` is None for a node path of the game's own."""

    side: str
    path: Any
    joint: Any = None

    def release(self) -> None:
        """Take back what was added to the body."""
        if self.joint is not None:
            self.joint.removeNetTransform(self.path.node())
            self.path.removeNode()


def soles_of(body: Any, telling: Telling) -> tuple[Sole, ...]:
    """The feet of `body`: those that `telling` names, else joints of an Actor with a usual name; two of a side at most.

    Raises:
        JointError: a joint is named that the body does not have.
    """
    if not telling.feet:
        return ()
    named = [(side, one) for side in SIDES for one in getattr(telling, side)[:MOST_OF_A_SIDE]]
    if not named:
        named = [(side, joint) for side in SIDES if (joint := usual_joint(joints_of(body), side)) is not None]
    return tuple(_sole(body, side, one) for side, one in named)


def usual_joint(names: Iterable[str], side: str) -> str | None:
    """The first joint that is called a foot, else an ankle: "LeftFoot", "foot.L", "mixamorig:LeftFoot", "l_ankle"."""
    plain = {plain_name(name): name for name in reversed(list(names))}
    words = [word for part in PARTS for mark in (side, side[0]) for word in (mark + part, part + mark)]
    return next((plain[word] for word in words if word in plain), None)


def plain_name(name: str) -> str:
    """A joint's name without case, what stands between words, and the prefix of a rig: "Bip01 L Foot" is "lfoot"."""
    return re.sub(r"[^a-z0-9]", "", PREFIX.sub("", name.lower()))


def joints_of(body: Any) -> dict[str, str]:
    """The part of each joint of an Actor by the joint's name; nothing for any other node path."""
    if not hasattr(body, "exposeJoint"):
        return {}
    return {joint.getName(): part for part in body.getPartNames() for joint in body.getJoints(part)}


def _sole(body: Any, side: str, one: Any) -> Sole:
    if not isinstance(one, str):
        return Sole(side, one)
    joints = joints_of(body)
    if one not in joints:
        known = ", ".join(joints) or "none: is it an Actor?"
        raise JointError(f"there is no joint {one!r}; the joints of this body are {known}")
    lod = body.getLODNames()[0]
    path = body.exposeJoint(None, joints[one], one, lod)
    return Sole(side, path, next(joint for joint in body.getJoints(joints[one], one) if joint.getName() == one))
