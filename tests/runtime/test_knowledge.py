"""What is told and what is seen, for people: in words, in STATS and in the metrics, bounded whatever clients say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import told_toy
from made_scenes import SceneMaker
from toy_graphs import Toy

from stereosync.cues import CueState, encode
from stereosync.scene import Foot, SceneFrame, ToldContact, ToldScene
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_runtime.foresight import Foresight, foresee
from stereosync_runtime.knowledge import Basis, Knowledge, knowledge, values_of, words_of
from stereosync_runtime.metrics import _known_metrics
from stereosync_runtime.reporting import known_words
from stereosync_runtime.stream import CueTokens


def known(toy: Toy, frame: SceneFrame) -> Knowledge:
    """What the sound of a frame is made from."""
    _, cues = encode(toy.bundle.cue_spec, CueState(), frame)
    arrays = told_toy.cue_encoder({"present": cues.present[None], "numbers": cues.numbers[None]})
    tokens = CueTokens(arrays, cues.capture_time_s, cues.ids, cues.told)
    chances = dict.fromkeys(cues.ids, np.zeros(told_toy.BINS, np.float32))
    seen = foresee(told_toy.FORECAST, Foresight(), 10.0, chances, 10.1, cues.told)
    return knowledge(toy.bundle, Basis(cues, tokens, seen, 10.1))


def frame_of(scene: SceneMaker, told: ToldScene | None = None, **box: Any) -> SceneFrame:
    """A frame with a near character that says what `box` holds and a far one that says nothing."""
    shown = scene(10.0)
    near = replace(shown.boxes[0], position_m=(0.0, 0.0, 2.0), **box)
    far = replace(shown.boxes[0], id=2, position_m=(0.0, 0.0, 9.0), y0=near.y0 - 3)
    return replace(shown, boxes=(far, near), scene=told)


def test_what_is_not_told_is_seen(telling_toy: Toy, scene: SceneMaker) -> None:
    found = known(telling_toy, frame_of(scene))
    assert (found.characters, found.feet, found.contacts, found.scene) == (2, 0, 0, False)
    assert (
        words_of(values_of(found)) == "stone 0.7, gravel 0.2 - seen; wind 0.3 - seen; feet not told, contacts foreseen"
    )


def test_what_is_told_is_said_so_and_the_nearest_character_speaks(telling_toy: Toy, scene: SceneMaker) -> None:
    feet = (Foot("left", (0.0, 0.0, 0.0)), Foot("right", (0.2, 0.0, 0.0)))
    told = ToldScene("forest", 0.9)
    shown = frame_of(scene, told, feet=feet, contacts=(ToldContact("left", 10.3),), surface="SurfaceType_Gravel")
    found = known(telling_toy, shown)
    assert (found.feet, found.contacts, found.scene) == (1, 1, True)
    values = values_of(found)
    assert words_of(values) == "gravel - told; forest 0.9 - told; feet told, contacts told"
    assert values["told_feet"] == values["told_contacts"] == values["told_surface"] == 0.5
    assert values["ground_index"] == GROUNDS.index("gravel")
    assert values["place_index"] == PLACES.index("forest")


@pytest.mark.parametrize("told", [ToldScene(""), ToldScene("forest", ambience=False)])
def test_a_quiet_place_is_quiet(telling_toy: Toy, scene: SceneMaker, told: ToldScene) -> None:
    found = known(telling_toy, frame_of(scene, told))
    assert "quiet - told" in words_of(values_of(found))


def test_values_are_numbers_and_a_bundle_that_hears_no_ground_has_none(toy: Toy, scene: SceneMaker) -> None:
    _, cues = encode(toy.bundle.cue_spec, CueState(), frame_of(scene, surface="stone"))
    tokens = CueTokens({}, 10.0, cues.ids, cues.told)
    values = values_of(knowledge(toy.bundle, Basis(cues, tokens, Foresight(), 10.1)))
    assert set(values) == {"told_feet", "told_contacts", "told_surface", "told_scene"}
    assert words_of(values) == "feet not told, contacts foreseen"
    assert words_of({}) == ""
    assert words_of({"told_feet": 0.0, "ground_index": 1e9, "ground_chance": 1.0, "place_index": -1.0}).startswith(
        "quiet"
    )


def test_the_metrics_have_labels_of_a_bounded_set(telling_toy: Toy, scene: SceneMaker) -> None:
    pytest.importorskip("prometheus_client")
    many = tuple(
        known(telling_toy, frame_of(scene, surface=word)) for word in ("stone", "x" * 64, "PM_Wood", "", "ice")
    )
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for metric in _known_metrics(many)
        for sample in metric.samples
    }
    labels = {dict(key[1:])["ground"] for key in samples if key[0] == "stereosync_ground_characters"}
    assert labels == {"stone", "wood"}  # ice is no ground of the toy, so what is seen counts
    told = ("stereosync_ground_characters", ("ground", "wood"), ("known", "told"))
    assert samples[told] == 1
    assert samples["stereosync_telling_characters", ("what", "surface")] == 2
    assert samples[("stereosync_telling_scenes",)] == 0
    assert known_words(()) == ""
    assert "wood" not in known_words(many)
