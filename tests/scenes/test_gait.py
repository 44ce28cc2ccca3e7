"""Gait: feet stop at the contact, stand still until they lift, and bear a body whose bones keep their lengths."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.gait import JOINTS, pose
from stereosync_scenes.plan import Body, Character, Plan, Track
from stereosync_scenes.steps import FEET, footfalls, stance_share, step_period_s
from stereosync_scenes.truth import character_position, walk_truth

MOMENT_S = 0.002


def _stances(plan: Plan) -> list[tuple[Character, int]]:
    return [
        (character, index)
        for character in plan.characters
        for index, time in enumerate(footfalls(character).time_s)
        if 0 <= time < plan.duration_s - 1
    ]


def _sole(plan: Plan, character: Character, index: int, time_s: float) -> np.ndarray:
    """Heel and toe (2, 3) of the foot of one footfall."""
    foot = FEET[int(footfalls(character).foot[index])]
    now = pose(plan, character, time_s)
    return np.stack([now.joint(f"{foot}_heel"), now.joint(f"{foot}_toe")])


def test_heel_or_toe_stands_still_between_contact_and_lift(plans: list[Plan]) -> None:
    for plan in plans:
        for character, index in _stances(plan):
            falls = footfalls(character)
            start, end = float(falls.time_s[index]), min(float(falls.lift_s[index]), plan.duration_s)
            moments = np.linspace(start + 1e-6, end - 1e-6, 12)
            sole = np.stack([_sole(plan, character, index, float(moment)) for moment in moments])
            moved = np.linalg.norm(np.diff(sole, axis=0), axis=-1)  # (11, heel or toe)
            assert moved.min(axis=1).max() < 1e-9


def test_a_foot_moves_right_before_its_contact_and_not_after(plans: list[Plan]) -> None:
    before, after = [], []
    for plan in plans:
        for character, index in _stances(plan):
            time_s = float(footfalls(character).time_s[index])
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
            assert abs(heel[2]) < 1e-6
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


def test_someone_who_stands_makes_no_contacts() -> None:
    falls = footfalls(_straight(0.0))
    assert (falls.time_s < -1).all()


def test_running_is_louder_than_strolling() -> None:
    assert np.median(footfalls(_straight(3.0)).force[4:]) > 1.6 * np.median(footfalls(_straight(0.9)).force[4:])


def test_character_position_lies_between_the_feet(plans: list[Plan]) -> None:
    plan = plans[0]
    character = plan.characters[0]
    now = pose(plan, character, 2.0)
    middle = (now.joint("left_ankle") + now.joint("right_ankle")) / 2
    expected = plan.shot.to_camera(middle * [1, 1, 0], 2.0)
    np.testing.assert_allclose(character_position(plan, character.id, 2.0), expected)
