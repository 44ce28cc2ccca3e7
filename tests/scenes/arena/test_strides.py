"""Contacts measured from a mesh, on legs whose contacts are known."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.arena.people import load_person
from stereosync_scenes.arena.strides import measure_stride

FRAMES, REACH_M = 12, 0.35


@pytest.mark.usefixtures("game")
def test_contacts_and_length_are_those_that_the_legs_were_made_with() -> None:
    stride = load_person("stick", ("walk",)).cycles["walk"].stride
    assert abs(stride.length_m - 4 * REACH_M) < 0.05 * 4 * REACH_M
    left, right = stride.contact_phase
    assert min(left, 1 - left) < 0.05
    assert abs(right - 0.5) < 0.05
    assert stride.slip < 0.05


@pytest.mark.usefixtures("game")
def test_distance_goes_on_over_turns() -> None:
    stride = load_person("stick", ("walk",)).cycles["walk"].stride
    phase = np.linspace(0.2, 5.2, 101)
    gone = stride.distance_m(phase)
    assert (np.diff(gone) > 0).all()
    np.testing.assert_allclose(gone[-1] - gone[0], 5 * stride.length_m)


@pytest.mark.usefixtures("game")
def test_a_standing_foot_stays_where_it_is() -> None:
    cycle = load_person("stick", ("walk",)).cycles["walk"]
    sole = cycle.stride.soles[0]
    phases = np.linspace(0.05, 0.4, 20)
    places = [cycle.at(float(phase))[0][sole, 0].mean() for phase in phases] + cycle.stride.distance_m(phases)
    assert np.ptp(places) < 0.01


def test_legs_that_do_not_walk_are_refused() -> None:
    still = np.zeros((FRAMES, 18, 3))
    still[:, :8, 1], still[:, 8:16, 1], still[:, 16:, 2] = 0.1, -0.1, 0.9
    with pytest.raises(BadFile, match="do not go backward"):
        measure_stride(still, flies=False)
    with pytest.raises(BadFile, match="no two feet"):
        measure_stride(still[:, :8], flies=False)
