"""glTF files of a moving figure, written as the specification has them: for tests of who reads them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from moving_figure import BONES, MovingFigure

from stereosync_scenes.plan import FloatArray

Document = dict[str, Any]
KINDS = {"f": 5126, "B": 5121, "H": 5123, "h": 5122}


class GltfWriter:
    """A document that grows, and the bytes of its one buffer."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.document: Document = {"asset": {"version": "2.0"}, "bufferViews": [], "accessors": [], "buffers": [{}]}

    def view(self, data: bytes) -> int:
        self.data += bytes(-len(self.data) % 4)
        views = self.document["bufferViews"]
        views.append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)})
        self.data += data
        return len(views) - 1

    def accessor(self, values: FloatArray, kind: str = "f", **more: object) -> int:
        """Of values (N,), (N, W) or matrices (N, 16)."""
        width = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}[values.reshape(len(values), -1).shape[1]]
        view = self.view(np.ascontiguousarray(values).astype(f"<{kind}").tobytes())
        accessors = self.document["accessors"]
        accessors.append({"bufferView": view, "componentType": KINDS[kind], "count": len(values), "type": width} | more)
        if kind == "f" and width != "MAT4":
            accessors[-1] |= {"min": values.min(axis=0, keepdims=True).ravel().tolist()}
            accessors[-1] |= {"max": values.max(axis=0, keepdims=True).ravel().tolist()}
        return len(accessors) - 1

    def glb(self, path: Path) -> Path:
        self.document["buffers"][0] = {"byteLength": len(self.data)}
        text = json.dumps(self.document).encode()
        text += b" " * (-len(text) % 4)
        data = bytes(self.data) + bytes(-len(self.data) % 4)
        chunks = [struct.pack("<I4s", len(text), b"JSON") + text, struct.pack("<I4s", len(data), b"BIN\0") + data]
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + sum(map(len, chunks))) + b"".join(chunks))
        return path

    def gltf(self, path: Path, embedded: bool) -> Path:
        uri = f"{path.stem} body.bin"
        if embedded:
            uri = "data:application/octet-stream;base64," + base64.b64encode(self.data).decode()
        else:
            path.with_name(uri).write_bytes(self.data)
        self.document["buffers"][0] = {"byteLength": len(self.data), "uri": uri.replace(" ", "%20")}
        path.write_text(json.dumps(self.document), encoding="utf-8")
        return path


def add_figure(
    writer: GltfWriter, figure: MovingFigure, name: Callable[[str], str] = "mixamorig:{}".format, skin: bool = True
) -> int:
    """The nodes, and if asked for the skin, of a figure; the number of its first bone."""
    nodes = writer.document.setdefault("nodes", [])
    first = len(nodes)
    for number, (bone, parent) in enumerate(zip(BONES.values(), figure.parents, strict=True)):
        offset = figure.places_m[0, number] - (figure.places_m[0, parent] if parent >= 0 else 0)
        nodes.append({"name": name(bone[2]), "translation": offset.tolist()})
        if parent >= 0:
            nodes[first + parent].setdefault("children", []).append(first + number)
    tops = writer.document.setdefault("scenes", [{"nodes": []}])[0]["nodes"]
    tops.append(first)
    if skin:
        inverse = np.tile(np.eye(4), (len(BONES), 1, 1))
        inverse[:, 3, :3] = -figure.places_m[0]  # by columns
        joints = np.array([[bone, 0, 0, 0] for bone in figure.skin_bones])
        weights = np.tile([255, 0, 0, 0], (len(joints), 1))
        attributes = {
            "POSITION": writer.accessor(figure.skin_m),
            "JOINTS_0": writer.accessor(joints, "B"),
            "WEIGHTS_0": writer.accessor(weights, "B", normalized=True),
        }
        skins = writer.document.setdefault("skins", [])
        inverse_at = writer.accessor(inverse.reshape(-1, 16))
        skins.append({"joints": list(range(first, first + len(BONES))), "inverseBindMatrices": inverse_at})
        meshes = writer.document.setdefault("meshes", [])
        meshes.append({"primitives": [{"attributes": attributes, "mode": 0}]})
        tops.append(len(nodes))
        nodes.append({"name": "skin", "mesh": len(meshes) - 1, "skin": len(skins) - 1})
    return first


def add_animation(
    writer: GltfWriter, figure: MovingFigure, name: str, first: int = 0, in_place: bool = False, how: str = "LINEAR"
) -> Document:
    """The figure's walk as an animation; the animation."""
    places = figure.places_m.copy()
    if in_place:
        places[..., 2] -= (figure.way_m * figure.times_s / figure.period_s)[:, None]
    samplers: list[Document] = []
    channels: list[Document] = []
    times = writer.accessor(figure.times_s)
    for number, parent in enumerate(figure.parents):
        turns = figure.turns[:, number]
        offset = places[:, number]
        if parent >= 0:
            back = figure.turns[:, parent].transpose(0, 2, 1)
            offset = (back @ (offset - places[:, parent])[..., None])[..., 0]
            turns = back @ turns
        for path, values in (("translation", offset), ("rotation", quaternions(turns))):
            if how == "CUBICSPLINE":
                tangents = np.gradient(values, figure.times_s, axis=0)
                values = np.stack([tangents, values, tangents], axis=1).reshape(-1, values.shape[1])
            samplers.append({"input": times, "output": writer.accessor(values), "interpolation": how})
            channels.append({"sampler": len(samplers) - 1, "target": {"node": first + number, "path": path}})
    animation: Document = {"name": name, "samplers": samplers, "channels": channels}
    writer.document.setdefault("animations", []).append(animation)
    return animation


def add_pose(writer: GltfWriter, name: str, times_s: Sequence[float]) -> None:
    """An animation in which the first bone stands."""
    places = np.tile(writer.document["nodes"][0]["translation"], (len(times_s), 1))
    sampler = {"input": writer.accessor(np.array(times_s)), "output": writer.accessor(places)}
    channel = {"sampler": 0, "target": {"node": 0, "path": "translation"}}
    animation = {"name": name, "samplers": [sampler], "channels": [channel]}
    writer.document.setdefault("animations", []).append(animation)


def figure_glb(path: Path, figure: MovingFigure, **how: Any) -> Path:
    """A GLB of a skinned figure that walks."""
    writer = GltfWriter()
    add_figure(writer, figure)
    add_animation(writer, figure, "walk", **how)
    return writer.glb(path)


def quaternions(turns: FloatArray) -> FloatArray:
    """Quaternions (F, 4), x, y, z, w, of matrices (F, 3, 3); each in the half of the one before."""
    found = np.array([_quaternion(turn) for turn in turns])
    flips = np.cumprod(np.where((found[1:] * found[:-1]).sum(axis=1) < 0, -1.0, 1.0))
    found[1:] *= flips[:, None]
    return found


def _quaternion(turn: FloatArray) -> FloatArray:
    """The eigenvector of Bar-Itzhack's symmetric matrix (2000), which is stable for every turn."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = turn
    matrix = np.array([
        [xx - yy - zz, xy + yx, xz + zx, zy - yz], [xy + yx, yy - xx - zz, yz + zy, xz - zx],
        [xz + zx, yz + zy, zz - xx - yy, yx - xy], [zy - yz, xz - zx, yx - xy, xx + yy + zz],
    ])  # fmt: skip
    return np.asarray(np.linalg.eigh(matrix)[1][:, -1])
