"""Whole walks in a small level: plans repeat, nobody leaves the floor, boxes, depth and contacts agree."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest

from stereosync.vocabulary import GROUNDS
from stereosync_scenes.arena.cast import arena_plan
from stereosync_scenes.arena.catalogue import PEOPLE, SHIFT_LEVELS, TRAIN_LEVELS, Split, level_of
from stereosync_scenes.arena.exposure import exposure_curve
from stereosync_scenes.arena.pictures import save_video
from stereosync_scenes.arena.plan import ArenaPlan, blend
from stereosync_scenes.arena.renderer import ArenaRenderer
from stereosync_scenes.arena.scenery import load_scenery
from stereosync_scenes.arena.shots import KINDS
from stereosync_scenes.arena.truth import arena_truth, contact_times_s, sole_m
from stereosync_scenes.pictures import CAPTION_PX
from stereosync_scenes.videos import HEIGHT_PX, RATE_HZ, WIDTH_PX

ROOM_M = np.array([24.0, 20.0, 5.0])


@pytest.fixture(params=get_args(Split))
def plan(request: pytest.FixtureRequest) -> ArenaPlan:
    request.getfixturevalue("game")
    return arena_plan(3, 3.0, request.param)


def test_the_same_seed_is_the_same_walk(plan: ArenaPlan) -> None:
    again = arena_plan(plan.seed, plan.duration_s, plan.split)
    assert again.paints == plan.paints
    assert again.room == plan.room
    np.testing.assert_array_equal(again.shot.eye_m, plan.shot.eye_m)
    np.testing.assert_array_equal(again.walkers[0].feet_m, plan.walkers[0].feet_m)


def test_walkers_stay_on_the_floor_and_camera_in_the_room(plan: ArenaPlan) -> None:
    for walker in plan.walkers:
        np.testing.assert_allclose(walker.feet_m[:, 2], 0, atol=1e-6)
        assert (walker.feet_m[:, :2] > 0.3).all()
        assert (walker.feet_m[:, :2] < ROOM_M[:2] - 0.3).all()
    assert ((plan.shot.eye_m > 0) & (plan.shot.eye_m < ROOM_M)).all()
    assert plan.shot.kind in KINDS[plan.split]


def test_contacts_alternate_and_are_where_the_feet_are(plan: ArenaPlan) -> None:
    truth = arena_truth(plan)
    assert truth.contacts
    for walker in plan.walkers:
        own = [contact for contact in truth.contacts if contact.character_id == walker.id]
        assert all(one.foot != other.foot for one, other in pairwise(own))
        for contact in own:
            side = ("left", "right").index(contact.foot)
            seen = plan.shot.to_camera(sole_m(walker, side, contact.time_s), contact.time_s)
            np.testing.assert_allclose(seen, contact.position_m)
            assert contact.ground in GROUNDS
            assert contact.ground == plan.paints[-1].ground or contact.ground == plan.paints[0].ground
            assert contact.occlusion == 0


def test_feet_rest_after_their_contacts_on_straight_ways(plan: ArenaPlan) -> None:
    walker = plan.walkers[0]
    straight = 0
    for time_s in contact_times_s(walker, 0):
        turned = float(blend(walker.heading_rad, time_s + 0.1)) - float(blend(walker.heading_rad, time_s - 0.1))
        if abs(turned) < 0.1 and 0 < time_s < plan.duration_s:
            before, start, after = (sole_m(walker, 0, time_s + shift) for shift in (-0.08, 0.02, 0.1))
            assert np.linalg.norm(after - start) < 0.02 + 0.6 * abs(turned)
            assert np.linalg.norm(start - before) > 0.06
            straight += 1
    assert straight


def test_the_room_is_closed(plan: ArenaPlan) -> None:
    assert 4 < plan.room.size_m < 40
    assert plan.room.rt60_s > 0


@pytest.mark.usefixtures("game")
def test_rays_see_through_air_only() -> None:
    voxels = load_scenery("openarena", "room").voxels
    eye = np.array([2.0, 2.0, 1.5])
    open_to = voxels.open_between(eye, np.array([[20.0, 15.0, 1.0], [40.0, 2.0, 1.5]]))
    assert open_to.tolist() == [True, False]
    directions = np.array([[-1.0, 0, 0], [0, 0, 1.0]])
    np.testing.assert_allclose(voxels.free_path_m(eye, directions, 40.0), [2.0, 3.5], atol=0.4)


@pytest.mark.usefixtures("graphics")
def test_pictures_depth_and_boxes_agree(plan: ArenaPlan) -> None:
    with ArenaRenderer(plan) as renderer:
        frames = [renderer.frame(time_s, index) for index, time_s in enumerate(np.linspace(0, plan.duration_s, 7))]
    boxed = [frame for frame in frames if frame.boxes]
    assert boxed
    for frame in frames:
        assert frame.picture.shape == (144, 256, 3)
        assert np.isfinite(frame.depth_m).all()  # the room is closed
        assert 0.15 < frame.picture.mean() / 255 < 0.6
    for frame in boxed:
        box = frame.boxes[0]
        if box.position_m is not None and box.x0 > 0 and box.x1 < 256 and box.y1 < 144:
            inside = frame.depth_m[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
            assert (np.abs(inside - box.position_m[2]) < 0.7).any()


@pytest.mark.usefixtures("graphics")
def test_static_bounds_are_wider_and_said_to_be_loose(plan: ArenaPlan) -> None:
    with ArenaRenderer(plan) as tight, ArenaRenderer(plan, bounds="static") as static:
        pairs = [(tight.frame(t).boxes, static.frame(t).boxes) for t in (0.5, 1.5, 2.5)]
    pairs = [(one[0], other[0]) for one, other in pairs if one and other]
    assert pairs
    assert all(one.tight and not other.tight for one, other in pairs)
    assert all(other.x1 - other.x0 >= one.x1 - one.x0 for one, other in pairs)


def test_floors_are_painted(plan: ArenaPlan) -> None:
    from stereosync_scenes.arena.meshes import level_meshes

    meshes = level_meshes(plan, load_scenery("openarena", "room"))
    floors = [mesh for mesh in meshes if mesh.texture is not None and len(mesh.texture) == 256]
    assert len(floors) == 1
    np.testing.assert_allclose(floors[0].points_m[:, 2], 0)


def test_the_split_shares_nothing() -> None:
    openarena = set(SHIFT_LEVELS["openarena"])
    assert {"islanddm", "islandctf", "oa_shouse", "oa_bases3", "aggressor"} <= openarena
    assert not openarena & set(TRAIN_LEVELS)
    assert not set(PEOPLE["train"]) & set(PEOPLE["shift"])
    assert not set(KINDS["train"]) & set(KINDS["shift"])
    assert level_of(40, "train") == level_of(49, "train") != level_of(50, "train")


def test_courses_hold_their_ends() -> None:
    samples = np.arange(200.0)
    assert blend(samples, -9.0) == 0
    assert abs(blend(samples, 99.0) - 199) < 0.01
    assert blend(samples, 0.5) == pytest.approx(50)


def test_exposure_reaches_its_brightness() -> None:
    dark = np.random.default_rng(1).integers(0, 60, (1, 50, 50, 3)).astype(np.uint8)
    curve = exposure_curve(dark, 0.4)
    assert abs(curve[dark].mean() / 255 - 0.4) < 0.02
    assert curve[0] == 0
    assert (np.diff(curve.astype(int)) >= 0).all()


def test_a_video_shows_every_walk_of_a_split(plan: ArenaPlan, tmp_path: Path) -> None:
    path = tmp_path / "walks.mp4"
    save_video(path, plan.seed, 2, 0.2, plan.split)
    with av.open(str(path)) as video:
        pictures = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    assert len(pictures) == round(0.2 * RATE_HZ)
    assert pictures[0].shape == (2 * (HEIGHT_PX + CAPTION_PX), 2 * WIDTH_PX, 3)
    assert pictures[0].std() > 5
    with pytest.raises(ValueError, match=r"\.mp4"):
        save_video(tmp_path / "walks.gif", plan.seed, 1, 0.2, plan.split)
