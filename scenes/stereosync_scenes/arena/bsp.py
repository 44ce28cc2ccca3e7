"""Reader of Quake-3 levels (IBSP, version 46): faces as triangles, the textures' names, and what is visible from where.

The format is described by Kekoa Proudfoot, "Unofficial Quake 3 Map Specs" (2000). Units of the file become metres with
METRES_PER_UNIT, so that a player of 56 units is 1.75 m high. Axes are x east, y north, z up, as in world space.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.errors import StereoSyncError
from stereosync_scenes.arena.curves import PATCH_STEPS, patch_corners, patch_vertices
from stereosync_scenes.plan import FloatArray

METRES_PER_UNIT = 1 / 32
TEXTURES, PLANES, NODES, LEAFS, LEAF_FACES, MODELS, VERTICES, MESH_VERTICES, FACES, VISIBILITY = (
    1, 2, 3, 4, 5, 7, 10, 11, 13, 16,
)  # fmt: skip
POLYGON, PATCH, MESH = 1, 2, 3

IntArray = npt.NDArray[np.int32]
TEXTURE = np.dtype([("name", "S64"), ("flags", "<i4"), ("contents", "<i4")])
PLANE = np.dtype([("normal", "<f4", 3), ("distance", "<f4")])
NODE = np.dtype([("plane", "<i4"), ("children", "<i4", 2), ("bounds", "<i4", 6)])
LEAF = np.dtype(
    [
        ("cluster", "<i4"),
        ("area", "<i4"),
        ("bounds", "<i4", 6),
        ("face", "<i4"),
        ("faces", "<i4"),
        ("brushes", "<i4", 2),
    ]
)
MODEL = np.dtype([("bounds", "<f4", 6), ("face", "<i4"), ("faces", "<i4"), ("brushes", "<i4", 2)])
VERTEX = np.dtype(
    [("point", "<f4", 3), ("uv", "<f4", 2), ("lightmap_uv", "<f4", 2), ("normal", "<f4", 3), ("colour", "u1", 4)]
)
FACE = np.dtype([
    ("texture", "<i4"), ("effect", "<i4"), ("kind", "<i4"), ("vertex", "<i4"), ("vertices", "<i4"), ("corner", "<i4"),
    ("corners", "<i4"), ("lightmap", "<i4"), ("lightmap_place", "<i4", 4), ("lightmap_axes", "<f4", 9),
    ("normal", "<f4", 3), ("patch", "<i4", 2),
])  # fmt: skip


class BadFile(StereoSyncError, ValueError):
    """A level or model that cannot be read; the message names what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Level:
    """Triangles of vertices, with their textures."""

    points_m: FloatArray  # (V, 3)
    normals: FloatArray  # (V, 3)
    uv: FloatArray  # (V, 2)
    light: FloatArray  # (V, 3), 0 to 1
    corners: npt.NDArray[np.uint32]  # (T, 3), vertices of triangles
    face: IntArray  # (T,)
    texture: IntArray  # (T,), an index of `names`, `flags` and `contents`
    names: tuple[str, ...]
    flags: IntArray
    contents: IntArray
    tree: Tree


@dataclass(frozen=True, eq=False)
class Tree:
    """The level's division of space, and which parts may be seen from which."""

    planes: npt.NDArray[np.void]
    nodes: npt.NDArray[np.void]
    leafs: npt.NDArray[np.void]
    leaf_faces: IntArray
    visible: npt.NDArray[np.bool_]  # (clusters, clusters); empty when the level does not say
    moving_faces: IntArray  # faces of doors and lifts, which are in no leaf
    faces: int

    def clusters_at(self, points_m: FloatArray) -> IntArray:
        """The cluster (N,) of each point (N, 3); negative inside walls."""
        place = np.zeros(len(points_m), dtype=np.int32)
        points = points_m / METRES_PER_UNIT
        while (inner := place >= 0).any():
            node = self.nodes[place[inner]]
            plane = self.planes[node["plane"]]
            behind = np.einsum("nk,nk->n", plane["normal"], points[inner]) < plane["distance"]
            place[inner] = node["children"][np.arange(len(node)), behind.astype(int)]
        return np.asarray(self.leafs["cluster"][-place - 1], dtype=np.int32)

    def faces_seen(self, points_m: FloatArray) -> npt.NDArray[np.bool_]:
        """True (F,) for the level's faces that may be seen from any of the points (N, 3)."""
        clusters = np.unique(self.clusters_at(points_m))
        clusters = clusters[clusters >= 0]
        if len(self.visible) == 0 or len(clusters) == 0:
            return np.ones(self.faces, dtype=bool)
        seen = np.zeros(self.faces, dtype=bool)
        seen[self.moving_faces] = True
        open_to = np.asarray(self.visible[clusters].any(axis=0))
        for leaf in self.leafs[(self.leafs["cluster"] >= 0) & open_to[self.leafs["cluster"]]]:
            seen[self.leaf_faces[leaf["face"] : leaf["face"] + leaf["faces"]]] = True
        return seen


