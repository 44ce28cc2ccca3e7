"""The ground under a foot: the word that the game has put on its floor, found with a ray. The rendering thread."""

from __future__ import annotations

from typing import Any

TAG = "surface"
ABOVE_M, BELOW_M = 0.4, 0.8  # of the ray: above a foot that stands a little inside the floor, below one that is raised


class GroundProbe:
    """Looks for collision solids that meet `mask`; None is what collision nodes have by themselves."""

    def __init__(self, mask: int | None = None) -> None:
        from panda3d import core

        self._core = core
        node = core.CollisionNode("stereosync ground")
        node.setFromCollideMask(core.CollisionNode.getDefaultCollideMask() if mask is None else core.BitMask32(mask))
        node.setIntoCollideMask(core.BitMask32.allOff())
        self._node, self._path = node, core.NodePath(node)
        self._hits, self._traverser = core.CollisionHandlerQueue(), core.CollisionTraverser("stereosync")
        self._traverser.addCollider(self._path, self._hits)

    def under(self, point: Any, world: Any, body: Any, metres_per_unit: float) -> str | None:
        """The word of the nearest floor around `point` of `world`; None where there is none, or where it has no word.

        What belongs to `body` is no floor.
        """
        up = self._core.Vec3.up()
        self._node.clearSolids()
        start, end = point + up * (ABOVE_M / metres_per_unit), point - up * (BELOW_M / metres_per_unit)
        self._node.addSolid(self._core.CollisionSegment(start, end))
        self._path.reparentTo(world)
        self._traverser.traverse(world)
        self._path.detachNode()
        self._hits.sortEntries()
        floors = (entry.getIntoNodePath() for entry in self._hits.entries)
        floor = next((path for path in floors if path != body and not body.isAncestorOf(path)), None)
        return None if floor is None else word_of(floor)


def word_of(floor: Any) -> str | None:
    """The tag or Python tag `surface` of a node path, or of the nearest one above that has it."""
    told = floor.getNetPythonTag(TAG)
    return told if isinstance(told, str) and told else floor.getNetTag(TAG) or None
