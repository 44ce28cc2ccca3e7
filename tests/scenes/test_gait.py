"""Gait: feet stop, stand still until they lift, and bear a body whose bones keep their lengths."""

from __future__ import annotations

import dataclasses

import numpy as np

from stereosync_scenes.casting import make_plan
from stereosync_scenes.figure import colours, surface
from stereosync_scenes.gait import JOINTS, pose
from stereosync_scenes.plan import Body, Character, Plan, Track
from stereosync_scenes.steps import FEET, footfalls, stance_share, step_period_s
from stereosync_scenes.truth import character_position, walk_truth

MOMENT_S = 0.002


def _stances(plan: Plan) -> list[tuple[Character, int]]:
    return [
        (character, index)
        for character in plan.characters
        for index, time in enumerate(footfalls(character).rest_s)
        if 0 <= time < plan.duration_s - 1
    ]


def _sole(plan: Plan, character: Character, index: int, time_s: float) -> np.ndarray:
    """Heel and toe (2, 3) of the foot of one footfall."""
    foot = FEET[int(footfalls(character).foot[index])]
    now = pose(plan, character, time_s)
    return np.stack([now.joint(f"{foot}_heel"), now.joint(f"{foot}_toe")])


def test_heel_or_toe_stands_still_between_rest_and_lift(plans: list[Plan]) -> None:
    for plan in plans:
        for character, index in _stances(plan):
            falls = footfalls(character)
            start, end = float(falls.rest_s[index]), min(float(falls.lift_s[index]), plan.duration_s)
            moments = np.linspace(start + 1e-6, end - 1e-6, 12)
            sole = np.stack([_sole(plan, character, index, float(moment)) for moment in moments])
            moved = np.linalg.norm(np.diff(sole, axis=0), axis=-1)  # (11, heel or toe)
            assert moved.min(axis=1).max() < 1e-9


def test_a_foot_moves_right_before_its_rest_and_not_after(plans: list[Plan]) -> None:
    before, after = [], []
    for plan in plans:
        for character, index in _stances(plan):
            time_s = float(footfalls(character).rest_s[index])
            heels = [_sole(plan, character, index, time_s + MOMENT_S * at)[0] for at in (-2, -1, 0, 1)]
            before.append(np.linalg.norm(heels[1] - heels[0]) / MOMENT_S)
            after.append(np.linalg.norm(heels[3] - heels[2]) / MOMENT_S)
    assert np.percentile(before, 5) > 0.15
    assert max(after) < 1e-6


def test_contacts_touch_the_ground_where_the_truth_says(plans: list[Plan]) -> None:
    for plan in plans:
        for contact in walk_truth(plan).contacts:
            character = next(one for one in plan.characters if one.id == contact.character_id)
            heel = pose(plan, character, contact.time_s).joint(f"{contact.foot}_heel")
            assert abs(heel[2]) < 0.02
            away = np.array(contact.position_m) - plan.shot.to_camera(heel, contact.time_s)
            assert np.linalg.norm(away) < 0.15  # the contact is the sole's middle


def test_nothing_goes_through_the_ground(plans: list[Plan]) -> None:
    for plan in plans:
        for character in plan.characters:
            for time_s in np.arange(0, plan.duration_s, 0.07):
                assert pose(plan, character, float(time_s)).points_m[:, 2].min() > -1e-9


def test_bones_keep_their_lengths(plans: list[Plan]) -> None:
    shares = []
    for plan in plans:
        for character in plan.characters:
            for time_s in np.arange(0, plan.duration_s, 0.07):
                now = pose(plan, character, float(time_s))
                for side in FEET:
                    thigh = np.linalg.norm(now.joint(f"{side}_knee") - now.joint(f"{side}_hip"))
                    shin = np.linalg.norm(now.joint(f"{side}_ankle") - now.joint(f"{side}_knee"))
                    shares += [2 * thigh / character.body.leg_m, 2 * shin / character.body.leg_m]
    assert min(shares) > 0.98
    assert max(shares) < 1.12  # legs may stretch a little where a step is long, since feet never slide


def test_joints_move_without_jumps(plans: list[Plan]) -> None:
    for plan in plans[:4]:
        for character in plan.characters:
            points = np.stack([pose(plan, character, float(time)).points_m for time in np.arange(1, 4, MOMENT_S)])
            speed = np.linalg.norm(np.diff(points, axis=0), axis=-1) / MOMENT_S
            assert speed.max() < 25, JOINTS[int(speed.max(axis=0).argmax())]


def test_cadence_and_stance_follow_the_speed() -> None:
    assert 1.6 < 1 / step_period_s(1.2, 0.85) < 2.0
    assert 1.7 < 1 / step_period_s(1.5, 0.85) < 2.0
    assert 2.6 < 1 / step_period_s(2.9, 0.85) < 3.0
    assert step_period_s(1.4, 0.95) > step_period_s(1.4, 0.75)
    assert stance_share(1.3) > 0.5 > stance_share(3.0)


