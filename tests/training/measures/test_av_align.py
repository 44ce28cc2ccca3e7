"""Spatial AV-Align on sound whose side is known."""

import math

import numpy as np
import pytest

from stereosync.scene import Box, Camera, Float32Array, SceneFrame
from stereosync.stereo import FULL_PAN_AZIMUTH_RAD, pan_gains
from stereosync_training.measures.av_align import (
    WIDTH_PX,
    Sight,
    align_scores,
    column_px,
    count_aligned,
    localise,
    pan_azimuth_rad,
    sight_of,
)

RATE_HZ = 48_000
CAMERA = Camera(math.radians(50), 16 / 9)
DURATION_S = 4.0


def bursts(azimuth_rad: float, noise: float = 0.0) -> Float32Array:
    """A burst of noise each half second from one direction, over steady noise on the left."""
    rng = np.random.default_rng(0)
    sound = np.zeros((round(DURATION_S * RATE_HZ), 2), np.float32)
    sound[:, 0] = noise * rng.standard_normal(len(sound))
    time_s = np.arange(9600) / RATE_HZ
    burst = 0.3 * rng.standard_normal(9600) * np.exp(-time_s / 0.03)
    for start_s in np.arange(0.3, DURATION_S - 0.3, 0.5):
        start = round(start_s * RATE_HZ)
        sound[start : start + 9600] += burst[:, None] * pan_gains(azimuth_rad)
    return sound


def frames(azimuth_rad: float) -> list[SceneFrame]:
    """Somebody 20 pixels wide who stands in one direction."""
    column = column_px(azimuth_rad, CAMERA.tan_half_horizontal)
    box = Box(0, "person", column - 10, 10, column + 10, 100)
    picture, depth = np.zeros((144, WIDTH_PX, 3), np.uint8), np.ones((144, WIDTH_PX), np.float32)
    return [SceneFrame(k, k / 30, CAMERA, picture, depth, (box,)) for k in range(-30, round(30 * DURATION_S))]


@pytest.mark.parametrize("azimuth_rad", [-FULL_PAN_AZIMUTH_RAD, -0.4, 0.0, 0.1, 0.9])
def test_the_pan_law_is_inverted(azimuth_rad: float) -> None:
    left, right = np.square(pan_gains(azimuth_rad).astype(np.float64))
    assert pan_azimuth_rad(left, right) == pytest.approx(azimuth_rad, abs=1e-3)


def test_events_are_found_where_they_sound_also_over_a_steady_place() -> None:
    found = localise(bursts(0.3, noise=0.01))
    assert len(found) >= 6
    assert np.abs(np.array([*found.values()]) - 0.3).max() < 0.05


def test_sound_at_the_box_is_right_and_elsewhere_wrong() -> None:
    seen = sight_of(frames(0.4), DURATION_S)
    assert len(seen.spans) == 16
    right = align_scores([count_aligned(bursts(0.4), seen)])
    assert right["av_align"] == 1.0
    assert align_scores([count_aligned(bursts(-0.3), seen)])["av_align"] == 0.0


def test_chance_of_one_box_in_the_middle_is_its_reach() -> None:
    sight = Sight(CAMERA.tan_half_horizontal, (((108.0, 148.0),),) * 16)
    assert align_scores([count_aligned(bursts(0.0), sight)])["av_align_chance"] == pytest.approx((40 + 80) / 256)
    twice = Sight(CAMERA.tan_half_horizontal, (((108.0, 148.0), (110.0, 150.0)),) * 16)
    assert align_scores([count_aligned(bursts(0.0), twice)])["av_align_chance"] == pytest.approx((42 + 80) / 256)


def test_nobody_in_the_picture_makes_every_event_wrong() -> None:
    counts = count_aligned(bursts(0.0), Sight(CAMERA.tan_half_horizontal, ((),) * 16))
    assert align_scores([counts]) == {"av_align": 0.0, "av_align_chance": 0.0}


def test_silence_has_no_figure() -> None:
    silent = count_aligned(np.zeros((RATE_HZ, 2), np.float32), sight_of(frames(0.0), 1.0))
    assert all(math.isnan(value) for value in align_scores([silent]).values())
