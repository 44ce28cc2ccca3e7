"""Worlds of bodies: own people by seed, and another build of a body whose standing feet still stay in place."""

from __future__ import annotations

import numpy as np
from walking_sticks import stick_cycle

from stereosync_training.data.track_worlds import WORLDS, stretched, world_cycles


def test_another_build_walks_in_step() -> None:
    cycle, rng = stick_cycle(), np.random.default_rng(3)
    swapped = 0
    for _ in range(20):
        other = stretched(cycle, rng)
        grown = other.points_m[0] / np.where(cycle.points_m[0] == 0, 1, cycle.points_m[0])
        ahead = np.median(grown[cycle.points_m[0, :, 2] != 0, 2])
        np.testing.assert_allclose(other.way_m / cycle.way_m, ahead, rtol=1e-6)
        assert set(other.contact_phase) == set(cycle.contact_phase)
        swapped += other.contact_phase != cycle.contact_phase
    assert 4 <= swapped <= 16


def test_own_worlds_need_nothing_that_is_fetched() -> None:
    assert {"own", "varied"} <= set(WORLDS)
    for name in ("own", "varied"):
        made = world_cycles(name, 2, 61_000)
        again = world_cycles(name, 2, 61_000)
        assert [cycle.period_s for cycle in made] == [cycle.period_s for cycle in again]
        assert len(made) == 2
