"""The sample's walk, asked of Godot 3: feet that stand are on the ground and do not slide, limbs keep their length."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from programs import require_tool

STEP_S = 0.01
LIMB_M = 0.46


@pytest.fixture(scope="module")
def poses(godot3_project: Path, godot3_environment: dict[str, str]) -> np.ndarray:
    """(times, parts, from and to, xyz) of two strides and a half, parts in the gait's order."""
    command = [
        require_tool("godot3-server", "godot3-server"),
        "--path",
        str(godot3_project),
        "-s",
        "res://gait_probe.gd",
    ]
    done = subprocess.run(command, env=godot3_environment, capture_output=True, text=True, timeout=60, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("[")]
    return np.array(json.loads(line))


def feet(poses: np.ndarray) -> np.ndarray:
    """(times, left and right, heel and toe, xyz)."""
    return poses[:, [4, 7]]


def test_one_foot_at_least_stands_on_the_ground(poses: np.ndarray) -> None:
    soles_m = feet(poses)[..., 1].min(axis=2) - 0.04  # the axis of the foot's box is half of its height above the sole
    assert np.abs(soles_m.min(axis=1)).max() < 1e-4
    assert soles_m.min() > -1e-4
    assert (soles_m.max(axis=0) > 0.1).all()


def test_a_foot_that_stands_does_not_slide(poses: np.ndarray) -> None:
    heels = feet(poses)[:, :, 0]
    standing = (heels[1:, :, 1] < 0.04001) & (heels[:-1, :, 1] < 0.04001)
    moved_m = np.linalg.norm(np.diff(heels, axis=0), axis=2)
    assert standing.mean() == pytest.approx(0.6, abs=0.05)
    assert moved_m[standing].max() < 1e-4
    assert moved_m[~standing].mean() > 0.01


def test_thighs_and_shins_keep_their_length(poses: np.ndarray) -> None:
    lengths_m = np.linalg.norm(poses[:, [2, 3, 5, 6], 1] - poses[:, [2, 3, 5, 6], 0], axis=2)
    assert lengths_m == pytest.approx(np.full(lengths_m.shape, LIMB_M), abs=1e-3)