def _straight(speed_m_s: float) -> Character:
    time_s = np.arange(0, 12, 1 / 50)
    track = Track(
        -2.0, np.stack([speed_m_s * time_s, 0 * time_s], -1), np.zeros(600), np.full(600, speed_m_s, dtype=float)
    )
    dull = (0.5, 0.5, 0.5)
    body = Body(1.75, 0.53, 1.0, 1.0, False, True, dull, dull, dull, dull, dull)
    return Character(1, 5, body, track, 1.0, 1.0)


def test_feet_alternate_on_a_straight_way_and_steps_have_human_lengths() -> None:
    for speed, shortest_m, longest_m in ((0.9, 0.4, 0.75), (1.4, 0.6, 0.9), (3.0, 0.9, 1.25)):
        falls = footfalls(_straight(speed))
        steady = slice(4, -1)
        assert (np.diff(falls.foot[steady]) != 0).all()
        lengths = np.diff(falls.position_m[steady, 0])
        assert shortest_m < lengths.min() < lengths.max() < longest_m


def _hips_over_a_step(character: Character) -> tuple[float, float]:
    """Phases of the step (0 at a contact, 1 at the next) at which the hips are lowest and highest, of steady steps."""
    falls, plan = footfalls(character), make_plan(0, 0.1)
    phases = np.linspace(0, 1, 41)[:-1]
    heights = np.zeros(40)
    for start, end in zip(falls.rest_s[6:12], falls.rest_s[7:13], strict=True):
        times = start + phases * (end - start)
        heights += [pose(plan, character, float(time)).joint("pelvis")[2] for time in times]
    return float(phases[heights.argmin()]), float(phases[heights.argmax()])


def _mid_stance(speed_m_s: float) -> float:
    """Phase of a step at which its foot has stood for half of its stance: shares of a stride are half as many steps."""
    return stance_share(speed_m_s)


def test_running_hips_are_lowest_in_mid_stance_and_walking_ones_highest() -> None:
    running, _ = _hips_over_a_step(_straight(3.2))
    _, walking = _hips_over_a_step(_straight(1.3))
    assert abs(running - _mid_stance(3.2)) < 0.12
    assert abs(walking - _mid_stance(1.3)) < 0.17


def test_who_limps_has_uneven_steps_and_treads_softly_with_the_bad_foot() -> None:
    falls = footfalls(dataclasses.replace(_straight(1.0), limp=0.25))
    gaps, foot = np.diff(falls.rest_s[6:-1]), falls.foot[7:-1]
    assert np.median(gaps[foot == 0]) > 1.4 * np.median(gaps[foot == 1])  # the left foot is bad and comes late
    force = falls.force[7:-1]
    assert np.median(force[foot == 0]) < 0.7 * np.median(force[foot == 1])
    stands = (falls.lift_s - falls.rest_s)[7:-3]
    assert np.median(stands[foot[:-2] == 0]) < np.median(stands[foot[:-2] == 1])


def test_cadence_is_a_persons_own() -> None:
    slow, fast = (footfalls(dataclasses.replace(_straight(1.3), cadence=share)) for share in (0.88, 1.12))
    assert len(fast.rest_s) > 1.2 * len(slow.rest_s)


def test_who_sneaks_is_crouched_and_soft() -> None:
    upright, crouched = _straight(0.6), dataclasses.replace(_straight(0.6), sneak=1.0)
    plan = make_plan(0, 0.1)
    heads = [pose(plan, one, 3.0).joint("head")[2] for one in (upright, crouched)]
    assert heads[1] < heads[0] - 0.1
    assert np.median(footfalls(crouched).force[4:]) < 0.6 * np.median(footfalls(upright).force[4:])


def test_someone_who_stands_sways_but_keeps_the_feet() -> None:
    plan, one = make_plan(0, 0.1), _straight(0.0)
    joints = np.stack([pose(plan, one, time_s).points_m for time_s in np.arange(0, 6, 0.5)])
    assert np.ptp(joints[:, 0], axis=0).max() > 0.005
    assert np.ptp(joints[:, 14:], axis=0).max() < 1e-9


def test_clothes_add_to_the_surface() -> None:
    plain = _straight(1.0).body
    now = pose(make_plan(0, 0.1), _straight(1.0), 2.0)
    for dressed in (
        dataclasses.replace(plain, coat=True),
        dataclasses.replace(plain, hat=True),
        dataclasses.replace(plain, backpack=True),
        dataclasses.replace(plain, skirt=True),
    ):
        assert len(surface(dressed, now)[0]) > len(surface(plain, now)[0])
        assert len(colours(dressed)) == len(surface(dressed, now)[0])


def test_someone_who_stands_makes_no_contacts() -> None:
    falls = footfalls(_straight(0.0))
    assert (falls.rest_s < -1).all()


def test_running_is_louder_than_strolling() -> None:
    assert np.median(footfalls(_straight(3.0)).force[4:]) > 1.6 * np.median(footfalls(_straight(0.9)).force[4:])


def test_character_position_lies_between_the_feet(plans: list[Plan]) -> None:
    plan = plans[0]
    character = plan.characters[0]
    now = pose(plan, character, 2.0)
    middle = (now.joint("left_ankle") + now.joint("right_ankle")) / 2
    expected = plan.shot.to_camera(middle * [1, 1, 0], 2.0)
    np.testing.assert_allclose(character_position(plan, character.id, 2.0), expected)
