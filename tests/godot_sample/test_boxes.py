"""The box of a character part, by Godot 3, against points spread densely over the part's edges."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
from pathlib import Path

import numpy as np
import pytest
from programs import require_tool

NEAR = 0.1
CASES = {
    "ahead": ((-0.3, -1.0, -5.0), (0.5, 1.7, 0.4)),
    "through the near plane": ((-0.3, -0.4, -3.0), (0.5, 0.3, 4.0)),
    "one corner before the near plane": ((0.05, 0.05, -0.2), (1.0, 1.0, 3.0)),
    "partly outside": ((-9.0, 0.2, -5.0), (6.0, 0.4, 0.4)),
    "behind": ((-0.3, -1.0, 2.0), (0.5, 1.7, 0.4)),
    "outside": ((8.0, 0.2, -5.0), (1.0, 0.4, 0.4)),
}
HIDDEN = ("behind", "outside")


@pytest.fixture(scope="module")
def rects(godot3_project: Path, godot3_environment: dict[str, str]) -> dict[str, list[float] | None]:
    command = [
        require_tool("godot3-server", "godot3-server"),
        "--path",
        str(godot3_project),
        "-s",
        "res://box_probe.gd",
    ]
    command.append(f"cases={json.dumps(list(CASES.values()))}")
    done = subprocess.run(command, env=godot3_environment, capture_output=True, text=True, timeout=60, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("[")]
    return dict(zip(CASES, json.loads(line), strict=True))


def expected(low: tuple[float, ...], size: tuple[float, ...]) -> list[float]:
    """The extent of all that is in front of the near plane: every edge in 20,001 points."""
    corners = [np.array(low) + np.array(size) * np.array(ends) for ends in itertools.product((0, 1), repeat=3)]
    pairs = [pair for pair in itertools.combinations(corners, 2) if np.count_nonzero(pair[0] - pair[1]) == 1]
    weights = np.linspace(0, 1, 20_001)[:, None]
    points = np.concatenate([start * (1 - weights) + end * weights for start, end in pairs])
    x, y, depth = points[points[:, 2] <= -NEAR].T * np.array([[1], [1], [-1]])
    focal_px = 45 / math.tan(math.radians(30))
    across, down = 80 + focal_px * x / depth, 45 - focal_px * y / depth
    return [across.min(), down.min(), across.max(), down.max()]


@pytest.mark.parametrize("name", [name for name in CASES if name not in HIDDEN])
def test_box_is_the_extent_of_what_is_in_front(name: str, rects: dict[str, list[float] | None]) -> None:
    assert rects[name] == pytest.approx(expected(*CASES[name]), rel=5e-3, abs=0.01)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_in_the_picture_has_no_box(name: str, rects: dict[str, list[float] | None]) -> None:
    assert rects[name] is None
