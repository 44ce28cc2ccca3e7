"""Told feet: a history that is bounded and begins anew where feet jump, and arrays that ask nothing of the world."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import walking_feet

from stereosync.cue_spec import FEET_CHANNELS, CueSpec
from stereosync.feet import HEIGHT_BOUND_M, KEPT_S, MOST_POINTS, SPEED_BOUND_M_S, FeetTrack, extend_feet, feet_array
from stereosync.scene import Foot

SPEC = CueSpec()
FRAME_S = 1 / 30
TOLD = FEET_CHANNELS.index("told")
Point = tuple[float, float, float]
Tell = Callable[[float], Sequence[Foot]]


def walked(until_s: float, rate_hz: float = 30.0, tell: Tell = walking_feet.feet, start_s: float = 0.0) -> FeetTrack:
    """The track of feet told in every frame up to a moment."""
    track = None
    for frame in range(round((until_s - start_s) * rate_hz) + 1):
        time_s = start_s + frame / rate_hz
        track = extend_feet(track, tell(time_s), time_s)
    assert track is not None
    return track


def moved(change: Callable[[Point], Point]) -> Tell:
    """Walking feet in another frame of the world."""
    return lambda time_s: [replace(foot, world_m=change(foot.world_m)) for foot in walking_feet.feet(time_s)]


def channel(array: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(array[:, FEET_CHANNELS.index(name)])


def test_channels_are_what_they_say() -> None:
    """A left foot in the middle of its swing, the right one standing; 2.2 s is the end of the left foot's 2nd turn."""
    middle_s = walking_feet.TURN_S * (1 + (1 + walking_feet.STANCE) / 2)
    array = feet_array(SPEC, walked(middle_s, rate_hz=240, start_s=0.1))
    assert array.shape == SPEC.feet_shape[1:]
    assert array.dtype == np.float32
    now = dict(zip(FEET_CHANNELS, array[0].tolist(), strict=True))
    assert now["left_height"] == pytest.approx(walking_feet.LIFT_M, abs=0.002)
    assert now["left_rise"] == pytest.approx(0, abs=0.05)
    swing_s = walking_feet.TURN_S * (1 - walking_feet.STANCE)
    assert now["left_speed"] == pytest.approx(1.5 * walking_feet.STRIDE_M / swing_s, abs=0.05)
    assert [now[name] for name in ("right_height", "right_rise", "right_speed")] == pytest.approx([0, 0, 0], abs=1e-4)
    assert now["stride"] == pytest.approx(0, abs=0.01)  # it passes the other
    assert now["told"] == 1
    later = feet_array(SPEC, walked(2 * walking_feet.TURN_S + 0.05, rate_hz=240, start_s=0.1))
    assert channel(later, "stride")[0] == pytest.approx(walking_feet.STRIDE_M / 2, abs=0.01)  # the left foot is ahead


def test_the_past_lies_at_fixed_intervals_behind_now() -> None:
    newest, older = walked(3.0), walked(3.0 - 5 * SPEC.track_interval_s)
    now, before = feet_array(SPEC, newest), feet_array(SPEC, older)
    for name in ("left_height", "right_height", "left_speed", "right_speed"):
        assert channel(now, name)[5:20] == pytest.approx(channel(before, name)[:15], abs=0.25), name


WORLDS: dict[str, Callable[[Point], Point]] = {
    "another origin": lambda point: (point[0] + 5000.0, point[1] - 300.0, point[2] + 77.0),
    "turned": lambda point: (
        point[0] * math.cos(1.2) + point[2] * math.sin(1.2),
        point[1],
        point[2] * math.cos(1.2) - point[0] * math.sin(1.2),
    ),
    "the other hand": lambda point: (point[0], point[1], -point[2]),
}


@pytest.mark.parametrize("world", WORLDS)
def test_the_frame_of_the_world_does_not_matter(world: str) -> None:
    expected = feet_array(SPEC, walked(3.0))
    np.testing.assert_allclose(feet_array(SPEC, walked(3.0, tell=moved(WORLDS[world]))), expected, atol=1e-5)
    assert np.abs(expected).max() > 1


def test_the_past_before_the_feet_were_told_is_zero_and_not_told() -> None:
    array = feet_array(SPEC, walked(1.4, start_s=1.0))
    known = channel(array, "told") > 0
    assert known.tolist() == [True] * 11 + [False] * (SPEC.track_steps - 11)
    assert not array[~known].any()


def test_a_first_frame_is_told_and_rests() -> None:
    array = feet_array(SPEC, extend_feet(None, walking_feet.feet(1.0), 1.0))
    assert array[0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0, 1])
    assert not array[1:].any()


def test_nothing_told_is_zero() -> None:
    assert not feet_array(SPEC, None).any()
    assert not feet_array(SPEC, FeetTrack()).any()


@pytest.mark.parametrize("jump_m", [10.0, -10.0])
def test_feet_that_jump_begin_anew(jump_m: float) -> None:
    track = walked(2.0)
    there = [replace(foot, world_m=(foot.world_m[0] + jump_m, *foot.world_m[1:])) for foot in walking_feet.feet(2.03)]
    after = extend_feet(track, there, 2.03)
    assert [len(foot.times_s) for foot in after.feet.values()] == [1, 1]
    array = feet_array(SPEC, after)
    assert channel(array, "told").sum() == 1
    assert not array[0, :TOLD].any()


