"""The cue arrays: shapes, what each plane holds, and that `encode` is a pure step."""

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import walking_feet

from stereosync.cues import NUMBERS, PICTURE_CHANNELS, Cues, CueSpec, CueState, encode, encode_picture
from stereosync.feet import extend_feet, feet_array
from stereosync.scene import Box, SceneFrame, ToldContact

MakeFrame = Callable[..., SceneFrame]
MakeBox = Callable[..., Box]
SPEC = CueSpec()


def plane(cues: Cues, name: str) -> np.ndarray:
    return cues.picture[PICTURE_CHANNELS.index(name)]


def number(cues: Cues, name: str, slot: int = 0) -> float:
    return float(cues.numbers[slot, NUMBERS.index(name)])


def noise_picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (180, 320, 3), dtype=np.uint8)


def assert_same(left: Cues, right: Cues) -> None:
    for name in ("picture", "crops", "numbers", "tracks", "feet", "present"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)
    assert left.ids == right.ids
    assert left.told == right.told


@pytest.mark.parametrize("spec", [SPEC, CueSpec(36, 64, 16, 3, 8, 0.05)])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_shapes_and_dtypes_depend_on_the_spec_alone(
    spec: CueSpec, count: int, make_frame: MakeFrame, make_box: MakeBox
) -> None:
    _, cues = encode(spec, CueState(), make_frame(boxes=tuple(make_box(i, dx=20 * i) for i in range(count))))
    assert (cues.picture.shape, cues.picture.dtype) == (spec.picture_shape, np.uint8)
    assert (cues.crops.shape, cues.crops.dtype) == (spec.crops_shape, np.uint8)
    assert (cues.numbers.shape, cues.numbers.dtype) == (spec.numbers_shape, np.float32)
    assert (cues.tracks.shape, cues.tracks.dtype) == (spec.tracks_shape, np.float32)
    assert (cues.feet.shape, cues.feet.dtype) == (spec.feet_shape, np.float32)
    assert cues.present.tolist() == [1.0] * count + [0.0] * (spec.max_characters - count)
    assert not cues.crops[count:].any()
    assert not cues.numbers[count:].any()
    assert not cues.tracks[count:].any()


def test_colour_is_the_mean_of_the_pixels(make_frame: MakeFrame) -> None:
    picture = noise_picture(0)
    _, cues = encode(SPEC, CueState(), make_frame(picture=picture))
    for channel in range(3):
        assert cues.picture[channel].mean() == pytest.approx(picture[..., channel].mean(), abs=0.1)


def test_difference_is_grey_at_first_and_when_nothing_moves(make_frame: MakeFrame) -> None:
    state, first = encode(SPEC, CueState(), make_frame(picture=noise_picture(0)))
    _, again = encode(SPEC, state, make_frame(1 / 30, picture=noise_picture(0)))
    assert np.unique(plane(first, "difference")).tolist() == [128]
    assert np.unique(plane(again, "difference")).tolist() == [128]


def test_difference_shows_what_became_brighter_and_where(make_frame: MakeFrame) -> None:
    brighter = np.full((180, 320, 3), 100, np.uint8)
    brighter[:, 160:] = 120
    state, _ = encode(SPEC, CueState(), make_frame())
    _, cues = encode(SPEC, state, make_frame(1 / 30, picture=brighter))
    assert np.unique(plane(cues, "difference")[:, :64]).tolist() == [128]
    np.testing.assert_allclose(plane(cues, "difference")[:, 64:], 127.5 + 4 * 20 / 2, atol=1)


def test_depth_plane_is_logarithmic_between_its_bounds(make_frame: MakeFrame) -> None:
    for depth_m, level in [(0.05, 0), (0.1, 0), (10.0, 128), (1000.0, 255), (5000.0, 255)]:
        _, cues = encode(SPEC, CueState(), make_frame(depth_m=np.full((90, 160), depth_m, np.float32)))
        assert np.unique(plane(cues, "log_depth")).tolist() == [level]
        assert np.unique(plane(cues, "depth_known")).tolist() == [255]


