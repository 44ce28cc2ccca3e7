"""The moment at which a body is widest is found against its contacts."""

from __future__ import annotations

import numpy as np
import pytest
from gait_phases import pace_of, spread_ms, widest_after_s

from stereosync_scenes.cycles.body_cycle import BodyCycle


def _cycle(late_s: float, way_m: float = 1.3) -> BodyCycle:
    """A body of two points that is widest `late_s` after each contact."""
    turns = np.arange(32) / 32
    half = 1 + 0.2 * np.cos(2 * np.pi * 2 * (turns - late_s))
    points = np.zeros((32, 2, 3))
    points[:, 0, 2], points[:, 1, 2] = half, -half
    return BodyCycle("walk", "two points", points, 1.0, way_m, (0.0, 0.5))


@pytest.mark.parametrize("late_s", [-0.1, 0.0, 0.06])
def test_the_widest_moment_is_found(late_s: float) -> None:
    assert widest_after_s(_cycle(late_s), "side") == pytest.approx(late_s, abs=1e-3)


def test_bodies_that_agree_do_not_spread_across_the_end_of_a_step() -> None:
    middle_ms, spread = spread_ms([_cycle(0.249), _cycle(-0.249)], "side")
    assert abs(middle_ms) == pytest.approx(250, abs=2)
    assert spread < 5


def test_paces_have_names() -> None:
    assert [pace_of(_cycle(0.0, way_m)) for way_m in (0.5, 1.3, 3.0)] == ["slow", "walk", "run"]
