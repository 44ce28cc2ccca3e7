"""The body of a glTF scene: points that nodes carry. Skins, rigid parts, or where there is no mesh, the joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError
from stereosync_scenes.cycles.gltf.accessors import read_accessor
from stereosync_scenes.cycles.gltf.container import GltfFile
from stereosync_scenes.cycles.gltf.nodes import Nodes
from stereosync_scenes.plan import FloatArray

Rows = npt.NDArray[np.int_]


@dataclass(frozen=True, eq=False)
class Hold:
    """A node's hold on some points: rows (R,) of the body, their weights (R,), and the points (R, 3) as it has them."""

    node: int
    rows: Rows
    weights: FloatArray
    points: FloatArray


@dataclass(frozen=True, eq=False)
class Body:
    """V points; each is the sum of what its holds make of it. `bone` (V,) is the node that carries it most."""

    holds: tuple[Hold, ...]
    bone: Rows
    joints_only: bool = False

    def at(self, places: Sequence[FloatArray]) -> FloatArray:
        """The points (F, V, 3) by the matrices (F, 4, 4) or (1, 4, 4) of all nodes."""
        points = np.zeros((max(map(len, places)), len(self.bone), 3))
        for hold in self.holds:
            place = places[hold.node]
            there = hold.points @ place[:, :3, :3].transpose(0, 2, 1) + place[:, None, :3, 3]
            points[:, hold.rows] += hold.weights[:, None] * there
        return points

    def only(self, rows: Rows) -> Body:
        """The body with some of its points, in ascending order."""
        new = np.full(len(self.bone), -1)
        new[rows] = np.arange(len(rows))
        holds = []
        for hold in self.holds:
            kept = new[hold.rows] >= 0
            if kept.any():
                holds.append(Hold(hold.node, new[hold.rows[kept]], hold.weights[kept], hold.points[kept]))
        return Body(tuple(holds), self.bone[rows], self.joints_only)


def body_of(file: GltfFile, nodes: Nodes, moving: set[int]) -> Body:
    """The one body of a file whose nodes `moving` are those that an animation moves.

    Raises:
        UserError: there are two, or nothing that moves.
    """
    meshes = [number for number, node in enumerate(nodes.nodes) if "mesh" in node]
    skinned = [number for number in meshes if "skin" in nodes.nodes[number]]
    if skinned:
        _check_one(file, nodes, sorted({nodes.nodes[number]["skin"] for number in skinned}))
        return _joined([part for number in skinned for part in _skinned(file, nodes.nodes[number])])
    carried = [number for number in meshes if nodes.ancestors(number) & moving]
    if carried:
        return _joined([part for number in carried for part in _rigid(file, nodes.nodes[number], number)])
    if meshes:
        raise UserError(
            "its mesh has no skin, and no animation moves it: export mesh and skeleton together, with skinning"
        )
    joints = [number for number in nodes.order if nodes.ancestors(number) & moving]
    if not joints:
        raise UserError("it has neither a mesh nor joints that move: export the skeleton with its animations")
    numbers = np.arange(len(joints))
    holds = [Hold(joint, numbers[at : at + 1], np.ones(1), np.zeros((1, 3))) for at, joint in enumerate(joints)]
    return Body(tuple(holds), np.array(joints), joints_only=True)


def _check_one(file: GltfFile, nodes: Nodes, skins: Sequence[int]) -> None:
    """Skins of one body have joints in common, or joints that hang on each other's."""
    bodies: list[tuple[set[int], set[int]]] = []  # joints, and these with all above them
    for skin in skins:
        joints = set(map(int, file.all_of("skins")[skin]["joints"]))
        above = set().union(*(nodes.ancestors(joint) for joint in joints))
        for body in [body for body in bodies if body[0] & above or body[1] & joints]:
            bodies.remove(body)
            joints, above = joints | body[0], above | body[1]
        bodies.append((joints, above))
    if len(bodies) > 1:
        names = ", ".join(nodes.names[min(joints, key=nodes.order.index)] for joints, _ in bodies[:4])
        raise UserError(f"it holds {len(bodies)} characters ({names}): export each into a file of its own")


@dataclass(frozen=True, eq=False)
class _Part:
    """One primitive: points (P, 3), nodes (P, K) and weights (P, K) that move them, a matrix before each node's."""

    points: FloatArray
    nodes: Rows
    weights: FloatArray
    before: dict[int, FloatArray]


def _primitives(file: GltfFile, node: dict[str, Any]) -> list[dict[str, Any]]:
    primitives = file.all_of("meshes")[node["mesh"]]["primitives"]
    return [primitive["attributes"] for primitive in primitives if "POSITION" in primitive["attributes"]]


def _skinned(file: GltfFile, node: dict[str, Any]) -> list[_Part]:
    skin = file.all_of("skins")[node["skin"]]
    joints = np.array(skin["joints"], int)
    if "inverseBindMatrices" in skin:
        inverse = read_accessor(file, skin["inverseBindMatrices"], 16).reshape(-1, 4, 4).transpose(0, 2, 1)
    else:
        inverse = np.repeat(np.eye(4)[None], len(joints), axis=0)
    before = {int(joint): matrix for joint, matrix in zip(joints, inverse, strict=False)}
    parts = []
    for attributes in _primitives(file, node):
        sets = [number for number in range(8) if f"JOINTS_{number}" in attributes]
        if not sets:
            raise UserError("a mesh has a skin and no JOINTS_0 and WEIGHTS_0: export it with skinning")
        which = np.concatenate([read_accessor(file, attributes[f"JOINTS_{one}"], 4) for one in sets], axis=1)
        weights = np.concatenate([read_accessor(file, attributes[f"WEIGHTS_{one}"], 4) for one in sets], axis=1)
        weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        points = read_accessor(file, attributes["POSITION"], 3)
        parts.append(_Part(points, joints[which.astype(int)], weights, before))
    return parts


def _rigid(file: GltfFile, node: dict[str, Any], number: int) -> list[_Part]:
    found = [read_accessor(file, attributes["POSITION"], 3) for attributes in _primitives(file, node)]
    return [
        _Part(points, np.full((len(points), 1), number), np.ones((len(points), 1)), {number: np.eye(4)})
        for points in found
    ]


def _joined(parts: Sequence[_Part]) -> Body:
    holds, bones, first = [], [], 0
    for part in parts:
        for joint in np.unique(part.nodes[part.weights > 0]).tolist():
            weights = np.where(part.nodes == joint, part.weights, 0.0).sum(axis=1)
            rows = np.flatnonzero(weights > 0)
            before = part.before[joint]
            points = part.points[rows] @ before[:3, :3].T + before[:3, 3]
            holds.append(Hold(joint, rows + first, weights[rows], points))
        bones.append(part.nodes[np.arange(len(part.nodes)), part.weights.argmax(axis=1)])
        first += len(part.points)
    if not bones:
        raise UserError("its mesh has no points: export it again")
    return Body(tuple(holds), np.concatenate(bones))
