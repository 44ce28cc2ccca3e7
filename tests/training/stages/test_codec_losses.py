"""Losses of the codec: nothing for what is equal, and more the further a sound sits from its place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from stereosync.stereo import pan_gains
from stereosync_training.stages.codec_losses import WINDOWS, LevelDifference, MultiResolutionMel, with_mid_side

RATE_HZ = 48_000
ERRORS_DEG = (0, 5, 10, 20, 40)


def panned(azimuth_deg: float, gain: float = 0.2) -> Tensor:
    """Half a second of noise at an azimuth: (1, 2, samples)."""
    noise = torch.randn(RATE_HZ // 2, generator=torch.Generator().manual_seed(0)) * gain
    return (torch.from_numpy(pan_gains(np.deg2rad(azimuth_deg)))[:, None] * noise)[None]


@pytest.fixture(scope="module")
def mel() -> MultiResolutionMel:
    return MultiResolutionMel(RATE_HZ)


@pytest.fixture(scope="module")
def level() -> LevelDifference:
    return LevelDifference(RATE_HZ)


def test_equal_sounds_have_no_loss(mel: MultiResolutionMel, level: LevelDifference) -> None:
    sound = panned(20)
    assert mel(sound, sound) == 0
    assert [float(part) for part in level(sound, sound)] == [0, 0]


def test_the_loss_grows_with_the_panning_error(mel: MultiResolutionMel, level: LevelDifference) -> None:
    true = panned(10)
    mels = [float(mel(panned(10 + error), true)) for error in ERRORS_DEG]
    differences = [float(level(panned(10 + error), true)[0]) for error in ERRORS_DEG]
    for losses in (mels, differences):
        assert all(later > earlier + 0.01 for earlier, later in pairwise(losses)), losses


def test_the_level_difference_is_that_of_the_pan_law(level: LevelDifference) -> None:
    left, right = pan_gains(np.deg2rad(20))
    difference, _ = level(panned(20), panned(0))
    assert float(difference) == pytest.approx(2 * np.log(right / left), abs=0.02)


def test_a_louder_copy_in_its_place_is_a_level_error_only(level: LevelDifference) -> None:
    difference, levels = level(2 * panned(10), panned(10))
    assert float(difference) == pytest.approx(0, abs=1e-3)
    assert float(levels) == pytest.approx(2 * np.log(2), abs=1e-3)


def test_where_nothing_is_heard_the_difference_counts_little(level: LevelDifference) -> None:
    loud, faint = (float(level(panned(20, gain), panned(-20, gain))[0]) for gain in (0.2, 2e-4))
    assert faint < 0.1 * loud


def test_mid_and_side_tell_what_left_and_right_alone_do_not(mel: MultiResolutionMel) -> None:
    """The same left and right spectra, once in phase and once against each other."""
    sound = panned(0)
    turned = sound * torch.tensor([1.0, -1.0])[:, None]
    assert float(mel(turned, sound)) > 1
    left, right, mid, side = with_mid_side(turned)[0]
    torch.testing.assert_close(left, -right)
    assert not mid.any()
    torch.testing.assert_close(side, left)


def test_one_resolution_at_a_time_is_the_mean_of_all(mel: MultiResolutionMel) -> None:
    parts = [float(mel(panned(5), panned(-5), (window,))) for window in WINDOWS]
    assert float(mel(panned(5), panned(-5))) == pytest.approx(np.mean(parts))
