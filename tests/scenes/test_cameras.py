"""Cameras: every kind turns up, keeps people in the picture and comes near to nobody and nothing."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_scenes.cameras import MOVING, STYLES
from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan

DURING = slice(100, -100)  # samples of a track that lie in the walk


@pytest.fixture(scope="module")
def many() -> list[Plan]:
    return [make_plan(seed) for seed in range(45)]


def test_every_style_turns_up(many: list[Plan]) -> None:
    assert {plan.shot.style for plan in many} == set(STYLES)


def test_a_follower_stays_behind_the_one_it_follows_and_sees_him(many: list[Plan]) -> None:
    for plan in many:
        if plan.shot.style == "follow":
            hero = plan.characters[0].track
            for time_s in np.arange(0.2, plan.duration_s, 0.5):
                x, y, z = plan.shot.to_camera([*hero.position_at(time_s), 0.9], float(time_s))
                camera = plan.shot.camera(16 / 9)
                assert 1.0 < z < 6.5
                assert abs(x / z) < camera.tan_half_horizontal
                assert abs(y / z) < camera.tan_half_vertical


def test_a_carried_camera_goes_forward_and_bobs() -> None:
    plan = next(plan for plan in map(make_plan, range(60)) if plan.shot.style == "approach")
    track = plan.shot.track
    ahead = np.array([np.cos(track.heading_rad[200]), np.sin(track.heading_rad[200])])
    assert (track.position_m[-100] - track.position_m[100]) @ ahead > 0.8
    heights = [plan.shot.height_at(float(time_s)) for time_s in np.arange(1, 3, 0.02)]
    assert 0.002 < np.ptp(heights) < 0.09
    assert np.allclose(plan.shot.to_camera([*track.position_at(1.3), plan.shot.height_at(1.3)], 1.3), 0)


def test_an_orbit_looks_at_its_middle(many: list[Plan]) -> None:
    for plan in (plan for plan in many if plan.shot.style == "orbit"):
        track = plan.shot.track
        looks = track.position_m + np.stack([np.cos(track.heading_rad), np.sin(track.heading_rad)], -1)
        assert np.ptp(track.heading_rad[DURING]) > 0.3
        turns = np.diff(looks - track.position_m, axis=0) * np.diff(track.position_m, axis=0)
        assert (turns.sum(axis=1)[DURING] < 1e-3).mean() > 0.9  # it goes one way while it turns the other


def test_nobody_comes_nearer_to_the_lens_than_arms_reach(many: list[Plan]) -> None:
    for plan in many:
        for character in plan.characters:
            apart = (character.track.position_m - plan.shot.track.position_m)[DURING]
            assert np.hypot(*apart.T).min() > 0.6, plan.seed


def test_nobody_walks_into_a_wall(many: list[Plan]) -> None:
    for plan in (plan for plan in many if plan.setting.kind != "field"):
        setting = plan.setting
        for character in plan.characters:
            for x, y in character.track.position_m[DURING]:
                assert setting.inside(x, y, 0.3) == (x, y), plan.seed


def test_a_camera_that_moves_stays_inside_the_walls(many: list[Plan]) -> None:
    for plan in (plan for plan in many if plan.shot.style in MOVING):
        for x, y in plan.shot.track.position_m[DURING]:
            assert plan.setting.inside(x, y, 0.39) == (x, y), plan.seed


def test_people_are_high_enough_in_the_picture(many: list[Plan]) -> None:
    """36 of 144 pixels where they are asked to be; a few may be smaller on the way there."""
    heights_px = []
    for plan in many:
        tall = plan.shot.camera(16 / 9).tan_half_vertical
        for character in plan.characters:
            for time_s in (1.0, 3.0, 5.0):
                _, _, z = plan.shot.to_camera([*character.track.position_at(time_s), 0.9], time_s)
                if z > 0.5:
                    heights_px.append(character.body.height_m / (2 * tall * z) * 144)
    assert np.mean(np.array(heights_px) < 36) < 0.12
    assert min(heights_px) > 18