@pytest.mark.parametrize("unknown", [np.nan, np.inf, -np.inf, 0.0, -3.0])
def test_unknown_depth_is_marked_and_does_not_leak(unknown: float, make_frame: MakeFrame) -> None:
    depth_m = np.full((90, 160), 10.0, np.float32)
    depth_m[:45] = unknown
    _, cues = encode(SPEC, CueState(), make_frame(depth_m=depth_m))
    assert np.unique(plane(cues, "depth_known")[:36]).tolist() == [0]
    assert np.unique(plane(cues, "depth_known")[36:]).tolist() == [255]
    assert np.unique(plane(cues, "log_depth")[:36]).tolist() == [255]
    assert np.unique(plane(cues, "log_depth")[36:]).tolist() == [128]


def test_depth_is_the_mean_of_the_known_part_of_a_pixel(make_frame: MakeFrame) -> None:
    depth_m = np.full((90, 160), 10.0, np.float32)
    depth_m[:46] = np.inf  # row 36 of the cue covers rows 45 to 46.25: a fifth of it is known
    _, cues = encode(SPEC, CueState(), make_frame(depth_m=depth_m))
    assert np.unique(plane(cues, "depth_known")[36]).tolist() == [51]
    assert np.unique(plane(cues, "log_depth")[36]).tolist() == [128]


def test_no_depth_at_all_is_no_error(make_frame: MakeFrame, make_box: MakeBox) -> None:
    frame = make_frame(boxes=(make_box(),), depth_m=np.full((90, 160), np.nan, np.float32))
    _, cues = encode(SPEC, CueState(), frame)
    assert not plane(cues, "depth_known").any()
    assert number(cues, "depth_known") == 0.0
    assert np.isfinite(cues.numbers).all()


def test_box_plane_covers_the_box_and_its_parts_of_pixels(make_frame: MakeFrame) -> None:
    box = Box(1, "walker", 100.0, 50.0, 201.25, 150.0)  # 2.5 picture pixels to a model pixel
    _, cues = encode(SPEC, CueState(), make_frame(boxes=(box,)))
    boxes = plane(cues, "boxes")
    assert np.unique(boxes[20:60, 40:80]).tolist() == [255]
    assert np.unique(boxes[20:60, 80]).tolist() == [128]
    assert boxes.sum() == 255 * 40 * 40 + 128 * 40


def test_more_boxes_than_slots_keep_the_tallest(make_frame: MakeFrame) -> None:
    boxes = tuple(Box(i, "walker", 10.0 * i, 20.0, 10.0 * i + 8, 30.0 + 10 * i) for i in range(9))
    _, cues = encode(SPEC, CueState(), make_frame(boxes=boxes))
    assert cues.ids == (8, 7, 6, 5, 4, 3)
    assert cues.present.tolist() == [1.0] * 6


@pytest.mark.parametrize(("dx", "dy"), [(-500, 0), (500, 0), (0, -500), (0, 500), (-160, -100)])
def test_boxes_beyond_the_picture_are_no_error(dx: float, dy: float, make_frame: MakeFrame, make_box: MakeBox) -> None:
    _, cues = encode(SPEC, CueState(), make_frame(boxes=(make_box(dx=dx, dy=dy),)))
    assert np.isfinite(cues.numbers).all()
    assert np.isfinite(cues.tracks).all()


def test_a_crop_shows_the_feet(make_frame: MakeFrame, make_box: MakeBox) -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[140:150, 140:180] = (200, 100, 50)  # the lowest 10 px of the box
    _, cues = encode(SPEC, CueState(), make_frame(picture=picture, boxes=(make_box(),)))
    # The crop is 58.5 px high and ends 4.5 px below the box: the feet are its rows 24.1 to 29.5 of 32.
    assert np.unique(cues.crops[0, 0, 25:29, 8:24]).tolist() == [200]
    assert np.unique(cues.crops[0, 1, 25:29, 8:24]).tolist() == [100]
    assert not cues.crops[0, :3, :24].any()
    assert not cues.crops[0, :3, 30:].any()


