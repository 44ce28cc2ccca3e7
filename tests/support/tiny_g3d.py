"""Models of the game, as small as they can be."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from stereosync_scenes.foreign import g3d

FRAMES = 12
REACH, HEAD = 0.4, 2.0  # in the file's units: a foot's way before and behind the body, and the body's height
Points = npt.NDArray[np.float64]


def stick_points(rest: float = 0.5, lift: float = 0.2) -> Points:
    """A body (FRAMES, 20, 3) that faces z with y up: feet, hips and a head. The left foot comes down at phase 0, the
    right at 0.5; a foot stands for the share `rest` of the turn."""
    box = np.array([(x, y, z) for x in (-0.05, 0.05) for y in (0.0, 0.1) for z in (-0.1, 0.1)])
    rest_of_it = [(0.1, 1.0, 0), (-0.1, 1.0, 0), (0.0, HEAD, 0.05), (0.0, HEAD, -0.05)]
    frames = []
    for frame in range(FRAMES):
        feet = [box + _foot(frame / FRAMES + shift, side, rest, lift) for shift, side in ((0.0, 0.15), (0.5, -0.15))]
        frames.append(np.concatenate([*feet, rest_of_it]))
    return np.array(frames)


def _foot(phase: float, side: float, rest: float, lift: float) -> Points:
    part = phase % 1.0
    if part < rest:
        return np.array([side, 0.0, REACH * (1 - 2 * part / rest)])
    swing = (part - rest) / (1 - rest)
    return np.array([side, lift * np.sin(np.pi * swing), -REACH * np.cos(np.pi * swing)])


def g3d_bytes(points: Points, texture: str = "", corners: npt.NDArray[np.integer] | None = None) -> bytes:
    """A model with one mesh of points (F, V, 3), whose normals are up."""
    frames, vertices = points.shape[:2]
    if corners is None:
        corners = np.array([(n, (n + 1) % vertices, (n + 2) % vertices) for n in range(vertices)])
    head = struct.pack(g3d.HEADER, b"G3D", 4, 1, 0)
    mesh = struct.pack(g3d.MESH, b"body", frames, vertices, corners.size, *[1.0] * 8, 0, 1 if texture else 0)
    name = texture.encode().ljust(g3d.NAME_BYTES, b"\0") if texture else b""
    normals = np.broadcast_to(np.array([0.0, 1.0, 0.0]), points.shape)
    uv = np.full((vertices, 2), 0.25) if texture else np.zeros((0, 2))
    arrays = (points.astype("<f4"), normals.astype("<f4"), uv.astype("<f4"), corners.astype("<u4"))
    return head + mesh + name + b"".join(array.tobytes() for array in arrays)
