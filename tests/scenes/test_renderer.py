"""The renderer: pictures, depth and boxes that agree with the truth. Skipped, loudly, where nothing can be drawn."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from stereosync.scene import Box, SceneFrame, azimuth_rad
from stereosync_panda3d.projection import box_around
from stereosync_scenes.boxes import upright_cuboid
from stereosync_scenes.casting import make_plan
from stereosync_scenes.gait import pose
from stereosync_scenes.graphics import GraphicsUnavailable, panda
from stereosync_scenes.plan import Plan
from stereosync_scenes.renderer import Renderer

pytestmark = pytest.mark.usefixtures("graphics")
TIMES_S = (0.4, 2.1, 4.7)
SLACK_PX = 1.0  # toes are round, so the joint at their tip is a little outside the skin


@pytest.fixture(scope="module")
def frames(plans: list[Plan]) -> list[tuple[Plan, SceneFrame]]:
    drawn = []
    for plan in plans:
        with Renderer(plan) as renderer:
            drawn += [(plan, renderer.frame(time_s, index)) for index, time_s in enumerate(TIMES_S)]
    return drawn


def _inside(box: Box, frame: SceneFrame, margin: float = 1.0) -> bool:
    wide, high = frame.width_px - margin, frame.height_px - margin
    return box.x0 > margin and box.y0 > margin and box.x1 < wide and box.y1 < high


def test_frames_have_the_declared_shapes(frames: list[tuple[Plan, SceneFrame]]) -> None:
    for _, frame in frames:
        assert frame.picture.shape == (144, 256, 3)
        assert frame.picture.dtype == np.uint8
        assert frame.depth_m.shape == (144, 256)
        assert frame.depth_m.dtype == np.float32
        assert frame.depth_m.min() > frame.camera.near_m
        assert frame.picture.std() > 5


def test_boxes_contain_the_projected_joints(frames: list[tuple[Plan, SceneFrame]]) -> None:
    for plan, frame in frames:
        for box in frame.boxes:
            character = next(one for one in plan.characters if one.id == box.id)
            joints = plan.shot.to_camera(pose(plan, character, frame.capture_time_s).points_m, frame.capture_time_s)
            if not _inside(box, frame):
                continue
            x = (joints[:, 0] / joints[:, 2] / frame.camera.tan_half_horizontal + 1) / 2 * frame.width_px
            y = (1 - joints[:, 1] / joints[:, 2] / frame.camera.tan_half_vertical) / 2 * frame.height_px
            assert box.x0 <= x.min() + SLACK_PX
            assert x.max() <= box.x1 + SLACK_PX
            assert box.y0 <= y.min() + SLACK_PX
            assert y.max() <= box.y1 + SLACK_PX


def test_boxes_are_tight_around_what_is_drawn(plans: list[Plan]) -> None:
    """Without the person the picture differs inside the box only, and up to its edges. Shadows are left out."""
    checked = 0
    for plan in plans:
        bare = dataclasses.replace(plan, place="", blockers=(), mood=dataclasses.replace(plan.mood, shadow=0.0))
        nobody_plan = dataclasses.replace(bare, characters=())
        alone = dataclasses.replace(nobody_plan, characters=plan.characters[:1])
        with Renderer(alone) as renderer, Renderer(nobody_plan) as nobody:
            frame, empty = renderer.frame(2.1), nobody.frame(2.1)
        if not frame.boxes or not _inside(frame.boxes[0], frame):
            continue
        rows, columns = np.nonzero(frame.depth_m < empty.depth_m - 0.05)
        box = frame.boxes[0]
        # A pixel is drawn when its centre is covered.
        assert box.x0 - 0.6 <= columns.min() <= box.x0 + 1.6
        assert box.x1 - 2.6 <= columns.max() <= box.x1 + 0.6
        assert box.y0 - 0.6 <= rows.min() <= box.y0 + 1.6
        assert box.y1 - 3.6 <= rows.max() <= box.y1 + 0.6
        checked += 1
    assert checked >= 4


def test_azimuth_of_the_box_agrees_with_the_position(frames: list[tuple[Plan, SceneFrame]]) -> None:
    checked = 0
    for _, frame in frames:
        for box in frame.boxes:
            if _inside(box, frame):
                x, _, z = box.position_m or (math.nan,) * 3
                seen = azimuth_rad(frame.camera, (box.x0 + box.x1) / 2, frame.width_px)
                assert abs(seen - math.atan2(x, z)) < max(math.radians(3.5), 0.5 / z)
                checked += 1
    assert checked >= 10


def test_depth_in_the_box_is_near_the_position(frames: list[tuple[Plan, SceneFrame]]) -> None:
    checked = 0
    for _, frame in frames:
        for box in frame.boxes:
            if not _inside(box, frame) or len(frame.boxes) > 1:
                continue
            rows, columns = slice(round(box.y0), round(box.y1)), slice(round(box.x0), round(box.x1))
            depth = float(np.percentile(frame.depth_m[rows, columns], 25))
            assert box.position_m is not None
            assert abs(depth - box.position_m[2]) < 0.8
            checked += 1
    assert checked >= 4


def test_ground_depth_is_metric() -> None:
    """The bottom row shows level ground, whose planar depth follows from height and tilt alone."""
    plan = dataclasses.replace(make_plan(2), characters=(), blockers=())
    with Renderer(plan) as renderer:
        frame = renderer.frame(1.0)
    row = 143
    above = (1 - 2 * (row + 0.5) / 144) * frame.camera.tan_half_vertical
    slope = above * math.cos(plan.shot.down_rad) - math.sin(plan.shot.down_rad)
    np.testing.assert_allclose(frame.depth_m[row], -plan.shot.height_at(1.0) / slope, rtol=1e-3)


def _horizon_share(plan: Plan) -> float:
    """Height of the horizon over the picture's middle; 1 at its upper edge."""
    return math.tan(plan.shot.down_rad) / math.tan(plan.shot.vertical_fov_rad / 2)