def read_bsp(data: bytes) -> Level:
    """The level in the bytes of a .bsp file. Raises BadFile when it is another format or cut short."""
    if data[:4] != b"IBSP" or len(data) < 144 or struct.unpack_from("<i", data, 4)[0] not in (46, 47):
        raise BadFile("this is no Quake-3 level (IBSP version 46); choose a .bsp file of OpenArena or Nexuiz")
    names = _lump(data, TEXTURES, TEXTURE)
    vertices, faces = _lump(data, VERTICES, VERTEX), _lump(data, FACES, FACE)
    order = _lump(data, MESH_VERTICES, np.dtype("<i4"))
    vertices, corners, owners = _triangles(vertices, faces, order)
    corners = _outward(vertices, corners)
    return Level(
        points_m=vertices["point"].astype(np.float64) * METRES_PER_UNIT,
        normals=vertices["normal"].astype(np.float64),
        uv=vertices["uv"].astype(np.float64) * (1, -1),
        light=vertices["colour"][:, :3] / 255.0,
        corners=corners.astype(np.uint32),
        face=owners,
        texture=faces["texture"][owners],
        names=tuple(name.split(b"\0")[0].decode("latin-1").lower() for name in names["name"]),
        flags=names["flags"],
        contents=names["contents"],
        tree=_tree(data, len(faces)),
    )


def _lump(data: bytes, number: int, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    start, length = struct.unpack_from("<2i", data, 8 + 8 * number)
    if start < 0 or length < 0 or start + length > len(data):
        raise BadFile(f"the level ends before its part {number} does: fetch its package again")
    return np.frombuffer(data, dtype=kind, count=length // kind.itemsize, offset=start)


def _triangles(
    vertices: npt.NDArray[np.void], faces: npt.NDArray[np.void], order: IntArray
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int64], IntArray]:
    """All vertices with those of the patches behind them, triangles (T, 3) and the face of each (T,)."""
    extra, corners, owners = [vertices], [np.zeros((0, 3), dtype=np.int64)], [np.zeros(0, dtype=np.int32)]
    count = len(vertices)
    for number, face in enumerate(faces):
        if face["kind"] in (POLYGON, MESH):
            chosen = order[face["corner"] : face["corner"] + face["corners"]]
            new = face["vertex"] + chosen[: len(chosen) // 3 * 3].reshape(-1, 3).astype(np.int64)
        elif face["kind"] == PATCH and face["patch"].min() >= 3:
            width, height = (int(side) for side in face["patch"])
            control = vertices[face["vertex"] : face["vertex"] + width * height]
            extra.append(patch_vertices(control, width, height))
            new = count + patch_corners((width - 1) // 2 * PATCH_STEPS + 1, (height - 1) // 2 * PATCH_STEPS + 1)
            count += len(extra[-1])
        else:
            continue
        corners.append(new)
        owners.append(np.full(len(new), number, dtype=np.int32))
    found = np.concatenate(corners)
    if len(found) and (found.max() >= count or found.min() < 0):
        raise BadFile("the level's faces name vertices that it does not have: fetch its package again")
    return np.concatenate(extra), found, np.concatenate(owners)


def _outward(vertices: npt.NDArray[np.void], corners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Triangles (T, 3) that go counter-clockwise for whoever faces their vertices' normals."""
    a, b, c = (vertices["point"][corners[:, column]].astype(np.float64) for column in range(3))
    meant = vertices["normal"][corners].astype(np.float64).sum(axis=1)
    wrong = np.einsum("tk,tk->t", np.cross(b - a, c - a), meant) < 0
    return np.where(wrong[:, None], corners[:, ::-1], corners)


def _tree(data: bytes, faces: int) -> Tree:
    models = _lump(data, MODELS, MODEL)
    moving = np.concatenate([np.arange(0)] + [np.arange(one["face"], one["face"] + one["faces"]) for one in models[1:]])
    return Tree(
        _lump(data, PLANES, PLANE),
        _lump(data, NODES, NODE),
        _lump(data, LEAFS, LEAF),
        np.clip(_lump(data, LEAF_FACES, np.dtype("<i4")), 0, max(faces - 1, 0)),
        _visible(data),
        moving[moving < faces].astype(np.int32),
        faces,
    )


def _visible(data: bytes) -> npt.NDArray[np.bool_]:
    packed = _lump(data, VISIBILITY, np.dtype("u1"))
    if len(packed) < 8:
        return np.zeros((0, 0), dtype=bool)
    clusters, bytes_each = struct.unpack_from("<2i", packed.tobytes()[:8])
    rows = packed[8 : 8 + clusters * bytes_each]
    if len(rows) < clusters * bytes_each:
        raise BadFile("the level's table of what is visible is cut short: fetch its package again")
    bits = np.unpackbits(rows.reshape(clusters, bytes_each), axis=1, bitorder="little")
    return np.asarray(bits[:, :clusters].astype(bool))
