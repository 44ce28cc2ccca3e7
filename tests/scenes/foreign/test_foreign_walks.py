"""Whole walks of a small game's bodies: they repeat, feet rest where the truth says, cameras show what they should."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from stereosync.scene import SIDES
from stereosync_scenes.foreign.bodies import TALL_M
from stereosync_scenes.foreign.cameras import KINDS, kind_of, seed_of_kind
from stereosync_scenes.foreign.cast import foreign_plan
from stereosync_scenes.foreign.pictures import contact_sheet, save_video
from stereosync_scenes.foreign.plan import ForeignPlan
from stereosync_scenes.foreign.renderer import ForeignRenderer
from stereosync_scenes.foreign.telling import told_feet, whereabouts
from stereosync_scenes.foreign.truth import contact_times_s, foreign_kinds, foreign_truth
from stereosync_scenes.foreign.walkers import TALL_BETWEEN_M
from stereosync_scenes.pictures import project

pytestmark = pytest.mark.usefixtures("small_game")
SECONDS = 3.0


@pytest.fixture(params=list(KINDS))
def plan(request: pytest.FixtureRequest) -> ForeignPlan:
    return foreign_plan(seed_of_kind(12, request.param), SECONDS)


def test_the_same_seed_is_the_same_walk(plan: ForeignPlan) -> None:
    again = foreign_plan(plan.scene.seed, SECONDS)
    assert (again.scene.patches, again.scene.room, again.kind) == (plan.scene.patches, plan.scene.room, plan.kind)
    np.testing.assert_array_equal(again.walkers[0].phase, plan.walkers[0].phase)
    assert foreign_truth(again) == foreign_truth(plan)


def test_bodies_are_as_tall_as_people(plan: ForeignPlan) -> None:
    for walker in plan.walkers:
        assert TALL_BETWEEN_M[0] <= walker.height_m <= TALL_BETWEEN_M[1]
        points, normals = walker.surface(1.0)
        assert points[:, 2].max() == pytest.approx(walker.scale * TALL_M)
        np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1)


def test_contacts_take_turns_and_are_where_the_feet_are(plan: ForeignPlan) -> None:
    truth = foreign_truth(plan)
    for walker in plan.walkers:
        own = [contact for contact in truth.contacts if contact.character_id == walker.id]
        assert len(own) > SECONDS
        assert all(one.foot != other.foot for one, other in pairwise(own))
        for contact in own:
            x, y, z = walker.foot_m(SIDES.index(contact.foot), contact.time_s)
            assert z < 0.06
            np.testing.assert_allclose(plan.shot.to_camera([x, y, 0.0], contact.time_s), contact.position_m)
            assert contact.ground == plan.scene.ground_at(x, y)


def test_feet_rest_after_their_contacts_on_straight_ways(plan: ForeignPlan) -> None:
    walker = plan.walkers[0]
    straight = 0
    for time_s in contact_times_s(walker, 0):
        turned = walker.track.heading_at(time_s + 0.2) - walker.track.heading_at(time_s - 0.1)
        if abs(turned) < 0.1 and 0 < time_s < SECONDS:
            before, start, after = (walker.foot_m(0, time_s + shift)[:2] for shift in (-0.1, 0.04, 0.2))
            assert np.linalg.norm(after - start) < 0.03 + 0.6 * abs(turned)
            assert np.linalg.norm(start - before) > 0.05
            straight += 1
    assert straight or plan.walkers[0].track.heading_rad.std() > 0.1


def test_figures_can_be_told_apart_by_camera_person_and_gait(plan: ForeignPlan) -> None:
    kinds = foreign_kinds(plan)
    assert (kinds.camera, set(kinds.people.values())) == (plan.kind, {"stick"})
    assert set(kinds.gaits.values()) <= {"walk", "run"}


def test_other_definitions_agree_with_the_truth(plan: ForeignPlan) -> None:
    walker = plan.walkers[0]
    truth = np.array(contact_times_s(walker, 1))
    for definition in ("higher", "rest"):
        other = np.array(contact_times_s(walker, 1, definition))
        assert np.median(np.abs(other[:, None] - truth).min(axis=1)) < 0.05


def test_kinds_follow_each_other() -> None:
    assert [kind_of(seed) for seed in range(6)] == list(KINDS)
    assert all(kind_of(seed_of_kind(900_000, kind)) == kind for kind in KINDS)


def test_feet_are_in_the_picture_or_not_as_the_kind_says(plan: ForeignPlan) -> None:
    camera = plan.shot.camera(16 / 9)
    for time_s in np.linspace(0.2, SECONDS - 0.2, 9):
        for side in (0, 1):
            foot = plan.shot.to_camera(plan.walkers[0].foot_m(side, float(time_s)), float(time_s))
            _, below_px = project(camera, (foot[0], foot[1], foot[2]), 256, 144)
            assert bool(below_px < 144) is KINDS[plan.kind].feet


def test_told_feet_and_places_agree_with_the_bodies(plan: ForeignPlan) -> None:
    feet, people = told_feet(plan, 1.0), whereabouts(plan, 1.0)
    for walker, someone in zip(plan.walkers, people, strict=True):
        for number, foot in enumerate(feet[walker.id]):
            x, y, z = walker.foot_m(number, 1.0)
            assert foot.world_m == (x, z, y)
            assert foot.side == SIDES[number]
        assert math.dist(someone.floor_m, someone.head_m) == pytest.approx(walker.height_m)


@pytest.mark.usefixtures("graphics")
def test_boxes_are_tight_around_what_is_drawn(plan: ForeignPlan) -> None:
    with ForeignRenderer(plan) as renderer:
        frame = renderer.frame(1.0)
    assert frame.picture.shape == (144, 256, 3)
    box = next(box for box in frame.boxes if box.id == 1)
    assert box.position_m is not None
    shown = frame.depth_m[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
    assert (np.abs(shown - box.position_m[2]) < 0.7).any()
    seen = plan.shot.to_camera(plan.walkers[0].surface(1.0)[0], 1.0)
    across = [project(frame.camera, tuple(point), 256, 144)[0] for point in seen.tolist()]
    assert (box.x0, box.x1) == pytest.approx((max(min(across), 0), min(max(across), 256)), abs=1.0)


@pytest.mark.usefixtures("graphics")
def test_static_bounds_are_wider_and_said_to_be_loose() -> None:
    plan = foreign_plan(0, SECONDS)
    with ForeignRenderer(plan) as tight, ForeignRenderer(plan, bounds="static") as static:
        one, other = (renderer.frame(1.0).boxes[0] for renderer in (tight, static))
    assert one.tight
    assert not other.tight
    assert other.x1 - other.x0 > one.x1 - one.x0


@pytest.mark.usefixtures("graphics")
def test_sheets_and_videos_show_the_walks(tmp_path: Path) -> None:
    sheet = contact_sheet(0, 1, 2, SECONDS, "foreign-train")
    assert sheet.std() > 5
    save_video(tmp_path / "walks.mp4", 0, 1, 0.12, "foreign")
    with av.open(str(tmp_path / "walks.mp4")) as video:
        assert sum(1 for _ in video.decode(video=0)) == 3
