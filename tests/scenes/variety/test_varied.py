"""The varied world: its own draws, feet that stand and come down where the truth says, cameras of games."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.feet import contact_times_s, foot_at
from stereosync_scenes.gait import footfalls, pose
from stereosync_scenes.game_cameras import GAME_STYLES
from stereosync_scenes.kinds import gait_of
from stereosync_scenes.looks import colours, corners, surface
from stereosync_scenes.plan import Character, Plan, Track
from stereosync_scenes.step_style import Jump, StepStyle
from stereosync_scenes.track import LEAD_S, track_times_s
from stereosync_scenes.truth import walk_truth

SEEDS = range(500, 512)


@pytest.fixture(scope="module")
def varied() -> list[Plan]:
    return [make_plan(seed, 3.0, variety="varied") for seed in SEEDS]


def _walker(pace_m_s: float = 1.3, faces_rad: float = 0.0, **changes: object) -> Character:
    """Somebody who goes along x, plain but for `changes`."""
    times_s = track_times_s(4.0)
    way = np.stack([pace_m_s * times_s, np.zeros(len(times_s))], axis=-1)
    track = Track(-LEAD_S, way, np.full(len(times_s), faces_rad), np.full(len(times_s), pace_m_s))
    plain = dataclasses.replace(make_plan(3).characters[0], limp=0.0, sneak=0.0, cadence=1.0)
    return dataclasses.replace(plain, track=track, **changes)


def test_the_plain_world_draws_as_before() -> None:
    first = make_plan(900_000).characters[0]
    assert (first.style, first.jumps, first.sideways) == (StepStyle(), (), False)
    assert (first.body.shape, first.body.carries) == ((), ())
    assert make_plan(900_000, variety="plain").shot.style == make_plan(900_000).shot.style


def test_a_seed_gives_the_same_varied_walk_each_time() -> None:
    one, again = (walk_truth(make_plan(501, 3.0, variety="varied")) for _ in range(2))
    assert one == again


def test_bodies_are_of_all_kinds(varied: list[Plan]) -> None:
    people = [one for plan in varied for one in plan.characters]
    assert any(one.body.shape for one in people)
    assert any(not one.body.shape for one in people)
    assert any(one.body.carries for one in people)
    assert np.ptp([one.body.height_m for one in people]) > 0.7


def test_surfaces_have_a_colour_for_every_vertex_and_stay_above_the_ground(varied: list[Plan]) -> None:
    for plan in varied:
        for one in plan.characters:
            points, normals = surface(one.body, pose(plan, one, 1.0))
            assert len(points) == len(normals) == len(colours(one.body)) == corners(one.body).max() + 1
            assert points[:, 2].min() >= 0.0
            assert np.isfinite(points).all()


def test_feet_stand_between_rest_and_lift(varied: list[Plan]) -> None:
    for one in (one for plan in varied for one in plan.characters if not one.style.keys):
        falls = footfalls(one)
        for index in np.flatnonzero((falls.rest_s > 0) & (falls.rest_s < 2)):
            moments = np.linspace(falls.rest_s[index] + 1e-6, min(falls.lift_s[index], 3.0) - 1e-6, 6)
            feet = [foot_at(one, int(falls.foot[index]), float(time_s)) for time_s in moments]
            ends = np.stack([[foot.heel, foot.toe] for foot in feet])
            assert np.linalg.norm(np.diff(ends, axis=0), axis=-1).min(1).max() < 0.005  # from heel to toe


def test_key_poses_keep_a_standing_foot_and_its_contact() -> None:
    one = _walker(style=StepStyle(keys=5, alert=True))
    falls, contacts_s = footfalls(one), contact_times_s(one)
    for index in np.flatnonzero((falls.rest_s > 0) & (falls.rest_s < 2)):
        assert -0.12 < contacts_s[index] - falls.rest_s[index] < 1e-6
        middle_s = float(falls.rest_s[index] + falls.lift_s[index]) / 2
        heels = [foot_at(one, int(falls.foot[index]), middle_s + off_s).heel for off_s in (-0.04, 0.0)]
        assert np.linalg.norm(heels[1] - heels[0]) < 0.02


def test_key_poses_go_straight_from_key_to_key() -> None:
    plan, one = make_plan(3), _walker(style=StepStyle(keys=4))
    begin_s, end_s = footfalls(one).rest_s[6:8]
    inside = begin_s + (end_s - begin_s) * np.array([0.02, 0.12, 0.22])
    before, middle, after = (pose(plan, one, float(time_s)).points_m for time_s in inside)
    np.testing.assert_allclose(middle, (before + after) / 2, atol=1e-6)


def test_a_jump_leaves_and_lands_with_both_feet() -> None:
    one = _walker(jumps=(Jump(1.0, 0.5, 0.03),))
    falls = footfalls(one)
    landing = np.flatnonzero((falls.rest_s >= 1.5 - 1e-9) & (falls.rest_s <= 1.53 + 1e-9))
    assert sorted(falls.foot[landing]) == [0, 1]
    assert falls.force[landing].min() > np.median(falls.force)
    plan = make_plan(3)
    heights_m = [pose(plan, one, time_s).joint("pelvis")[2] for time_s in (0.5, 1.25)]
    assert heights_m[1] > heights_m[0] + 0.2
    assert min(foot_at(one, side, 1.25).sole_m for side in (0, 1)) > 0.2
    assert gait_of(one) == "jump"


def test_who_walks_backwards_lands_on_the_toes() -> None:
    one = _walker(faces_rad=np.pi, sideways=True)
    falls = footfalls(one)
    index = int(np.flatnonzero(falls.rest_s > 0.5)[0])
    foot = foot_at(one, int(falls.foot[index]), float(falls.rest_s[index]) + 1e-6)
    assert foot.toe[2] < foot.heel[2]
    assert foot.toe[0] < foot.heel[0]  # it points against the way
    assert gait_of(one) == "sideways"


def test_an_early_foot_is_over_its_place_before_it_comes_down() -> None:
    def away_m(early: float) -> float:
        one = _walker(style=StepStyle(early=early))
        falls = footfalls(one)
        index = int(np.flatnonzero(falls.rest_s > 0.5)[0])
        rest_s, side = float(falls.rest_s[index]), int(falls.foot[index])
        return float(np.hypot(*(foot_at(one, side, rest_s - 0.06).ankle - foot_at(one, side, rest_s).ankle)[:2]))

    assert away_m(0.25) < 0.5 * away_m(0.0)


def test_game_cameras_are_drawn_and_leave_feet_out_at_times() -> None:
    plans = [make_plan(seed, 1.0, variety="varied") for seed in range(600, 660)]
    assert {plan.shot.style for plan in plans} > set(GAME_STYLES)
    for plan in (plan for plan in plans if plan.shot.style == "isometric"):
        assert plan.setting.kind == "field"
        assert np.radians(29) < plan.shot.down_rad < np.radians(61)
    feet = [
        plan.shot.to_camera([*plan.characters[0].track.position_at(0.5), 0.0], 0.5)
        for plan in plans
        if plan.shot.style in ("third_near", "shoulder")
    ]
    out = [-y / z > np.tan(np.radians(30)) for _, y, z in feet]
    assert np.mean(out) > 0.5
