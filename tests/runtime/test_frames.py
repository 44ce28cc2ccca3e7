"""What is done to frames before the cue code: large ones shrunk, absent ones replaced."""

from dataclasses import replace

import numpy as np
from made_scenes import SceneMaker

from stereosync.cues import CueSpec, CueState, encode
from stereosync_runtime.picture_size import LARGEST_SIDE_PX, shrunk
from stereosync_runtime.sight import nothing, without_characters


def test_a_large_frame_says_the_same_smaller(scene: SceneMaker) -> None:
    small = scene()
    factor = 30
    large = replace(
        small,
        picture=np.kron(small.picture, np.ones((factor, factor, 1), np.uint8)),
        depth_m=np.kron(small.depth_m, np.ones((2 * factor, 2 * factor), np.float32)),
        boxes=tuple(
            replace(box, **{side: getattr(box, side) * factor for side in ("x0", "y0", "x1", "y1")})
            for box in small.boxes
        ),
    )
    made = shrunk(large)
    assert max(made.picture.shape) == max(made.depth_m.shape) == LARGEST_SIDE_PX
    _, expected = encode(CueSpec(), CueState(), small)
    _, found = encode(CueSpec(), CueState(), made)
    assert np.allclose(found.numbers, expected.numbers, atol=1e-4)
    assert np.abs(found.picture.astype(int) - expected.picture).mean() < 1


def test_a_small_frame_is_left_as_it_is(scene: SceneMaker) -> None:
    frame = scene()
    assert shrunk(frame) is frame


def test_nothing_is_what_the_cue_code_makes_of_a_black_picture() -> None:
    cues = nothing(CueSpec())
    assert not cues.present.any()
    assert [int(plane.max()) for plane in cues.picture] == [0, 0, 0, 255, 0, 0, 128]


def test_without_characters_only_the_place_remains(scene: SceneMaker) -> None:
    spec = CueSpec()
    state, _ = encode(spec, CueState(), scene())
    _, cues = encode(spec, state, scene(0.03, 5))
    empty = without_characters(cues)
    assert cues.present.sum() == 1
    assert not any(np.any(array) for array in (empty.present, empty.numbers, empty.tracks, empty.crops))
    assert np.array_equal(empty.picture[:5], cues.picture[:5])
    _, still = encode(spec, encode(spec, CueState(), replace(scene(), boxes=()))[0], replace(scene(0.03), boxes=()))
    assert np.array_equal(empty.picture, still.picture)
