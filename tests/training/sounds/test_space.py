"""Distance, air, what hides a foot, and the room."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stereosync.stereo import level_db
from stereosync_scenes.walk import Room
from stereosync_training.sounds.room import reflections, room_response, wall_reflectance, wet_gain
from stereosync_training.sounds.space import air_absorption_db_m, air_gain, distance_gain, occlusion_gain
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ

OUTDOORS = Room(0.0, 0.0)
HALL = Room(12.0, 0.8)


def test_a_far_step_is_wetter_and_outdoors_is_dry() -> None:
    assert wet_gain(8, HALL) / distance_gain(8) > 1.9 * wet_gain(2, HALL) / distance_gain(2)
    assert wet_gain(4, OUTDOORS) == 0


def test_the_echo_decays_with_rt60_and_is_decorrelated() -> None:
    response = room_response(HALL, 1)
    window = int(0.1 * SAMPLE_RATE_HZ)
    start = int(0.15 * SAMPLE_RATE_HZ)
    early, late = response[start : start + window], response[2 * start : 2 * start + window]
    assert level_db(early) - level_db(late) == pytest.approx(60 * 0.15 / HALL.rt60_s, abs=1.5)
    assert abs(np.corrcoef(late.T)[0, 1]) < 0.2


def test_air_absorbs_as_the_standard_says_at_20_degrees_and_50_percent() -> None:
    table_db_km = {1000: 4.66, 2000: 9.86, 4000: 29.4, 8000: 104.0}  # ISO 9613-1, table 1
    absorbed = 1000 * air_absorption_db_m(list(table_db_km))
    np.testing.assert_allclose(absorbed, list(table_db_km.values()), rtol=0.03)
    gains = air_gain(np.array([500.0, 2000.0, 8000.0, 16_000.0]), 10.0)
    assert np.all(np.diff(gains) < 0)


def test_hiding_takes_the_treble_first() -> None:
    frequencies_hz = np.array([100.0, 900.0, 16_000.0])
    np.testing.assert_allclose(20 * np.log10(occlusion_gain(frequencies_hz, 0.0)), [0, 0, -3], atol=0.05)
    np.testing.assert_allclose(20 * np.log10(occlusion_gain(frequencies_hz, 1.0)), [-9, -12, -59], atol=0.1)
    assert np.array_equal(occlusion_gain(frequencies_hz, 7.0), occlusion_gain(frequencies_hz, 1.0))


def test_walls_reflect_from_where_they_stand_and_outdoors_there_are_none() -> None:
    assert reflections((1.0, -1.6, 4.0), OUTDOORS) == ()
    found = reflections((1.0, -1.6, 4.0), HALL)
    assert len(found) == 5
    assert all(0 < reflection.delay_s < 3 * HALL.size_m / 343 for reflection in found)
    nearest_side = reflections((5.0, 0.0, 4.0), HALL)[1]
    assert nearest_side.azimuth_rad == pytest.approx(math.atan2(7.0, 4.0))
    assert nearest_side.delay_s == pytest.approx((math.hypot(7, 4) - math.hypot(5, 4)) / 343)
    far_outside = reflections((40.0, 0.0, 90.0), HALL)
    assert all(reflection.delay_s > 0 for reflection in far_outside)


def test_mirrored_feet_have_mirrored_reflections() -> None:
    here, there = reflections((2.0, -1.6, 5.0), HALL), reflections((-2.0, -1.6, 5.0), HALL)
    rows = [np.array(sorted((r.gain, side * r.azimuth_rad) for r in found)) for side, found in ((1, here), (-1, there))]
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-12)


def test_live_rooms_reflect_more() -> None:
    assert 0 < wall_reflectance(Room(12.0, 0.3)) < wall_reflectance(HALL) < wall_reflectance(Room(12.0, 2.0)) < 1
