"""BVH, motion capture as text: a hierarchy of joints, and numbers per frame (Meredith and Maddock, 2001)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.cycles.bvh_units import metres_of_unit
from stereosync_scenes.cycles.motion import Motion
from stereosync_scenes.plan import FloatArray

AXES = "XYZ"
TO_RIGHT = np.array([-1.0, 1.0, 1.0])  # captures have the body's left at +x
FASTEST_HZ, LONGEST_S = 60.0, 120.0
MOST_JOINTS = 500
WHOLE = "the file is cut off or damaged; export it again"


@dataclass
class Joint:
    """A joint, or an end site: `offset` (3,) from its parent, -1 at the top, and its channels' first column."""

    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0] * 3)
    channels: list[str] = field(default_factory=list)
    first: int = 0


def read_bvh(path: Path, say: Callable[[str], None]) -> Motion:
    """The one clip of a file; which unit was guessed is said.

    Raises:
        UserError: it is cut off, damaged, has two bodies, or a body of no plausible size.
    """
    words = iter(path.read_text(encoding="utf-8", errors="replace").split())
    try:
        joints = _hierarchy(words)
        numbers, step_s = _frames(words, sum(len(joint.channels) for joint in joints))
    except (StopIteration, ValueError, OverflowError) as error:
        raise UserError(f"it is no whole BVH ({str(error) or 'it ends early'}): {WHOLE}") from error
    every = max(round(1 / (FASTEST_HZ * step_s)), 1)
    numbers, step_s = numbers[::every], step_s * every
    with np.errstate(all="ignore"):  # what is not finite is refused as such
        points = _places(joints, numbers[: round(LONGEST_S / step_s)])
        metres, unit = metres_of_unit(points)
    say(f"BVH has no unit; this body is taken to be in {unit}")
    names = tuple(joint.name for joint in joints)
    return Motion(path.stem, path.stem, points * metres * TO_RIGHT, step_s, names, joints_only=True)


def _hierarchy(words: Iterator[str]) -> list[Joint]:
    """Joints and end sites, parents before children; the words up to and with MOTION are taken."""
    if next(words) != "HIERARCHY":
        raise ValueError("it does not begin with HIERARCHY")
    joints: list[Joint] = []
    above: list[int] = []
    columns = 0
    for word in words:
        if word in ("ROOT", "JOINT", "End"):
            if word == "ROOT" and joints:
                raise UserError("it holds two bodies: export each into a file of its own")
            name = next(words)
            parent = above[-1] if above else -1
            joints.append(Joint(f"{joints[parent].name} end" if word == "End" and above else name, parent))
            if len(joints) > MOST_JOINTS or next(words) != "{":
                raise ValueError(f"the joint {name!r} is not followed by its braces")
            above.append(len(joints) - 1)
        elif word == "OFFSET" and above:
            joints[above[-1]].offset = [float(next(words)) for _ in AXES]
        elif word == "CHANNELS" and above:
            channels = [next(words) for _ in range(min(int(next(words)), 6))]
            joints[above[-1]].channels, joints[above[-1]].first = channels, columns
            columns += len(channels)
        elif word == "}" and above:
            above.pop()
        elif word == "MOTION" and not above and joints:
            return joints
        else:
            raise ValueError(f"{word!r} stands where a joint is expected")
    raise ValueError("it has no MOTION")


def _frames(words: Iterator[str], columns: int) -> tuple[FloatArray, float]:
    """Numbers (F, columns) and the seconds between frames."""
    if next(words) != "Frames:":
        raise ValueError("the number of frames is missing")
    frames = int(next(words))
    if (next(words), next(words)) != ("Frame", "Time:"):
        raise ValueError("the frame time is missing")
    step_s = float(next(words))
    numbers = np.array([float(word) for word in words])
    if frames < 2:
        raise UserError("it has one frame, a pose: export an animation that walks")
    if not 1e-4 <= step_s <= 1.0:
        raise UserError(f"its frame time is {step_s:g} s: it is in seconds, such as 0.0333")
    if columns < 3 or len(numbers) < frames * columns:
        raise UserError(f"it has {len(numbers)} numbers of {frames} frames x {columns} channels: {WHOLE}")
    numbers = numbers[: frames * columns]  # some writers leave the T-pose out of their count
    if not np.isfinite(numbers).all():
        raise UserError("it has numbers that are not finite: export it again")
    return numbers.reshape(frames, columns), step_s


def _places(joints: list[Joint], numbers: FloatArray) -> FloatArray:
    """Joints (F, J, 3) in the file's unit."""
    points = np.zeros((len(numbers), len(joints), 3))
    turns: list[FloatArray] = []
    for number, joint in enumerate(joints):
        offset, turn = np.tile(joint.offset, (len(numbers), 1)), np.eye(3)[None]
        for column, channel in enumerate(joint.channels, joint.first):
            axis, kind = AXES.find(channel[:1].upper()), channel[1:].lower()
            if axis < 0 or kind not in ("position", "rotation"):
                raise UserError(f"it has a channel {channel!r}, and positions and rotations are read: export it again")
            if kind == "position":
                offset[:, axis] = numbers[:, column]
            else:
                turn = turn @ _turn(axis, np.radians(numbers[:, column]))
        if joint.parent < 0:
            points[:, number] = offset
            turns.append(turn)
        else:
            above = turns[joint.parent]
            points[:, number] = points[:, joint.parent] + (above @ offset[:, :, None])[..., 0]
            turns.append(above @ turn)
    return points


def _turn(axis: int, angle_rad: FloatArray) -> FloatArray:
    """Matrices (F, 3, 3) of a right-handed turn about an axis."""
    second, third = (axis + 1) % 3, (axis + 2) % 3
    matrices = np.zeros((len(angle_rad), 3, 3))
    matrices[:, axis, axis] = 1.0
    matrices[:, second, second] = matrices[:, third, third] = np.cos(angle_rad)
    matrices[:, third, second] = np.sin(angle_rad)
    matrices[:, second, third] = -np.sin(angle_rad)
    return matrices