def test_crop_depth_is_relative_to_the_character(make_frame: MakeFrame, make_box: MakeBox) -> None:
    depth_m = np.full((90, 160), 20.0, np.float32)
    depth_m[30:75, 70:90] = 5.0  # the box
    _, cues = encode(SPEC, CueState(), make_frame(depth_m=depth_m, boxes=(make_box(),)))
    relative = cues.crops[0, 3]
    assert relative[16, 16] == 128
    assert relative[16, 0] == 255  # log(20 / 5) is beyond the bound of 1


def test_crop_depth_is_bounded_before_it_is_averaged(make_frame: MakeFrame, make_box: MakeBox) -> None:
    depth_m = np.full((90, 160), 5.0, np.float32)
    depth_m[:, ::2] = 900.0
    box = make_box(position_m=(0.0, 0.0, 5.0))
    _, cues = encode(SPEC, CueState(), make_frame(depth_m=depth_m, boxes=(box,)))
    assert (cues.crops[0, 3, :24].mean() - 127.5) / 127.5 == pytest.approx(0.5, abs=0.05)


def test_crop_difference_shows_what_changed_inside_the_box(make_frame: MakeFrame, make_box: MakeBox) -> None:
    state, first = encode(SPEC, CueState(), make_frame(boxes=(make_box(),)))
    brighter = np.full((180, 320, 3), 110, np.uint8)
    _, cues = encode(SPEC, state, make_frame(1 / 30, picture=brighter, boxes=(make_box(),)))
    assert np.unique(first.crops[0, 4]).tolist() == [128]
    np.testing.assert_allclose(cues.crops[0, 4], 127.5 + 4 * 10 / 2, atol=1)


def test_crop_difference_follows_the_box(make_frame: MakeFrame, make_box: MakeBox) -> None:
    state = CueState()
    for step in range(3):  # walker and picture move together, so nothing moves inside the crop
        picture = np.roll(noise_picture(3), 10 * step, axis=1)
        state, cues = encode(SPEC, state, make_frame(step / 30, picture=picture, boxes=(make_box(dx=10.0 * step),)))
    assert np.abs(cues.crops[0, 4].astype(int) - 128).max() <= 1
    assert np.abs(plane(cues, "difference").astype(int) - 128).max() > 50


def test_same_frames_give_the_same_cues_and_no_input_is_changed(make_frame: MakeFrame, make_box: MakeBox) -> None:
    frames = [
        make_frame(
            i / 30,
            picture=noise_picture(i),
            boxes=(make_box(1, 3 * i), make_box(2, -4 * i, feet=walking_feet.feet(i / 30), surface="gravel")),
        )
        for i in range(4)
    ]
    state = CueState()
    for frame in frames[:3]:
        state, _ = encode(SPEC, state, frame)
    kept_state, kept_frame = copy.deepcopy(state), copy.deepcopy(frames[3])
    _, first = encode(SPEC, state, frames[3])
    _, second = encode(SPEC, state, frames[3])
    assert_same(first, second)
    np.testing.assert_array_equal(frames[3].picture, kept_frame.picture)
    np.testing.assert_array_equal(frames[3].depth_m, kept_frame.depth_m)
    np.testing.assert_array_equal(state.luma, kept_state.luma)
    np.testing.assert_equal(state.tracks, kept_state.tracks)
    np.testing.assert_equal(state.crop_lumas, kept_state.crop_lumas)
    for key, foot in kept_state.listening.feet[2].feet.items():
        np.testing.assert_equal(vars(state.listening.feet[2].feet[key]), vars(foot))