def test_one_foot_that_jumps_takes_the_past_of_both() -> None:
    left, right = walking_feet.feet(2.03)
    after = extend_feet(walked(2.0), (replace(left, world_m=(9.0, 0.0, 30.0)), right), 2.03)
    assert len(after.feet["right", 0].times_s) > 1
    assert channel(feet_array(SPEC, after), "told").sum() == 1


def test_a_fast_runner_does_not_jump() -> None:
    fast = moved(lambda point: (5 * point[0], point[1], 5 * point[2]))  # a foot swings at up to 25 m/s
    assert len(walked(2.0, rate_hz=20, tell=fast).feet["left", 0].times_s) > 30


def test_feet_begin_anew_after_a_while_without_frames() -> None:
    track = walked(1.0)
    after = extend_feet(track, walking_feet.feet(1.0), 1.0 + KEPT_S + 0.1)
    assert len(after.feet["left", 0].times_s) == 1


def test_a_foot_that_is_not_told_is_forgotten_at_once() -> None:
    left, _ = walking_feet.feet(1.03)
    alone = extend_feet(walked(1.0), (left,), 1.03)
    assert set(alone.feet) == {("left", 0)}
    again = extend_feet(alone, walking_feet.feet(1.06), 1.06)
    assert len(again.feet["right", 0].times_s) == 1


def test_one_foot_alone_tells_nothing_of_a_gait() -> None:
    track = walked(2.0, tell=lambda time_s: walking_feet.feet(time_s)[:1])
    assert len(track.feet["left", 0].times_s) > 30
    assert not feet_array(SPEC, track).any()


def test_two_feet_of_one_side_are_known_by_their_order() -> None:
    def both_left(time_s: float) -> Sequence[Foot]:
        return [replace(foot, side="left") for foot in walking_feet.feet(time_s)]

    track = walked(2.0, tell=both_left)
    assert set(track.feet) == {("left", 0), ("left", 1)}
    assert track.feet["left", 1].points_m[-1].tolist() == list(walking_feet.feet(2.0)[1].world_m)
    assert not feet_array(SPEC, track).any()  # no right one


def test_of_four_feet_the_first_of_each_side_make_the_array() -> None:
    def quadruped(time_s: float) -> Sequence[Foot]:
        left, right = walking_feet.feet(time_s)
        return (left, right, *walking_feet.feet(time_s - 0.3))

    track = walked(2.0, tell=quadruped)
    assert set(track.feet) == {(side, order) for side in ("left", "right") for order in (0, 1)}
    np.testing.assert_array_equal(feet_array(SPEC, track), feet_array(SPEC, walked(2.0)))


def test_however_many_frames_come_the_history_is_bounded() -> None:
    track = walked(3.0, rate_hz=500)
    foot = track.feet["left", 0]
    assert len(foot.times_s) == len(foot.points_m) == len(foot.grounded) == MOST_POINTS
    assert foot.times_s[-1] == 3.0
    assert (np.diff(foot.times_s) > 0).all()
    slow = walked(6.0, rate_hz=30).feet["left", 0]
    assert slow.times_s[-1] - slow.times_s[0] <= KEPT_S


def test_a_frame_that_is_no_newer_takes_the_place_of_what_came_after() -> None:
    track = extend_feet(walked(2.0), walking_feet.feet(1.5), 1.5)
    times_s = track.feet["left", 0].times_s
    assert times_s[-1] == 1.5
    assert (np.diff(times_s) > 0).all()


def test_wild_feet_stay_within_bounds() -> None:
    rng = np.random.default_rng(0)

    def wild(_time_s: float) -> Sequence[Foot]:
        return [Foot(side, tuple(rng.uniform(-1.4, 1.4, 3))) for side in ("left", "right")]

    array = feet_array(SPEC, walked(2.0, tell=wild))
    assert np.isfinite(array).all()
    for name in ("left_height", "right_height", "stride"):
        assert np.abs(channel(array, name)).max() <= HEIGHT_BOUND_M
    for name in ("left_rise", "right_rise", "left_speed", "right_speed"):
        assert np.abs(channel(array, name)).max() <= SPEED_BOUND_M_S
    assert np.abs(channel(array, "left_rise")).max() == SPEED_BOUND_M_S  # it does bind


def test_whether_a_foot_is_grounded_is_kept_as_it_was_told() -> None:
    def landing(time_s: float) -> Sequence[Foot]:
        said = {0: None, 1: True, 2: False}[round(time_s * 30) % 3]
        return [replace(foot, grounded=said) for foot in walking_feet.feet(time_s)]

    grounded = walked(2 / 30, tell=landing).feet["left", 0].grounded
    assert np.isnan(grounded[0])
    assert grounded[1:].tolist() == [1.0, 0.0]


def test_no_history_is_changed() -> None:
    track = walked(1.0)
    before = {key: foot.times_s.copy() for key, foot in track.feet.items()}
    extend_feet(track, walking_feet.feet(1.03), 1.03)
    for key, times_s in before.items():
        np.testing.assert_array_equal(track.feet[key].times_s, times_s)
