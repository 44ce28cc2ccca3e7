"""Turns are found in stretches of any length, and feet, facing and way in points that nobody named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from walking_sticks import CONTACTS, stick_cycle

from stereosync.errors import UserError
from stereosync_scenes.cycles.checks import CycleError
from stereosync_scenes.cycles.feet import feet_by_side
from stereosync_scenes.cycles.motion import Motion
from stereosync_scenes.cycles.of_motion import cycle_of
from stereosync_scenes.cycles.own import own_cycles
from stereosync_scenes.cycles.turns import find_turns
from stereosync_scenes.plan import FloatArray

RATE_HZ = 60.0
STICKS = stick_cycle()


def walked(turns: float, begin: float = 0.0, root: bool = True) -> Motion:
    """The sticks for so many turns, from a phase on."""
    phase = begin + np.arange(round(turns * STICKS.period_s * RATE_HZ) + 1) / (RATE_HZ * STICKS.period_s)
    points = STICKS.at(phase)
    if root:
        points = points + (phase * STICKS.way_m)[:, None, None] * np.array([0.0, 0.0, 1.0])
    return Motion("walk", "sticks", points, 1 / RATE_HZ, front_known=True)


def still(points_m: FloatArray, frames: int) -> FloatArray:
    return np.repeat(points_m[None], frames, axis=0)


@pytest.mark.parametrize("turns", [1.0, 2.0, 3.0, 2.6, 7.3])
@pytest.mark.parametrize("root", [True, False])
def test_a_turn_is_found_in_any_stretch(turns: float, root: bool) -> None:
    cycle = cycle_of(walked(turns, 0.3, root))
    assert cycle.period_s == pytest.approx(STICKS.period_s, rel=0.02)
    assert cycle.way_m == pytest.approx(STICKS.way_m, rel=0.05)
    apart = (cycle.contact_phase[1] - cycle.contact_phase[0]) % 1.0
    assert apart == pytest.approx(0.5, abs=0.03)


def test_a_loop_may_leave_out_its_last_frame_and_begins_where_it_did() -> None:
    whole = walked(1.0, root=False)
    cycle = cycle_of(dataclasses.replace(whole, points_m=whole.points_m[:-1]))
    assert cycle.period_s == pytest.approx(STICKS.period_s, rel=0.02)
    off = (np.array(cycle.contact_phase) - CONTACTS + 0.5) % 1.0 - 0.5
    assert np.abs(off).max() < 0.03


def test_who_stands_about_before_and_after_is_met_walking() -> None:
    walk = walked(3.0)
    points = np.concatenate([still(walk.points_m[0], 100), walk.points_m, still(walk.points_m[-1], 150)])
    turn = find_turns(points, walk.step_s)[0]
    assert turn.first >= 90
    assert turn.first + turn.length <= 110 + len(walk.points_m)
    assert cycle_of(dataclasses.replace(walk, points_m=points)).way_m == pytest.approx(STICKS.way_m, rel=0.05)


def test_told_contacts_are_those_of_the_clip() -> None:
    motion = dataclasses.replace(walked(1.0), contacts=(0.1, 0.6))
    assert cycle_of(motion).contact_phase == pytest.approx((0.1, 0.6))


def test_half_a_turn_is_no_turn() -> None:
    with pytest.raises(CycleError, match="comes back"):
        cycle_of(walked(0.55))


def test_who_goes_sideways_is_told() -> None:
    motion = walked(2.0, root=False)
    aside = np.arange(len(motion.points_m))[:, None, None] * np.array([0.02, 0.0, 0.0])
    bones = ("Hips",) * 4 + ("LeftFoot",) * 2 + ("RightFoot",) * 2
    with pytest.raises(CycleError, match="sideways"):
        cycle_of(dataclasses.replace(motion, points_m=motion.points_m + aside, bones=bones))


def test_who_marks_time_goes_nowhere() -> None:
    motion = walked(2.0, root=False)
    points = motion.points_m.copy()
    points[..., 2] = points[..., 2].mean(axis=0)
    with pytest.raises(CycleError, match="goes nowhere"):
        cycle_of(dataclasses.replace(motion, points_m=points))


def test_points_far_beyond_any_place_are_told() -> None:
    motion = walked(1.0)
    with pytest.raises(UserError, match="not finite"):
        cycle_of(dataclasses.replace(motion, points_m=motion.points_m + 1e200))


def test_gaits_of_own_figures_are_all_read_though_nobody_names_their_feet() -> None:
    for own in own_cycles(6, 30_000):
        step_s = own.period_s / len(own.points_m)
        cycle = cycle_of(Motion(own.name, own.body, own.points_m, step_s, front_known=True))
        assert cycle.way_m == pytest.approx(own.way_m, rel=0.05)
        assert cycle.period_s == pytest.approx(own.period_s, rel=0.07)


def test_a_captured_loop_that_does_not_quite_close_is_a_loop() -> None:
    whole = walked(1.0)
    drift = np.linspace(0, 1, len(whole.points_m))[:, None, None] * np.random.default_rng(0).normal(0, 0.03, (8, 3))
    cycle = cycle_of(dataclasses.replace(whole, points_m=whole.points_m + drift))
    assert cycle.period_s == pytest.approx(STICKS.period_s, rel=0.02)
    assert np.abs(cycle.points_m[0] - cycle.points_m[-1]).max() < 0.1


def test_who_lies_or_goes_down_is_no_walker() -> None:
    motion = walked(1.0)
    low = 1 - 0.5 * np.sin(np.pi * np.linspace(0, 1, len(motion.points_m)))[:, None, None] * np.array([0.0, 1.0, 0.0])
    with pytest.raises(CycleError, match="upright"):
        cycle_of(dataclasses.replace(motion, points_m=motion.points_m * low))
    with pytest.raises(CycleError, match="lies"):
        cycle_of(dataclasses.replace(motion, points_m=motion.points_m[..., [0, 2, 1]]))


def test_a_shoe_that_dips_into_the_floor_where_it_rolls_off_comes_down_when_it_did() -> None:
    motion = walked(1.0)
    points = motion.points_m.copy()
    for rows, contact in (((4, 5), 0.0), ((6, 7), 0.5)):
        since = (np.arange(len(points)) / (len(points) - 1) - contact) % 1.0
        points[:, rows, 1] -= 0.02 * ((since > 0.35) & (since < 0.5))[:, None]
    found = cycle_of(dataclasses.replace(motion, points_m=points)).contact_phase
    off = (np.array(found) - cycle_of(motion).contact_phase + 0.5) % 1.0 - 0.5
    assert np.abs(off).max() < 0.02


def test_low_points_that_go_with_no_foot_are_none() -> None:
    hem = np.stack([[0.0, 0.1, 0.0], [-0.15, 0.12, 0.0], [0.15, 0.12, 0.0]])
    points = np.concatenate([STICKS.points_m, still(hem, len(STICKS.points_m))], axis=1)
    assert feet_by_side(points) == ([4, 5], [6, 7])