def test_the_sky_has_no_depth() -> None:
    field = next(
        plan for plan in map(make_plan, range(60)) if plan.setting.kind == "field" and _horizon_share(plan) < 0.7
    )
    with Renderer(dataclasses.replace(field, characters=())) as renderer:
        frame = renderer.frame(0.5)
    assert np.isinf(frame.depth_m[0]).any()
    assert np.isfinite(frame.depth_m[-1]).all()


def test_the_same_plan_gives_the_same_frames() -> None:
    drawn = []
    for _ in range(2):
        with Renderer(make_plan(9)) as renderer:
            drawn.append(renderer.frame(1.3, 4))
    assert (drawn[0].picture == drawn[1].picture).all()
    assert (drawn[0].depth_m == drawn[1].depth_m).all()
    assert drawn[0].boxes == drawn[1].boxes


def test_two_engines_can_take_turns(plans: list[Plan]) -> None:
    with Renderer(plans[1]) as first, Renderer(plans[2]) as second:
        before = first.frame(1.0).picture
        second.frame(1.0)
        assert (first.frame(1.0).picture == before).all()


def test_other_sizes(plans: list[Plan]) -> None:
    with Renderer(plans[0], 320, 180) as renderer:
        frame = renderer.frame(1.0)
    assert frame.picture.shape == (180, 320, 3)
    assert frame.camera.aspect == 320 / 180


def test_behind_the_camera_there_is_no_box(renderer: Renderer) -> None:
    points = np.array([[0.0, 0.0, -3.0], [1.0, 1.0, -2.0]])
    assert box_around(1, points, (0.0, 0.0, -2.5), renderer.camera, (256, 144)) is None
    beside = np.array([[50.0, 0.0, 3.0], [51.0, 1.0, 3.0]])
    assert box_around(1, beside, (50.0, 0.0, 3.0), renderer.camera, (256, 144)) is None


def test_static_bounds_follow_no_limb(plans: list[Plan]) -> None:
    """Their height in metres is the same at all times, where tight boxes rise and sink with every step."""
    plan = next(plan for plan in plans if plan.shot.style == "fixed")
    character = plan.characters[0]
    assert np.ptp(upright_cuboid(character.track.position_at(1.0), 1.75), axis=0) == pytest.approx(
        [1.575, 1.575, 1.8375]
    )
    with Renderer(plan, bounds="static") as renderer, Renderer(plan) as tight:
        pairs = [(renderer.frame(time_s).boxes, tight.frame(time_s).boxes) for time_s in TIMES_S]
    for loose_boxes, tight_boxes in pairs:
        for box in tight_boxes:
            loose = next(one for one in loose_boxes if one.id == box.id)
            assert not loose.tight
            assert loose.x0 <= box.x0 + 1
            assert loose.x1 >= box.x1 - 1
            assert loose.y1 - loose.y0 >= 0.98 * (box.y1 - box.y0) or loose.y1 == 144


def test_unknown_bounds_are_refused(plans: list[Plan]) -> None:
    with pytest.raises(ValueError, match="tight or static"):
        Renderer(plans[0], bounds="loose")  # type: ignore[arg-type]


def test_closing_twice_is_harmless(plans: list[Plan]) -> None:
    renderer = Renderer(plans[0])
    renderer.close()
    renderer.close()


def test_missing_panda_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "panda3d", None)
    with pytest.raises(GraphicsUnavailable, match=r"stereosync\[scenes\]"):
        panda.__wrapped__()
