"""A cycle is read at any phase, around its end too."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_scenes.cycles.body_cycle import BodyCycle


def test_points_are_blended_and_the_last_frame_leads_to_the_first() -> None:
    points_m = np.arange(4.0)[:, None, None] * np.ones((4, 2, 3))
    cycle = BodyCycle("walk", "block", points_m, 1.0, 1.4, (0.0, 0.5))
    assert cycle.at(np.array([0.0, 0.125, 3.875]))[:, 0, 0] == pytest.approx([0.0, 0.5, 1.5])
