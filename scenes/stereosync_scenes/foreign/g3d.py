"""Reader of G3D models (version 4), the format of Glest and MegaGlest: vertices of every key frame.

The format is described in MegaGlest's `docs/g3d_format` and its `model_header.h`; y is up, numbers are little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.plan import FloatArray

MAGIC, VERSION = b"G3D", 4
HEADER, MESH = "<3sBHB", "<64s3I8f2I"
NAME_BYTES, TEXTURES = 64, 8


@dataclass(frozen=True, eq=False)
class Mesh:
    """`points` and `normals` (F, V, 3) in the file's own units, `uv` (V, 2), `corners` (M, 3).

    `texture` is the name of the picture's file, "" where there is none; then `uv` is 0.
    """

    name: str
    points: FloatArray
    normals: FloatArray
    uv: FloatArray
    corners: npt.NDArray[np.uint32]
    texture: str


def read_g3d(data: bytes) -> tuple[Mesh, ...]:
    """The meshes in the bytes of a .g3d file. Raises BadFile when it is another format, cut short or damaged."""
    if data[:3] != MAGIC or len(data) < struct.calcsize(HEADER) or data[3] != VERSION:
        raise BadFile("this is no G3D model of version 4; choose a .g3d file of MegaGlest")
    try:
        return _read(data)
    except (struct.error, ValueError) as error:
        raise BadFile(f"the model is cut short or damaged ({error}): fetch its package again") from error


def _read(data: bytes) -> tuple[Mesh, ...]:
    _, _, count, _ = struct.unpack_from(HEADER, data)
    place, meshes = struct.calcsize(HEADER), []
    for _ in range(count):
        mesh, place = _mesh(data, place)
        meshes.append(mesh)
    if not meshes:
        raise ValueError("it has no mesh")
    return tuple(meshes)


def _mesh(data: bytes, place: int) -> tuple[Mesh, int]:
    """The mesh that begins at `place`, and where it ends."""
    name, frames, vertices, indices, *_, textures = struct.unpack_from(MESH, data, place)
    place += struct.calcsize(MESH)
    names = []
    for _ in range((textures & ((1 << TEXTURES) - 1)).bit_count()):
        names.append(_text(struct.unpack_from(f"<{NAME_BYTES}s", data, place)[0]))
        place += NAME_BYTES
    points, place = _floats(data, place, (frames, vertices, 3))
    normals, place = _floats(data, place, (frames, vertices, 3))
    uv = np.zeros((vertices, 2))
    if names:
        uv, place = _floats(data, place, (vertices, 2))
    corners = np.frombuffer(data, "<u4", indices, place).reshape(-1, 3).astype(np.uint32)
    if indices and corners.max() >= vertices:
        raise ValueError("a triangle names a vertex that is not there")
    return Mesh(_text(name), points, normals, uv, corners, names[0] if names else ""), place + 4 * indices


def _floats(data: bytes, place: int, shape: tuple[int, ...]) -> tuple[FloatArray, int]:
    """Numbers of a shape, and where they end."""
    count = int(np.prod(shape))
    numbers = np.frombuffer(data, "<f4", count, place).reshape(shape).astype(np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("a number is not finite")
    return numbers, place + 4 * count


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("latin-1")
