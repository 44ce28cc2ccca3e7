"""Skins: dressed bodies whose joints and soles are where a pose says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stereosync_scenes import looks
from stereosync_scenes.casting import make_plan
from stereosync_scenes.figure import CARRIED
from stereosync_scenes.gait import JOINTS, Pose, pose
from stereosync_scenes.plan import Body
from stereosync_scenes.skins.file import BODIES, PARTS, REGIONS, SHAPES, read_skins
from stereosync_scenes.skins.skin import AT, _bones, dressed, skin_surface

MOMENTS_S = np.arange(0.0, 2.0, 0.15)
SKIN, CLOTH = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def _body(name: tuple[str, ...], **worn: object) -> Body:
    shape = tuple(float(one == name) for one in SHAPES)
    plain = make_plan(3).characters[0].body
    colours = {"skin": SKIN, "hair": CLOTH, "shirt": CLOTH, "trousers": CLOTH, "shoes": CLOTH}
    return dataclasses.replace(
        plain, shape=shape, skirt=False, coat=False, hat=False, backpack=False, bare_legs=False, sleeves=True,
        **colours, **worn,
    )  # fmt: skip


def _poses(body: Body) -> list[Pose]:
    plan = make_plan(3)
    one = dataclasses.replace(plan.characters[0], body=body)
    return [pose(plan, one, float(time_s)) for time_s in MOMENTS_S]


@pytest.fixture(scope="module", params=[("male", "young", "average", "average"), ("female", "child", "average", "max")])
def body(request: pytest.FixtureRequest) -> Body:
    return _body(request.param)


def test_the_file_of_bodies_is_small() -> None:
    assert BODIES.stat().st_size < 3e6


def test_all_shapes_stand_on_the_floor_and_are_one_high() -> None:
    for points in read_skins().points:
        assert abs(points[:, 2].min()) < 0.01
        assert 0.97 < points[:, 2].max() < 1.03


def test_soles_are_where_the_pose_says(body: Body) -> None:
    for now in _poses(body):
        points, _ = skin_surface(body, now)
        lowest = min(now.joint(f"{side}_{end}")[2] for side in ("left", "right") for end in ("heel", "toe"))
        assert abs(points[:, 2].min() - lowest) < 0.01


def test_bones_begin_and_end_at_the_joints_of_the_pose(body: Body) -> None:
    rest = dressed(body).joints_m
    for now in _poses(body):
        turns, rest_m, now_m = _bones(rest, now)
        for bone, (start, end) in {7: ("left_hip", "left_knee"), 4: ("right_shoulder", "right_elbow")}.items():
            reached = turns[bone] @ (rest[AT[end]] - rest_m[bone]) + now_m[bone]
            np.testing.assert_allclose(now_m[bone], now.joint(start))
            np.testing.assert_allclose(reached, now.joint(end), atol=1e-9)


def test_the_surface_stays_about_the_joints(body: Body) -> None:
    for now in _poses(body):
        points, normals = skin_surface(body, now)
        away = np.linalg.norm(points[:, None] - now.points_m[None], axis=-1).min(1)
        assert away.max() < 0.25 * body.height_m
        np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0)


def test_normals_point_outwards(body: Body) -> None:
    now = _poses(body)[0]
    points, normals = skin_surface(body, now)
    middle = now.points_m[[JOINTS.index("waist"), JOINTS.index("neck")]].mean(0)
    trunk = np.linalg.norm(points - middle, axis=1) < 0.15 * body.height_m
    assert np.mean(((points - middle) * normals).sum(1)[trunk] > 0) > 0.9


def test_only_head_and_hands_are_bare(body: Body) -> None:
    joints = dressed(body).joints_m
    bare = (looks.colours(body) == SKIN).all(1)
    points = dressed(body).points_m.reshape(len(bare), -1, 4).sum(1)[bare][:, :3]
    hands = np.linalg.norm(points[:, None] - joints[[AT["left_hand"], AT["right_hand"]]], axis=-1).min(1)
    above_neck = points[:, 2] > joints[AT["neck"], 2] - 0.03 * body.height_m
    assert ((hands < 0.1 * body.height_m) | above_neck).all()


def test_parts_are_drawn_only_where_they_are_worn() -> None:
    name = ("female", "young", "average", "average")
    without, worn = looks.corners(_body(name)), looks.corners(_body(name, parts=PARTS[1:]))
    assert len(worn) > len(without)
    assert worn.max() + 1 == len(looks.colours(_body(name, parts=PARTS[1:])))
    assert set(np.unique(read_skins().region)) <= set(range(len(REGIONS)))


def test_what_is_carried_is_part_of_the_surface() -> None:
    name = ("male", "old", "average", "min")
    bare, armed = _body(name), _body(name, carries=tuple(CARRIED))
    now = _poses(bare)[0]
    assert len(looks.surface(armed, now)[0]) == len(looks.colours(armed)) == looks.corners(armed).max() + 1
    across_m = [np.ptp(looks.surface(one, now)[0] @ now.forward) for one in (bare, armed)]
    assert across_m[1] > across_m[0] + 0.1
