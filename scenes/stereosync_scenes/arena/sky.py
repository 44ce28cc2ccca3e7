"""The sky over a level: a ring of colour around the camera, where the level's own has no surface that is drawn."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import Mood
from stereosync_scenes.shapes import Mesh

SKY_M = 100.0
SIDES = 24
TURNED_DOWN, TURNED_UP = -2.0, 2.0  # tangents of the lowest and the highest ring


def sky_dome(mood: Mood) -> Mesh:
    """A ring from far below the horizon to the top, to be drawn behind everything and moved with the camera."""
    turn = np.linspace(0, 2 * np.pi, SIDES + 1)
    rings = [(TURNED_DOWN, mood.sky_horizon), (0.02, mood.sky_horizon), (0.5, mood.sky_top), (TURNED_UP, mood.sky_top)]
    points = np.concatenate(
        [np.stack([np.cos(turn), np.sin(turn), np.full(SIDES + 1, height)], -1) for height, _ in rings]
        + [np.array([[0, 0, TURNED_UP * 2], [0, 0, TURNED_DOWN * 2]])]
    )
    colours = np.concatenate(
        [np.tile(colour, (SIDES + 1, 1)) for _, colour in rings] + [np.array([mood.sky_top, mood.sky_horizon])]
    )
    row = SIDES + 1
    here = np.concatenate([row * ring + np.arange(SIDES) for ring in range(len(rings) - 1)])
    walls = np.stack([here, here + 1, here + row + 1, here, here + row + 1, here + row], -1).reshape(-1, 3)
    top, side = (len(rings) - 1) * row + np.arange(SIDES), np.arange(SIDES)
    lid = np.stack([top, top + 1, np.full(SIDES, len(points) - 2)], -1)
    bottom = np.stack([side, side + 1, np.full(SIDES, len(points) - 1)], -1)
    corners = np.concatenate([walls, lid, bottom]).astype(np.uint32)
    return Mesh(points * SKY_M * 0.4, colours, np.zeros((len(points), 2)), corners)
