"""Recipes: those that ship can be read, and a misspelt word is an error that says what is known."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from stereosync.errors import UserError
from stereosync_training import recipe, stages
from stereosync_training.data.sources import SOURCES
from stereosync_training.recipe import Recipe, parse_recipe, read_recipe
from stereosync_training.stages.alignment import SHIFTS

SHIPPED = sorted(path.stem for path in (Path(recipe.__file__).parent / "recipes").glob("*.toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_recipes_that_ship_can_be_read(name: str) -> None:
    found = read_recipe(Path(name))
    assert found.name == name
    config = found.model
    assert config.generator.width % config.generator.heads == 0
    assert config.generator.forecast_step_s == config.clock.latent_s
    assert max(config.generator.cross_layers) < config.generator.layers
    assert set(found.excerpt_latents) == {"codec", "generator"}
    assert all(options.source in SOURCES for options in (*found.every_walks, *found.every_known))
    assert found.courses.scenes > 0
    assert not apart_from_evaluation(found)
    assert not shared_seeds(found)
    reach = 2 * max(map(abs, SHIFTS))
    assert found.excerpt_latents["generator"] > reach  # the contrast needs moments that can be shifted both ways


def seeds_of(found: Recipe) -> dict[str, range]:
    """The seeds of own scenes that each part draws; the codec's sounds are mixed of none."""
    sets = {name: getattr(found, name) for name in ("walks", "known")}
    drawn = {name: range(options.seed, options.seed + options.clips) for name, options in sets.items()}
    return drawn | {"courses": range(found.courses.seed, found.courses.seed + found.courses.scenes)}


def apart_from_evaluation(found: Recipe) -> list[str]:
    """Parts that draw seeds which are kept for evaluation."""
    return [name for name, seeds in seeds_of(found).items() if seeds.stop > 800_000]


def shared_seeds(found: Recipe) -> list[tuple[str, str]]:
    """Parts that draw the same scenes."""
    every = seeds_of(found).items()
    return [(one, two) for (one, a), (two, b) in combinations(every, 2) if max(a.start, b.start) < min(a.stop, b.stop)]


def test_the_two_models_of_the_walk_recipes_are_one() -> None:
    assert read_recipe(Path("walk-cpu")).model == read_recipe(Path("walk-gpu")).model


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "x", "codecs": {}}, "codecs"),
        ({"name": "x", "codec": {"stepps": 3}}, "stepps.*steps"),
        ({"name": "x", "sounds": {"clip": 3}}, "clip.*clips"),
        ({"name": "x", "walks": {"fps": 30}}, "fps"),
        ({"name": "x", "model": {"codec": {"dim": 3}}}, "dim.*sum_components"),
        ({"name": "x", "model": {"vocoder": {}}}, "vocoder"),
        ({"name": "x", "levels": {"split": "train"}}, "split.*source"),
        ({"name": "x", "history": {"share": 0.5}}, "history"),
        ({"name": "x", "known": {"frames": 3}}, "frames.*clips"),
        ({"name": "x", "courses": {"clips": 3}}, "clips.*scenes"),
        ({"name": "x", "feet": {"stepps": 3}}, "stepps.*steps"),
        ({"name": "x", "tracks": {"shares": {"wlaks": 1.0}}}, "wlaks"),
        ({"name": "x", "tracks": {"shares": {"walks": 0.0}}}, "not all 0"),
        ({"name": "x", "decoder": {}}, "decoder"),
        ({"name": "x", "excerpt_latents": {"forecats": 3}}, "forecats"),
        ({"codec": {}}, "no name"),
    ],
)
def test_unknown_words_are_refused(data: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_recipe(data)


def test_what_is_not_said_takes_its_default() -> None:
    found = parse_recipe({"name": "x", "codec": {"steps": 7}, "excerpt_latents": {"codec": 9}})
    assert found.codec.steps == 7
    assert found.codec.batch == recipe.LoopOptions().batch
    assert found.excerpt_latents == recipe.EXCERPT_LATENTS | {"codec": 9}
    assert found.ahead.steps == 0


def test_levels_are_trained_on_where_a_recipe_has_some() -> None:
    assert [options.source for options in parse_recipe({"name": "x"}).every_walks] == ["own"]
    both = parse_recipe({"name": "x", "walks": {"clips": 3}, "levels": {"clips": 2, "source": "levels"}})
    assert [(options.source, options.clips) for options in both.every_walks] == [("own", 3), ("levels", 2)]


def test_varied_walks_are_trained_on_where_a_recipe_has_some() -> None:
    both = parse_recipe({"name": "x", "varied": {"clips": 2}, "known_varied": {"clips": 4}})
    assert [(options.source, options.clips) for options in both.every_walks][1:] == [("varied", 2)]
    assert [(options.source, options.clips) for options in both.every_known][1:] == [("varied", 4)]


def test_walks_on_photo_floors_are_trained_on_where_a_recipe_has_some() -> None:
    both = parse_recipe({"name": "x", "floors": {"clips": 2}})
    assert [(options.source, options.clips) for options in both.every_walks][1:] == [("floors", 2)]


def test_known_levels_are_learned_from_where_a_recipe_has_some() -> None:
    assert [options.source for options in parse_recipe({"name": "x"}).every_known] == ["own"]
    both = parse_recipe({"name": "x", "known": {"clips": 3}, "known_levels": {"clips": 2}})
    assert [(options.source, options.clips) for options in both.every_known] == [("own", 3), ("levels", 2)]


@pytest.mark.parametrize("section", ["levels", "known_levels"])
def test_a_section_of_levels_need_not_say_that_they_are_levels(section: str) -> None:
    assert getattr(parse_recipe({"name": "x", section: {"clips": 2}}), section).source == "levels"


def test_a_missing_recipe_names_those_that_ship(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=", ".join(SHIPPED)):
        read_recipe(tmp_path / "none.toml")


@pytest.mark.parametrize("text", [b"name = 'x'\n[codec\n", b"name = '\xff'\n"])
def test_a_recipe_that_is_not_toml_is_a_user_s_error(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(text)
    with pytest.raises(UserError, match=r"broken\.toml is not TOML: "):
        read_recipe(path)


def test_a_recipe_may_be_ones_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n[generator]\nsteps = 5\n', encoding="utf-8")
    assert read_recipe(path).generator.steps == 5


def test_every_part_of_a_run_can_be_asked_for() -> None:
    from stereosync_training.run import PARTS

    assert tuple(PARTS) == stages.STAGES
