"""Walk clips: boxes as engines give them, frame times that fit their slots, truth that survives JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stereosync.scene import Box, Camera, SceneFrame
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.data.sources import SOURCES, walk_source
from stereosync_training.data.walk_clips import (
    DROPPING_SHARE,
    LOOSE,
    LOOSEST_PADDING,
    NO_POSITION_SHARE,
    PADDED_SHARE,
    PICTURE_EVERY,
    STATIC_SHARE,
    BoxManner,
    ClipOptions,
    frame_slots,
    frame_times,
    truth_from_json,
    truth_to_json,
)

BOX = Box(3, "person", 10.25, 20.5, 20.25, 60.5, position_m=(0.5, 0.0, 4.0))
DRAWS = 2000


def frame(boxes: int = 1) -> SceneFrame:
    picture, depth_m = np.zeros((72, 128, 3), np.uint8), np.ones((72, 128), np.float32)
    return SceneFrame(0, 0.0, Camera(0.9, 16 / 9), picture, depth_m, (BOX,) * boxes)


def box_by(manner: BoxManner) -> Box:
    """The box as an engine of this manner gives it."""
    (box,) = manner.apply(frame(), np.random.default_rng(0)).boxes
    return box


def test_an_exact_engine_changes_nothing() -> None:
    assert box_by(BoxManner()) == BOX


def test_padding_grows_a_box_by_its_share_and_makes_it_loose() -> None:
    box = box_by(BoxManner(padding=0.2))
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((8.25, 16.5, 22.25, 64.5))
    assert not box.tight
    assert box.position_m == BOX.position_m


def test_static_bounds_are_not_tight_even_without_padding() -> None:
    box = box_by(BoxManner(bounds="static"))
    assert not box.tight
    assert (box.x0, box.x1) == (BOX.x0, BOX.x1)  # their size is the engine's doing


def test_rounded_boxes_have_whole_pixels_and_positions_may_be_kept_back() -> None:
    box = box_by(BoxManner(rounded=True, position=False))
    assert (box.x0, box.y0, box.x1, box.y1) == (10, 20, 20, 60)
    assert box.position_m is None


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_boxes_are_dropped_one_by_one(share: float) -> None:
    kept = BoxManner(dropped=share).apply(frame(1000), np.random.default_rng(0)).boxes
    assert len(kept) == pytest.approx(1000 * (1 - share), abs=50)
    assert set(kept) <= {BOX}


def test_manners_are_drawn_by_their_shares() -> None:
    rng = np.random.default_rng(0)
    manners = [BoxManner.draw(rng) for _ in range(DRAWS)]
    static = [manner for manner in manners if manner.bounds == "static"]
    padded = [manner for manner in manners if manner.bounds == "tight" and manner.padding]
    assert len(static) / DRAWS == pytest.approx(STATIC_SHARE, abs=0.04)
    assert len(padded) / DRAWS == pytest.approx(PADDED_SHARE, abs=0.04)
    assert sum(not manner.position for manner in manners) / DRAWS == pytest.approx(NO_POSITION_SHARE, abs=0.04)
    assert sum(manner.dropped > 0 for manner in manners) / DRAWS == pytest.approx(DROPPING_SHARE, abs=0.04)
    assert max(manner.padding for manner in manners) <= LOOSEST_PADDING
    assert min(manner.padding for manner in padded) >= 0.05
    assert not any(manner.rounded for manner in manners if manner.bounds == "tight" and not manner.padding)
    assert len({manner.padding for manner in static}) > 100


def test_the_loosest_manner_is_within_what_is_drawn() -> None:
    assert (LOOSE.bounds, LOOSE.padding, LOOSE.rounded) == ("static", LOOSEST_PADDING, True)


def test_a_set_has_no_more_clips_than_were_asked_for() -> None:
    options = ClipOptions(clips=5, seed=100, clips_per_shard=2)
    assert [list(options.seeds(shard)) for shard in range(options.shards)] == [[100, 101], [102, 103], [104]]


@pytest.mark.parametrize("duration_s", [3.0, 6.0])
def test_frame_times_rise_and_fit_their_slots(duration_s: float) -> None:
    for seed in range(40):
        times_s = frame_times(duration_s, np.random.default_rng(seed))
        assert (np.diff(times_s) > 0).all()
        assert times_s[0] >= 0
        assert times_s[-1] < duration_s + 0.01
        assert len(times_s) <= frame_slots(duration_s)
        assert times_s[-1] > duration_s - 0.15
    assert frame_slots(duration_s) % PICTURE_EVERY == 0


def test_truth_survives_json() -> None:
    contact = Contact(1.5, 2, "left", "snow", (0.5, -1.0, 4.0), 0.7, occlusion=0.25)
    truth = WalkTruth(7, 6.0, (contact,), Room(4.0, 0.5), "rain", amount=0.9)
    assert truth_from_json(json.loads(json.dumps(truth_to_json(truth)))) == truth


def test_an_unknown_source_names_those_that_are() -> None:
    with pytest.raises(ValueError, match=", ".join(SOURCES)):
        walk_source("quake")


def test_varied_scenes_are_a_source_of_their_own() -> None:
    own, varied = (walk_source(name).plan(3, 2.0) for name in ("own", "varied"))
    assert own.characters[0].style != varied.characters[0].style


@pytest.mark.usefixtures("graphics")
@pytest.mark.parametrize("bounds", ["tight", "static"])
def test_own_scenes_are_drawn_with_the_bounds_that_are_asked_for(bounds: str) -> None:
    source = walk_source("own")
    plan = source.plan(3, 2.0)
    frames = list(source.frames(plan, np.array([0.2, 0.8]), (64, 36), bounds))  # type: ignore[arg-type]
    assert [one.picture.shape for one in frames] == [(36, 64, 3)] * 2
    assert [one.capture_time_s for one in frames] == pytest.approx([0.2, 0.8])
    assert source.truth(plan).duration_s == 2.0
    assert {box.tight for one in frames for box in one.boxes} == {bounds == "tight"}
