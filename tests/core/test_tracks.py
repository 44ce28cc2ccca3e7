"""Where a character is and how its box moved: the ten numbers and the track."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from stereosync.cues import NUMBERS, TRACK_CHANNELS, Cues, CueSpec, CueState, encode
from stereosync.planes import leg_features
from stereosync.scene import Box, SceneFrame, azimuth_rad
from stereosync.tracks import box_depth_m

MakeFrame = Callable[..., SceneFrame]
MakeBox = Callable[..., Box]
SPEC = CueSpec()
KNOWN = TRACK_CHANNELS.index("known")


def number(cues: Cues, name: str) -> float:
    return float(cues.numbers[0, NUMBERS.index(name)])


def walk(make_frame: MakeFrame, boxes: list[Box], rate_hz: float = 30.0) -> Cues:
    """The cues of the last of several frames, one box in each."""
    state = CueState()
    for index, box in enumerate(boxes):
        state, cues = encode(SPEC, state, make_frame(index / rate_hz, (box,)))
    return cues


def test_depth_is_a_low_percentile_of_the_box(make_frame: MakeFrame, make_box: MakeBox) -> None:
    depth_m = np.full((90, 160), 50.0, np.float32)
    depth_m[30:75, 75:85] = 4.0  # the body: half of the box, the rest of it shows the background
    assert box_depth_m(make_frame(depth_m=depth_m), make_box()) == pytest.approx(4.0)


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 80])
def test_the_percentile_is_that_of_numpy(width: int, make_frame: MakeFrame) -> None:
    depth_m = np.random.default_rng(width).uniform(1, 50, (90, 160)).astype(np.float32)
    depth_m[0, 0] = np.nan
    expected = np.percentile(depth_m[1, :width], 25)
    box = Box(1, "walker", 0.0, 2.0, 2.0 * width, 4.0)
    assert box_depth_m(make_frame(depth_m=depth_m), box) == pytest.approx(expected, rel=1e-6)
    above = Box(1, "walker", 0.0, 0.0, 2.0, 2.0)
    assert box_depth_m(make_frame(depth_m=depth_m), above) is None


def test_a_sent_position_wins_over_depth(make_frame: MakeFrame, make_box: MakeBox) -> None:
    box = make_box(position_m=(1.5, 0.0, 6.0))
    assert box_depth_m(make_frame(), box) == 6.0
    cues = walk(make_frame, [box])
    assert number(cues, "azimuth_rad") == pytest.approx(math.atan2(1.5, 6.0))
    assert number(cues, "depth_known") == 1.0


def test_a_position_behind_the_camera_is_not_used(make_frame: MakeFrame, make_box: MakeBox) -> None:
    assert box_depth_m(make_frame(), make_box(position_m=(0.0, 0.0, -2.0))) == 10.0


def test_unknown_depth_takes_a_default_and_says_so(make_frame: MakeFrame, make_box: MakeBox) -> None:
    frame = make_frame(boxes=(make_box(),), depth_m=np.full((90, 160), np.inf, np.float32))
    assert box_depth_m(frame, frame.boxes[0]) is None
    _, cues = encode(SPEC, CueState(), frame)
    assert number(cues, "depth_known") == 0.0
    assert number(cues, "log_distance") == pytest.approx(math.log(10.0), abs=0.05)


def test_numbers_of_a_box_that_stands(make_frame: MakeFrame, make_box: MakeBox) -> None:
    frame = make_frame(boxes=(make_box(dx=80, tight=False),))
    _, cues = encode(SPEC, CueState(), frame)
    x_tan, y_tan = 0.5 * frame.camera.tan_half_horizontal, (2 * 105 / 180 - 1) * frame.camera.tan_half_vertical
    assert number(cues, "azimuth_rad") == pytest.approx(azimuth_rad(frame.camera, 240, 320))
    assert number(cues, "elevation_rad") == pytest.approx(math.atan2(-y_tan, math.hypot(1, x_tan)))
    assert number(cues, "log_distance") == pytest.approx(math.log(10 * math.sqrt(1 + x_tan**2 + y_tan**2)))
    assert number(cues, "tight") == 0.0
    for name in ("azimuth_rad_per_s", "elevation_rad_per_s", "log_distance_per_s"):
        assert number(cues, name) == 0.0


def test_speeds_of_a_box_that_moves_right_and_nearer(make_frame: MakeFrame) -> None:
    def box(time_s: float) -> Box:
        x_m, z_m = 1.0 * time_s, 8.0 - 2.0 * time_s
        return Box(1, "walker", 150, 60, 170, 150, position_m=(x_m, 0.0, z_m))

    times_s = np.arange(12) / 30
    cues = walk(make_frame, [box(time_s) for time_s in times_s])
    now_s, before_s = times_s[-1], times_s[-4]
    turn = math.atan2(now_s, 8 - 2 * now_s) - math.atan2(before_s, 8 - 2 * before_s)
    assert number(cues, "azimuth_rad_per_s") == pytest.approx(turn / 0.1, rel=0.05)
    assert number(cues, "log_distance_per_s") == pytest.approx(-2 / (8 - 2 * now_s), rel=0.15)


def test_sub_pixel_moves_reach_the_track(make_frame: MakeFrame, make_box: MakeBox) -> None:
    still = walk(make_frame, [make_box()] * 8)
    moved = walk(make_frame, [make_box(dy=0.1 * (index % 2)) for index in range(8)])
    assert np.abs(still.tracks[0, :6, :4] - still.tracks[0, 0, :4]).max() < 1e-6
    assert np.abs(moved.tracks[0, :6, 3] - moved.tracks[0, 0, 3]).max() > 0.0005  # 0.1 of 90 px is 0.0011 heights


def test_the_track_is_the_way_of_the_corners_in_box_heights(make_frame: MakeFrame, make_box: MakeBox) -> None:
    cues = walk(make_frame, [make_box(dx=3.0 * index) for index in range(50)])  # 90 px a second: a box height
    track = cues.tracks[0]
    ages_s = np.arange(SPEC.track_steps) * SPEC.track_interval_s
    np.testing.assert_allclose(track[:, 0], -20 / 90 - ages_s, atol=1e-4)
    np.testing.assert_allclose(track[:, 2], 20 / 90 - ages_s, atol=1e-4)
    np.testing.assert_allclose(track[:, 1], -0.5, atol=1e-5)
    np.testing.assert_allclose(track[:, 3], 0.5, atol=1e-5)
    np.testing.assert_array_equal(track[:, KNOWN], 1.0)


def test_the_track_does_not_depend_on_the_frame_rate(make_frame: MakeFrame, make_box: MakeBox) -> None:
    slow = walk(make_frame, [make_box(dx=3.0 * index) for index in range(31)], 30.0)
    fast = walk(make_frame, [make_box(dx=1.5 * index) for index in range(61)], 60.0)
    np.testing.assert_allclose(slow.tracks, fast.tracks, atol=1e-4)


def test_a_young_track_is_known_only_as_far_as_it_goes(make_frame: MakeFrame, make_box: MakeBox) -> None:
    cues = walk(make_frame, [make_box()] * 4)  # 100 ms: the steps at 0, 40 and 80 ms
    assert cues.tracks[0, :, KNOWN].tolist() == [1.0] * 3 + [0.0] * (SPEC.track_steps - 3)
    assert not cues.tracks[0, 3:].any()


def test_a_track_forgets_what_is_too_old(make_frame: MakeFrame, make_box: MakeBox) -> None:
    state = CueState()
    for index in range(200):
        state, _ = encode(SPEC, state, make_frame(index / 30, (make_box(),)))
    assert len(state.tracks[1]) <= SPEC.track_steps * SPEC.track_interval_s * 30 + 2


def test_time_that_jumps_back_starts_the_track_again(make_frame: MakeFrame, make_box: MakeBox) -> None:
    state = CueState()
    for time_s in (10.0, 10.1, 10.2, 1.0):
        state, cues = encode(SPEC, state, make_frame(time_s, (make_box(dx=time_s),)))
    assert len(state.tracks[1]) == 1
    assert cues.tracks[0, :, KNOWN].sum() == 1.0


def test_legs_apart_are_told_from_legs_together() -> None:
    together, apart = np.full((2, 32, 32), 1.0, np.float32)
    together[:, 15:17] = 0.0
    apart[:, 8:10] = apart[:, 22:24] = 0.0
    still = np.zeros((32, 32), np.float32)
    assert leg_features(together, still, 4.0)[0] < 0.05 < 0.2 < leg_features(apart, still, 4.0)[0]


def test_the_leg_behind_is_on_its_side() -> None:
    depth = np.full((32, 32), 1.0, np.float32)
    depth[:, 8:12], depth[:, 20:24] = -0.05, 0.05
    assert leg_features(depth, np.zeros((32, 32), np.float32), 4.0)[1] == pytest.approx(0.4)
    assert leg_features(depth[:, ::-1], np.zeros((32, 32), np.float32), 4.0)[1] == pytest.approx(-0.4)


def test_ground_at_the_feet_is_no_leg() -> None:
    slope = np.linspace(0.3, 0.0, 32, dtype=np.float32)[:, None].repeat(32, axis=1)
    assert leg_features(slope, np.zeros((32, 32), np.float32), 4.0)[0] == 0.0


def test_without_depth_only_motion_is_left() -> None:
    depth, moved = np.ones((32, 32), np.float32), np.full((32, 32), -0.25, np.float32)
    assert leg_features(depth, moved, 4.0) == (0.0, 0.0, pytest.approx(0.25))
