"""Changes to a clip's cues: mirrors that are mirrors, other light, and cues that are left out as engines do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stereosync.cues import CueState, encode
from stereosync.scene import Box, Camera, SceneFrame
from stereosync_model.config import ModelConfig
from stereosync_training.data.walk_data import (
    CUES_TO_DROP,
    DROP_ODDS,
    LIGHT_SPREAD,
    MIRRORED_NUMBERS,
    drawn_drops,
    drop_cues,
    jitter_light,
    mirror_cues,
)

CONFIG = ModelConfig()
Position = tuple[float, float, float]


def picture(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """At the size the cues have, so that nothing is resampled."""
    spec = CONFIG.cue_spec
    shape = (spec.picture_height_px, spec.picture_width_px)
    return rng.integers(0, 256, (*shape, 3), np.uint8), rng.uniform(2, 20, shape).astype(np.float32)


def cue_parts(
    mirrored: bool, deep: bool = True, alone: bool = False, position_m: Position | None = None
) -> dict[str, Any]:
    """The cues of the last of three frames of a walking box, in a mirror, without depth, or as if it were the first."""
    rng, state = np.random.default_rng(0), CueState()
    width = CONFIG.cue_spec.picture_width_px
    for index in range(3):
        colour, depth_m = picture(rng)
        depth_m[22:58, 24 + 3 * index : 34 + 4 * index] = 6.0  # a body with legs that spread
        depth_m = depth_m if deep else np.full_like(depth_m, np.inf)
        x0, x1 = 20.0 + 3 * index, 45.5 + 3.5 * index
        if mirrored:
            colour, depth_m = colour[:, ::-1], depth_m[:, ::-1]
            x0, x1 = width - x1, width - x0
        box = Box(1, "person", x0, 20.25, x1, 60.0, position_m=position_m)
        frame = SceneFrame(index, 0.04 * index, Camera(0.9, 16 / 9), colour, depth_m, (box,))
        state, cues = encode(CONFIG.cue_spec, CueState() if alone else state, frame)
    return {"pictures": cues.picture[None], **{name: getattr(cues, name) for name in ("crops", "numbers", "tracks")}}


def test_a_mirrored_cue_is_the_cue_of_the_mirrored_frame() -> None:
    parts, expected = cue_parts(mirrored=False), cue_parts(mirrored=True)
    assert parts["numbers"][0, 0] < -0.1
    mirror_cues(parts)
    np.testing.assert_allclose(parts["numbers"], expected["numbers"], atol=1e-4)
    np.testing.assert_allclose(parts["tracks"], expected["tracks"], atol=1e-4)
    np.testing.assert_array_equal(parts["pictures"], expected["pictures"])
    assert np.abs(parts["crops"].astype(int) - expected["crops"]).mean() < 1  # rounding of the resampling


def test_a_cue_mirrored_twice_is_itself() -> None:
    parts, original = cue_parts(mirrored=False), cue_parts(mirrored=False)
    mirror_cues(parts)
    azimuth = parts["numbers"][0, MIRRORED_NUMBERS[0]]
    assert azimuth == -original["numbers"][0, MIRRORED_NUMBERS[0]]
    mirror_cues(parts)
    for name, array in original.items():
        np.testing.assert_array_equal(parts[name], array)


def clip_parts(**options: Any) -> dict[str, Any]:
    """Cues of one frame with a known position, as a clip has them: an axis of frames in front."""
    parts = cue_parts(mirrored=False, position_m=(-1.0, 0.0, 6.0), **options)
    return {name: array if name == "pictures" else array[None] for name, array in parts.items()}


def assert_same_cues(parts: dict[str, Any], expected: dict[str, Any]) -> None:
    """Of the one character that is there; the other slots do not count."""
    for name, array in parts.items():
        shown = slice(None) if name == "pictures" else (slice(None), 0)
        np.testing.assert_array_equal(array[shown], expected[name][shown], err_msg=name)


@pytest.mark.parametrize("name", ["pictures", "crops", "tracks"])
def test_a_cue_that_is_left_out_is_empty_and_the_others_stay(name: str) -> None:
    parts, original = clip_parts(), clip_parts()
    drop_cues(parts, (name,))
    assert not parts[name].any()
    assert original[name].any()
    assert_same_cues({other: parts[other] for other in {*original} - {name}}, original)


@pytest.mark.parametrize(("name", "options"), [("depth", {"deep": False}), ("difference", {"alone": True})])
def test_without_it_cues_are_those_of_frames_that_never_had_it(name: str, options: dict[str, Any]) -> None:
    parts, original, expected = clip_parts(), clip_parts(), clip_parts(**options)
    drop_cues(parts, (name,))
    if name == "difference":  # a first frame has no past either, which is more than a missing difference takes away
        for found in (parts, expected):
            found["numbers"], found["tracks"] = found["numbers"][..., :5], found["tracks"][..., :1, :]
    assert_same_cues(parts, expected)
    for changed in ("pictures", "crops"):
        assert (parts[changed] != original[changed]).any(), changed


def test_without_the_difference_no_leg_is_seen_to_move() -> None:
    parts, original = clip_parts(), clip_parts()
    drop_cues(parts, ("difference",))
    changed = (parts["tracks"] != original["tracks"]).any(axis=(0, 1, 2))
    assert changed.tolist() == [False] * 7 + [True, False]


def test_all_that_may_be_left_out_can_be_and_nothing_else() -> None:
    drop_cues(clip_parts(), CUES_TO_DROP)
    with pytest.raises(ValueError, match="there is no cue 'sound' to drop; there are pictures"):
        drop_cues(clip_parts(), ("sound",))


def test_each_cue_is_left_out_by_its_odds() -> None:
    rng = np.random.default_rng(0)
    drawn = [name for _ in range(2000) for name in drawn_drops(rng)]
    for name, odds in DROP_ODDS.items():
        assert drawn.count(name) / 2000 == pytest.approx(odds, abs=0.02)


@pytest.mark.usefixtures("nothing_dropped")
def test_nothing_is_left_out_without_odds() -> None:
    assert drawn_drops(np.random.default_rng(0)) == ()


def test_other_light_changes_colours_alone_and_keeps_their_order() -> None:
    parts, original = clip_parts(), clip_parts()
    jitter_light(parts, np.random.default_rng(1))
    for name in ("numbers", "tracks"):
        np.testing.assert_array_equal(parts[name], original[name])
    for name in ("pictures", "crops"):
        np.testing.assert_array_equal(parts[name][..., 3:, :, :], original[name][..., 3:, :, :])
        for channel in range(3):
            before, after = original[name][..., channel, :, :].ravel(), parts[name][..., channel, :, :].ravel()
            assert (np.diff(after[np.argsort(before, kind="stable")].astype(int)) >= 0).all()
            assert (before != after).mean() > 0.1  # most slots of the crops are empty


def test_picture_and_crop_are_in_the_same_light() -> None:
    parts = {"pictures": np.full((1, 7, 4, 4), 90, np.uint8), "crops": np.full((1, 2, 5, 4, 4), 90, np.uint8)}
    jitter_light(parts, np.random.default_rng(2))
    light = parts["pictures"][0, :3, 0, 0]
    assert (light != 90).any()
    np.testing.assert_array_equal(parts["crops"][0, 0, :3, 0, 0], light)


def test_the_light_is_about_as_bright_on_average() -> None:
    rng, seen = np.random.default_rng(0), []
    for _ in range(300):
        parts = {"pictures": np.full((1, 7, 1, 1), 100, np.uint8), "crops": np.full((1, 1, 5, 1, 1), 100, np.uint8)}
        jitter_light(parts, rng)
        seen.append(float(parts["pictures"][0, :3].mean()))
    assert np.median(seen) == pytest.approx(100, abs=5)
    spread = np.log(seen).std()
    assert LIGHT_SPREAD < spread < 2 * LIGHT_SPREAD  # of exposure and gamma together
