"""The one definition of a contact, on feet whose heights are known."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_scenes.contact import DOWN_SHARE, NoContactError, contact_phase, swing_contact_s

PHASE = np.arange(200) / 200


def test_it_is_where_the_sole_first_comes_within_a_twentieth_of_its_lift() -> None:
    height_m = np.clip(np.interp(PHASE, [0.0, 0.2, 0.4, 0.9, 1.0], [0.0, 0.0, 0.1, 0.1, 0.0]), 0, None)
    assert contact_phase(height_m) == pytest.approx(1.0 - 0.1 * DOWN_SHARE, abs=0.001)


def test_the_floor_and_the_size_do_not_matter() -> None:
    height_m = np.maximum(0, np.sin(2 * np.pi * PHASE))
    assert contact_phase(3 * height_m - 0.7) == pytest.approx(contact_phase(height_m), abs=1e-9)


def test_a_scuff_on_the_way_is_not_the_contact() -> None:
    height_m = np.interp(PHASE, [0.0, 0.3, 0.35, 0.36, 0.4, 0.6, 0.65, 1.0], [0.1, 0.1, 0.0, 0.0, 0.1, 0.1, 0.0, 0.0])
    height_m[-5:] = 0.1
    assert contact_phase(height_m) == pytest.approx(0.65, abs=0.01)


def test_a_foot_that_stays_down_has_none() -> None:
    with pytest.raises(NoContactError, match="never leaves the floor"):
        contact_phase(np.full(30, 0.1))


def test_a_swing_ends_where_its_sole_comes_near_the_floor_for_good() -> None:
    times_s = np.array([1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
    height_m = np.array([0.0, 0.2, 0.0, 0.1, 0.0, 0.0])  # it skims the floor on its way
    assert swing_contact_s(times_s, height_m) == pytest.approx(1.39)
    assert swing_contact_s(times_s, height_m, 0.15) == pytest.approx(1.37)


def test_a_sole_that_never_left_the_floor_comes_down_at_its_rest() -> None:
    assert swing_contact_s(np.linspace(0.0, 0.5, 6), np.zeros(6)) == 0.5
