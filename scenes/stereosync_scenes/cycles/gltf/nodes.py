"""The nodes of a glTF scene: their order from parent to child, and where they are over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.cycles.gltf.channels import WIDTHS, Channel
from stereosync_scenes.cycles.gltf.container import GltfFile
from stereosync_scenes.plan import FloatArray

REST = {"translation": (0.0, 0.0, 0.0), "rotation": (0.0, 0.0, 0.0, 1.0), "scale": (1.0, 1.0, 1.0)}
Channels = dict[int, dict[str, Channel]]  # of each animated node


class Nodes:
    """All nodes of a file. `parent` has each node's parent, -1 at the top; `order` lists parents before children."""

    def __init__(self, file: GltfFile) -> None:
        self.nodes = file.all_of("nodes")
        self.names = [str(node.get("name", f"node {number}")) for number, node in enumerate(self.nodes)]
        self.parent = [-1] * len(self.nodes)
        for number, node in enumerate(self.nodes):
            for child in node.get("children", []):
                if not 0 <= child < len(self.nodes) or self.parent[child] >= 0:
                    raise UserError("its nodes are no tree: export it again")
                self.parent[child] = number
        self.order = self._ordered()

    def _ordered(self) -> list[int]:
        order = [number for number, parent in enumerate(self.parent) if parent < 0]
        for number in order:
            order += self.nodes[number].get("children", [])
        if len(order) != len(self.nodes):
            raise UserError("its nodes are no tree: export it again")
        return order

    def ancestors(self, number: int) -> set[int]:
        """A node and all above it."""
        found = set()
        while number >= 0:
            found.add(number)
            number = self.parent[number]
        return found

    def places(self, channels: Channels, times_s: FloatArray) -> list[FloatArray]:
        """Of each node its matrices (F, 4, 4) to world space at times (F,); (1, 4, 4) where it does not move."""
        found: list[FloatArray] = [np.eye(4)[None]] * len(self.nodes)
        for number in self.order:
            local = _local(self.nodes[number], channels.get(number, {}), times_s)
            parent = self.parent[number]
            found[number] = local if parent < 0 else found[parent] @ local
        return found


def channels_of(file: GltfFile, animation: dict[str, Any]) -> Channels:
    """The channels of an animation that move nodes; morph targets and pointers are left out."""
    samplers, found = animation["samplers"], Channels()
    for channel in animation["channels"]:
        target = channel["target"]
        if target.get("path") in WIDTHS and "node" in target:
            read = Channel(file, samplers[channel["sampler"]], target["path"])
            found.setdefault(int(target["node"]), {})[target["path"]] = read
    return found


def _local(node: dict[str, Any], channels: dict[str, Channel], times_s: FloatArray) -> FloatArray:
    """Matrices (F, 4, 4) of a node within its parent."""
    if "matrix" in node and not channels:
        return np.array(node["matrix"], np.float64).reshape(1, 4, 4).transpose(0, 2, 1)
    parts = {
        path: channels[path].at(times_s) if path in channels else np.array([node.get(path, rest)], np.float64)
        for path, rest in REST.items()
    }
    frames = max(map(len, parts.values()))
    local = np.zeros((frames, 4, 4))
    local[:, :3, :3] = _rotations(parts["rotation"]) * parts["scale"][:, None]
    local[:, :3, 3], local[:, 3, 3] = parts["translation"], 1.0
    return local


def _rotations(quaternions: FloatArray) -> FloatArray:
    """Matrices (F, 3, 3) of quaternions (F, 4), x, y, z, w."""
    x, y, z, w = (quaternions / np.maximum(np.linalg.norm(quaternions, axis=1, keepdims=True), 1e-12)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)