def test_characters_seen_together_look_as_each_does_alone(make_frame: MakeFrame, make_box: MakeBox) -> None:
    depth_m = np.random.default_rng(1).uniform(2, 20, (90, 160)).astype(np.float32)
    boxes = (make_box(1), make_box(2, -100, 5), make_box(3, 150, -70, position_m=(1.0, 0.0, 4.0)))

    def seen(*boxes: Box) -> Cues:
        state = CueState()
        for step in range(3):
            frame = make_frame(step / 30, boxes, picture=noise_picture(step), depth_m=depth_m)
            state, cues = encode(SPEC, state, frame)
        return cues

    together = seen(*boxes)
    for box in boxes:
        alone, slot = seen(box), together.ids.index(box.id)
        for name in ("crops", "numbers", "tracks"):
            np.testing.assert_array_equal(getattr(together, name)[slot], getattr(alone, name)[0], err_msg=name)


def test_the_box_plane_shows_the_box_that_covers_most(make_frame: MakeFrame, make_box: MakeBox) -> None:
    boxes = (make_box(1), make_box(2, 31.3, 7.7), make_box(3, -500))
    _, together = encode(SPEC, CueState(), make_frame(boxes=boxes))
    each = [plane(encode(SPEC, CueState(), make_frame(boxes=(box,)))[1], "boxes") for box in boxes]
    np.testing.assert_array_equal(plane(together, "boxes"), np.max(each, axis=0))


def test_told_feet_stand_in_the_slot_of_their_box(make_frame: MakeFrame, make_box: MakeBox) -> None:
    state, track = CueState(), None
    small, tall = make_box(3), Box(8, "walker", 20, 20, 60, 170)
    for step in range(20):
        feet = walking_feet.feet(step / 30)
        track = extend_feet(track, feet, step / 30)
        boxes = (replace(small, feet=feet), tall)  # the taller box comes first
        state, cues = encode(SPEC, state, make_frame(step / 30, boxes))
    assert cues.ids == (8, 3)
    np.testing.assert_array_equal(cues.feet[1], feet_array(SPEC, track))
    assert cues.feet[1].any()
    assert not cues.feet[0].any()
    assert cues.told.feet == {3}


def test_what_is_told_of_boxes_beyond_the_slots_is_still_heard(make_frame: MakeFrame, make_box: MakeBox) -> None:
    small = Box(99, "rat", 5, 5, 7, 8, surface="ice", feet=walking_feet.feet(0.0))
    _, cues = encode(SPEC, CueState(), make_frame(0.0, (*(make_box(i, surface="snow") for i in range(6)), small)))
    assert 99 not in cues.ids
    assert cues.told.grounds[99] == "ice"
    assert not cues.feet.any()


def test_telling_changes_nothing_that_is_seen(make_frame: MakeFrame, make_box: MakeBox) -> None:
    told = make_box(1, feet=walking_feet.feet(0.0), surface="gravel", contacts=(ToldContact("left", 0.1),))
    _, seen = encode(SPEC, CueState(), make_frame(boxes=(make_box(1),)))
    _, both = encode(SPEC, CueState(), make_frame(boxes=(told,)))
    for name in ("picture", "crops", "numbers", "tracks", "present"):
        np.testing.assert_array_equal(getattr(both, name), getattr(seen, name), err_msg=name)
    assert both.told.grounds == {1: "gravel"}
    assert both.told.contacts[1][0].time_s == 0.1


def test_a_character_that_leaves_is_forgotten(make_frame: MakeFrame, make_box: MakeBox) -> None:
    boxes = [make_box(number, feet=walking_feet.feet(0.0)) for number in (1, 2)]
    state, _ = encode(SPEC, CueState(), make_frame(0.0, tuple(boxes)))
    state, _ = encode(SPEC, state, make_frame(1 / 30, (boxes[1],)))
    assert set(state.listening.feet) == {2}
    assert set(state.tracks) == {2}
    assert set(state.crop_lumas) == {2}


def test_encode_uses_encode_picture(make_frame: MakeFrame, make_box: MakeBox) -> None:
    frame = make_frame(picture=noise_picture(5), boxes=(make_box(),))
    picture, luma = encode_picture(SPEC, frame, None)
    state, cues = encode(SPEC, CueState(), frame)
    np.testing.assert_array_equal(cues.picture, picture)
    np.testing.assert_array_equal(state.luma, luma)
