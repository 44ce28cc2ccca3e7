"""Reader of MD3 models: vertices of every frame, and the tags at which one part carries the next.

The format is described by PhaethonH, "Description of MD3 format" (2002). Units become metres as in `bsp`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync_scenes.arena.bsp import METRES_PER_UNIT, BadFile
from stereosync_scenes.plan import FloatArray

TAG = np.dtype([("name", "S64"), ("origin", "<f4", 3), ("axes", "<f4", (3, 3))])
POINT = np.dtype([("place", "<i2", 3), ("normal", "u1", 2)])
HEADER, SURFACE = "<4si64s9i", "<4s64s10i"
UNITS_PER_STEP = 1 / 64


@dataclass(frozen=True, eq=False)
class Surface:
    """`points_m` and `normals` (F, V, 3), `uv` (V, 2), `corners` (M, 3); `name` is what skins call it."""

    name: str
    shader: str
    points_m: FloatArray
    normals: FloatArray
    uv: FloatArray
    corners: npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Tag:
    """The point that carries a part, per frame: `origin_m` (F, 3) and orthonormal `axes` (F, 3, 3), one axis a row."""

    origin_m: FloatArray
    axes: FloatArray


@dataclass(frozen=True, eq=False)
class Model:
    frames: int
    surfaces: tuple[Surface, ...]
    tags: dict[str, Tag]


def read_md3(data: bytes) -> Model:
    """The model in the bytes of a .md3 file. Raises BadFile when it is another format or cut short."""
    if data[:4] != b"IDP3" or len(data) < struct.calcsize(HEADER):
        raise BadFile("this is no MD3 model; choose a .md3 file of OpenArena")
    try:
        return _read(data)
    except (struct.error, ValueError) as error:
        raise BadFile(f"the model is cut short or damaged ({error}): fetch its package again") from error


def _read(data: bytes) -> Model:
    _, _, _, _, frames, tags, surfaces, _, _, tags_at, place, _ = struct.unpack_from(HEADER, data)
    table = np.frombuffer(data, TAG, frames * tags, tags_at).reshape(frames, tags)
    named = {_text(table["name"][0, column]): _tag(table[:, column]) for column in range(tags)}
    read = []
    for _ in range(surfaces):
        surface, length = _surface(data, place)
        read.append(surface)
        place += length
    return Model(frames, tuple(read), named)


def _tag(rows: npt.NDArray[np.void]) -> Tag:
    """Axes are made orthonormal by the nearest rotation: some files scale or shear them."""
    left, _, right = np.linalg.svd(rows["axes"].astype(np.float64))
    return Tag(rows["origin"].astype(np.float64) * METRES_PER_UNIT, left @ right)


def _surface(data: bytes, start: int) -> tuple[Surface, int]:
    (_, name, _, frames, shaders, vertices, triangles, triangles_at, shaders_at, uv_at, points_at, length) = (
        struct.unpack_from(SURFACE, data, start)
    )
    points = np.frombuffer(data, POINT, frames * vertices, start + points_at).reshape(frames, vertices)
    corners = np.frombuffer(data, "<i4", triangles * 3, start + triangles_at).reshape(-1, 3)
    if triangles and (corners.max() >= vertices or corners.min() < 0):
        raise ValueError("a triangle names a vertex that is not there")
    uv = np.frombuffer(data, "<f4", vertices * 2, start + uv_at).reshape(-1, 2).astype(np.float64)
    shader = data[start + shaders_at : start + shaders_at + 64] if shaders else b""
    return (
        Surface(
            _text(name),
            _text(shader),
            points["place"] * (UNITS_PER_STEP * METRES_PER_UNIT),
            _normals(points["normal"]),
            np.stack([uv[:, 0], 1 - uv[:, 1]], axis=1),
            corners.astype(np.uint32),
        ),
        length,
    )


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("latin-1").lower()


def _normals(packed: npt.NDArray[np.uint8]) -> FloatArray:
    """Unit vectors (..., 3) of two bytes: angle from the z axis, then angle around it."""
    zenith, around = packed[..., 0] * (2 * np.pi / 255), packed[..., 1] * (2 * np.pi / 255)
    return np.stack([np.cos(around) * np.sin(zenith), np.sin(around) * np.sin(zenith), np.cos(zenith)], axis=-1)
