"""Motions of a glTF file: one for each animation, of some hundred points of its body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.errors import StereoSyncError, UserError
from stereosync_scenes.cycles.feet import is_foot
from stereosync_scenes.cycles.gltf.body import body_of
from stereosync_scenes.cycles.gltf.container import GltfFile, open_gltf
from stereosync_scenes.cycles.gltf.nodes import Channels, Nodes, channels_of
from stereosync_scenes.cycles.motion import SIDES, Motion
from stereosync_scenes.cycles.points import chosen_points
from stereosync_scenes.plan import FloatArray

RATE_HZ = 60.0
LONGEST_S = 120.0
MOST_NODES = 4000
SAMPLES = 5  # moments of the first animation by which points are chosen
TO_RIGHT = np.array([-1.0, 1.0, 1.0])  # glTF has the body's left at +x


def read_gltf(path: Path) -> list[Motion]:
    """The animations of a .gltf or .glb file.

    Raises:
        UserError: it is damaged, needs what is not read, or has no animation or more than one body.
    """
    try:
        with np.errstate(all="ignore"):  # numbers of a damaged file; what is not finite is refused later
            return _motions(open_gltf(path))
    except StereoSyncError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise UserError(f"it is damaged ({error!r}): export it again") from error


def _motions(file: GltfFile) -> list[Motion]:
    animations = file.all_of("animations")
    if not animations:
        raise UserError("it has no animation: export it with its animations")
    nodes = Nodes(file)
    if len(nodes.nodes) > MOST_NODES:
        raise UserError(f"it has {len(nodes.nodes)} nodes, and {MOST_NODES} are read: export the character alone")
    clips = [channels_of(file, animation) for animation in animations]
    body = body_of(file, nodes, set().union(*clips))
    if not body.joints_only:
        longest = max(clips, key=_end_s)
        seen = body.at(nodes.places(longest, np.linspace(0, _end_s(longest), SAMPLES)))
        feet = np.array([is_foot(name) for name in nodes.names])
        body = body.only(chosen_points(seen, feet[body.bone]))
    names = tuple(nodes.names[int(number)] for number in body.bone)
    first = Motion("", file.path.stem, np.zeros(0), 1.0, names, body.joints_only, front_known=True)
    found = []
    for number, (animation, channels) in enumerate(zip(animations, clips, strict=True)):
        times_s = _times_s(channels)
        points = body.at(nodes.places(channels, times_s)) * TO_RIGHT
        points = np.broadcast_to(points, (len(times_s), *points.shape[1:]))
        name, step_s = str(animation.get("name", f"animation {number}")), float(times_s[1] - times_s[0])
        found.append(replace(first, name=name, points_m=points, step_s=step_s, contacts=_contacts(animation)))
    return found


def _end_s(channels: Channels) -> float:
    return max((float(one.times_s[-1]) for paths in channels.values() for one in paths.values()), default=0.0)


def _times_s(channels: Channels) -> FloatArray:
    """Moments (F,) from the first key to the last, evenly spread; two at least."""
    keys = [one.times_s for paths in channels.values() for one in paths.values()]
    begin = min((float(key[0]) for key in keys), default=0.0)
    length_s = min(max(_end_s(channels) - begin, 1 / RATE_HZ), LONGEST_S)
    return begin + np.linspace(0, length_s, max(round(length_s * RATE_HZ), 1) + 1)


def _contacts(animation: dict[str, Any]) -> tuple[float, float] | None:
    """Phases of the clip that `extras` tell."""
    extras = animation.get("extras")
    told = extras.get("contacts") if isinstance(extras, dict) else None
    if told is None:
        return None
    left, right = (float(told[side]) for side in SIDES)
    if not np.isfinite([left, right]).all():
        raise UserError(f"the contacts of {animation.get('name')!r} are not finite: phases go from 0 to 1")
    return left, right
