"""Photo floors: walks of the varied world on other floors, and a sentence where they were not fetched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stereosync.errors import UserError
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.casting import make_plan
from stereosync_scenes.floors.laid import laid, photographed
from stereosync_scenes.floors.packages import PACKAGES
from stereosync_scenes.floors.store import FLOORS_VARIABLE
from stereosync_scenes.plan import Patch
from stereosync_scenes.renderer import Renderer
from stereosync_scenes.textures import ground_texture
from stereosync_scenes.truth import walk_truth

SEEDS = range(300, 340)


@pytest.mark.usefixtures("few_floors")
def test_a_walk_differs_from_the_varied_one_in_photos_only() -> None:
    for seed in range(300, 304):
        varied, floors = (make_plan(seed, 1.0, variety=variety) for variety in ("varied", "floors-test"))
        assert walk_truth(varied) == walk_truth(floors)
        assert varied.shot.style == floors.shot.style
        assert varied.patches == tuple(replace(patch, photo="") for patch in floors.patches)
        assert floors.patches == make_plan(seed, 1.0, variety="floors-test").patches


@pytest.mark.usefixtures("few_floors")
def test_training_keeps_some_painted_grounds_and_the_test_none() -> None:
    patches = [patch for seed in SEEDS for patch in make_plan(seed, 0.1, variety="floors").patches]
    with_photo = [patch.photo.startswith(f"train/{patch.ground}/") for patch in patches if patch.ground != "glass"]
    assert 0.6 < np.mean(with_photo) < 0.95
    for patch in (patch for seed in SEEDS for patch in make_plan(seed, 0.1, variety="floors-test").patches):
        assert patch.photo.startswith(f"test/{patch.ground}/") == (patch.ground != "glass")


@pytest.mark.usefixtures("few_floors")
def test_photos_have_a_light_a_size_and_a_turn_of_their_own() -> None:
    patches = [photographed(Patch("grass", seed), "train", 1.0) for seed in range(12)]
    floors = [laid(patch) for patch in patches]
    assert len({patch.photo for patch in patches}) == 2
    assert len({floor.picture.mean() for floor in floors}) == 12
    assert all(1.2 <= floor.span_m <= 5.0 and 0 <= floor.turn_rad < 2 * np.pi for floor in floors)
    assert (laid(patches[0]).picture == floors[0].picture).all()


def test_a_patch_without_a_photo_is_painted_as_ever() -> None:
    floor = laid(Patch("grass", 7))
    picture, span_m = ground_texture("grass", 7)
    assert (floor.picture == picture).all()
    assert (floor.span_m, floor.turn_rad) == (span_m, 3 * np.pi / 2)


@pytest.mark.usefixtures("few_floors", "graphics")
def test_a_photo_is_seen() -> None:
    def frame(variety: str) -> np.ndarray:
        seed = next(seed for seed in SEEDS if make_plan(seed, 0.1, variety="floors-test").patches[0].photo)
        with Renderer(make_plan(seed, 0.5, variety=variety), 64, 36) as renderer:
            return renderer.frame(0.2).picture.astype(float)

    assert np.abs(frame("floors-test") - frame("varied")).mean() > 1


def test_what_was_not_fetched_is_told_with_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FLOORS_VARIABLE, str(tmp_path))
    with pytest.raises(UserError, match=r"scripts/fetch_floors\.py"):
        make_plan(3, 0.1, variety="floors")
    with pytest.raises(UserError, match=r"scripts/fetch_floors\.py"):
        laid(Patch("grass", 3, photo="train/grass/none.jpg"))


def test_names_decide_about_grounds_and_kinds_of_the_same_picture_are_left_out() -> None:
    ufoai, tux = PACKAGES["ufoai-textures"], PACKAGES["supertuxkart-data"]
    assert ufoai.ground_of("textures/tex_nature/snow001.png") == "snow"
    assert ufoai.ground_of("textures/tex_nature/snow001_nm.png") is None
    assert ufoai.ground_of("textures/tex_buildings/wall_brick01.png") is None
    assert PACKAGES["0ad-data"].ground_of("art/textures/terrain/types/snow_01.dds.cached.dds") == "snow"
    assert tux.ground_of(tux.folder + "tracks/fortmagma/carpet.jpg") == "carpet"
    assert tux.ground_of(tux.folder + "textures/wood.music") is None
    assert tux.ground_of("usr/share/doc/wood.png") is None


def test_grounds_are_known_words_and_both_splits_have_most() -> None:
    for split in ("train", "test"):
        grounds = {ground for one in PACKAGES.values() if one.split == split for ground in one.grounds}
        assert grounds == set(GROUNDS) - {"glass"}
