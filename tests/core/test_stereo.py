import numpy as np
import pytest

from stereosync.stereo import (
    FULL_PAN_AZIMUTH_RAD,
    expected_level_difference_db,
    level_db,
    level_difference_db,
    pan_gains,
)


def test_power_is_the_same_at_every_azimuth() -> None:
    gains = pan_gains(np.linspace(-2, 2, 101))
    assert gains.shape == (101, 2)
    np.testing.assert_allclose((gains**2).sum(axis=-1), 1.0, atol=1e-6)


def test_ahead_is_equal_and_the_right_is_right() -> None:
    left, right = pan_gains(0.0)
    assert left == pytest.approx(right)
    left, right = pan_gains(0.3)
    assert right > left


def test_mirrored_azimuths_swap_the_channels() -> None:
    np.testing.assert_allclose(pan_gains(0.4), pan_gains(-0.4)[::-1], atol=1e-6)


@pytest.mark.parametrize("beyond", [1.0, 1.5, 10.0])
def test_from_the_full_pan_on_one_loudspeaker_is_silent(beyond: float) -> None:
    np.testing.assert_allclose(pan_gains(FULL_PAN_AZIMUTH_RAD * beyond), [0.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(pan_gains(-FULL_PAN_AZIMUTH_RAD * beyond), [1.0, 0.0], atol=1e-6)


def test_level_of_a_full_scale_sine_and_of_silence() -> None:
    sine = np.sin(np.arange(48_000) * 2 * np.pi * 440 / 48_000)
    assert level_db(sine) == pytest.approx(-3.01, abs=0.01)
    assert level_db(np.zeros(100)) == pytest.approx(-120.0)


@pytest.mark.parametrize("azimuth_rad", [-0.9, -0.2, 0.0, 0.2, 0.9])
def test_measured_level_difference_is_the_expected_one(azimuth_rad: float) -> None:
    noise = np.random.default_rng(0).standard_normal((4800, 1))
    panned = noise * pan_gains(azimuth_rad)
    assert level_difference_db(panned) == pytest.approx(expected_level_difference_db(azimuth_rad), abs=0.01)


def test_expected_level_difference_is_bounded() -> None:
    assert expected_level_difference_db(np.pi / 2) == pytest.approx(40.0, abs=0.1)
    assert expected_level_difference_db(-np.pi / 2) == pytest.approx(-40.0, abs=0.1)
