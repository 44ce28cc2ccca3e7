"""Sight: each frame is looked at once, tokens belong to the newest, and of an old scene only the place remains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from stereosync.cues import CueSpec, CueState, encode
from stereosync.scene import SceneFrame
from stereosync_runtime.sight import STALE_S, aged, latent_ages, look, nothing, unsighted, without_characters
from stereosync_runtime.stream import CueTokens

SPEC = CueSpec()
TOKENS = CueTokens({}, 1.0, ())


def test_before_the_first_frame_there_is_nothing_that_could_grow_old() -> None:
    sight = unsighted(SPEC)
    assert not sight.looked
    assert aged(sight, 1e6) is sight
    assert sight.captured_s(otherwise_s=3.0) == 3.0
    assert not sight.cues.present.any()


def test_a_look_leaves_the_former_sight_as_it_was_and_forgets_its_tokens(scene: Callable[..., SceneFrame]) -> None:
    first = look(SPEC, unsighted(SPEC), scene(1.0, 0))
    with_tokens = replace(first, tokens=TOKENS)
    second = look(SPEC, with_tokens, scene(1.1, 1))
    assert with_tokens.newest is TOKENS
    assert second.newest is second.cues
    assert (first.captured_s(0.0), second.captured_s(0.0)) == (1.0, 1.1)
    again = look(SPEC, first, scene(1.1, 1))
    np.testing.assert_array_equal(again.cues.tracks, second.cues.tracks)


def test_a_scene_that_is_too_old_keeps_its_place_and_loses_its_characters(scene: Callable[..., SceneFrame]) -> None:
    sight = replace(look(SPEC, unsighted(SPEC), scene(1.0, 0)), tokens=TOKENS)
    assert aged(sight, 1.0 + STALE_S) is sight
    old = aged(sight, 1.01 + STALE_S)
    assert sight.cues.present.any()
    assert not old.cues.present.any()
    assert (old.stale, old.tokens, old.cues.ids) == (True, None, ())
    assert old.captured_s(otherwise_s=9.0) == 9.0
    assert aged(old, 99.0) is old
    assert not look(SPEC, old, scene(9.0, 1)).stale


def test_ages_are_those_of_each_latent_and_bounded() -> None:
    ages_s, bounded = latent_ages(10.1, 10.0, 3, 0.02, 0.2)
    assert ages_s == pytest.approx((0.1, 0.12, 0.14))
    assert bounded == 0
    assert latent_ages(10.19, 10.0, 2, 0.02, 0.2) == (pytest.approx((0.19, 0.2)), 1)
    assert latent_ages(9.99, 10.0, 2, 0.02, 0.2) == (pytest.approx((0.0, 0.01)), 1)


def test_nothing_is_what_the_cue_code_makes_of_a_black_picture() -> None:
    cues = nothing(CueSpec())
    assert not cues.present.any()
    assert [int(plane.max()) for plane in cues.picture] == [0, 0, 0, 255, 0, 0, 128]


def test_without_characters_only_the_place_remains(scene: Callable[..., SceneFrame]) -> None:
    spec = CueSpec()
    state, _ = encode(spec, CueState(), scene())
    _, cues = encode(spec, state, scene(0.03, 5))
    empty = without_characters(cues)
    assert cues.present.sum() == 1
    assert not any(np.any(array) for array in (empty.present, empty.numbers, empty.tracks, empty.crops))
    assert np.array_equal(empty.picture[:5], cues.picture[:5])
    _, still = encode(spec, encode(spec, CueState(), replace(scene(), boxes=()))[0], replace(scene(0.03), boxes=()))
    assert np.array_equal(empty.picture, still.picture)
