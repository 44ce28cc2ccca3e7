"""BVH text of a moving figure, without heels as captures are: for tests of who reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from moving_figure import BONES, MovingFigure

from stereosync_scenes.plan import FloatArray

CHANNELS = "Xposition Yposition Zposition Zrotation Xrotation Yrotation"


def figure_bvh(path: Path, figure: MovingFigure, unit_m: float = 0.01) -> Path:
    """A file of a figure's walk, six channels a joint."""
    lines = ["HIERARCHY", *_joint(figure, 0, unit_m), "MOTION", f"Frames: {len(figure.times_s)}"]
    lines.append(f"Frame Time: {figure.times_s[1] - figure.times_s[0]:.7f}")
    columns = np.concatenate([_columns(figure, bone, unit_m) for bone in _in_order(figure, 0)], axis=1)
    lines += [" ".join(f"{value:.5f}" for value in row) for row in columns]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _children(figure: MovingFigure, bone: int) -> list[int]:
    return [child for child, parent in enumerate(figure.parents) if parent == bone]


def _in_order(figure: MovingFigure, bone: int) -> list[int]:
    return [bone, *(below for child in _children(figure, bone) for below in _in_order(figure, child))]


def _joint(figure: MovingFigure, bone: int, unit_m: float) -> list[str]:
    name, parent = list(BONES.values())[bone][2], figure.parents[bone]
    offset = (figure.places_m[0, bone] - figure.places_m[0, parent]) / unit_m if parent >= 0 else np.zeros(3)
    lines = [f"{'ROOT' if parent < 0 else 'JOINT'} {name}", "{", f"OFFSET {' '.join(f'{one:.5f}' for one in offset)}"]
    lines.append(f"CHANNELS 6 {CHANNELS}")
    for child in _children(figure, bone):
        lines += _joint(figure, child, unit_m)
    if not _children(figure, bone):
        end = np.array([0.0, 0.15 if name == "Head" else 0.0, 0.0]) / unit_m
        lines += ["End Site", "{", f"OFFSET {' '.join(f'{one:.5f}' for one in end)}", "}"]
    return [*lines, "}"]


def _columns(figure: MovingFigure, bone: int, unit_m: float) -> FloatArray:
    """Channels (F, 6) of a bone within its parent."""
    turns, offset, parent = figure.turns[:, bone], figure.places_m[:, bone], figure.parents[bone]
    if parent >= 0:
        back = figure.turns[:, parent].transpose(0, 2, 1)
        turns, offset = back @ turns, (back @ (offset - figure.places_m[:, parent])[..., None])[..., 0]
    x = np.arcsin(np.clip(turns[:, 2, 1], -1, 1))  # turns = Z X Y
    y = np.arctan2(-turns[:, 2, 0], turns[:, 2, 2])
    z = np.arctan2(-turns[:, 0, 1], turns[:, 1, 1])
    return np.concatenate([offset / unit_m, np.degrees(np.stack([z, x, y], axis=1))], axis=1)
