"""The recipe `tiny` from recordings to a bundle, through the commands: every part of a run, and export."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from stereosync.bundle import read_bundle
from stereosync.vocabulary import GROUNDS
from stereosync_export.cli import main as export_main
from stereosync_model.checkpoint import load_checkpoint
from stereosync_model.patches import Patches
from stereosync_scenes.arena.archives import LevelsUnavailable
from stereosync_training import cli, walks
from stereosync_training.data.track_examples import tracks_beside
from stereosync_training.data.walk_data import WalkData, shards_in
from stereosync_training.recipe import read_recipe
from stereosync_training.run import Run


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(autouse=True)
def quick_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Components are fitted to a few excerpts only."""
    monkeypatch.setattr("stereosync_training.stages.codec.FITTED_EXCERPTS", 50)


def command(workplace: Path, recordings: Path, *more: str) -> list[str]:
    folders = {"--out": workplace / "tiny", "--cache": workplace / "cache", "--sounds": recordings}
    return ["tiny", *(str(word) for pair in folders.items() for word in pair), *more]


@pytest.mark.timeout(900)  # it renders, trains and exports: three minutes of one core
@pytest.mark.usefixtures("graphics")
def test_a_recipe_becomes_a_bundle(workplace: Path, recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(command(workplace, recordings)) == 0
    model, provenance = load_checkpoint(workplace / "tiny" / "tiny.safetensors")
    recipe = read_recipe(Path("tiny"))
    assert model.config == recipe.model
    assert provenance["recipe"]["name"] == "tiny"
    assert provenance["licences"]
    assert not torch.equal(model.patches.sum_basis, Patches(recipe.model).sum_basis)
    assert all(torch.isfinite(value).all() for value in model.state_dict().values())

    data = WalkData.read([Run(recipe, workplace, workplace / "cache").walk_clips(recipe.walks)], recipe.model)
    assert len(data) == recipe.walks.clips
    assert data.clips[0].waveform().abs().max() > 0.01
    pictures = data.clips[0].arrays["pictures"]
    assert np.std(pictures[0, :3].astype(float)) > 5
    assert tracks_beside(workplace / "tiny" / "tiny.safetensors").is_file()
    known = Run(recipe, workplace, workplace / "cache").known_walks(recipe.known)
    assert len(shards_in([known])) == len(list((workplace / "tiny" / "known").iterdir())) == recipe.known.shards

    bundle_folder = workplace / "bundle"
    checkpoint = str(workplace / "tiny" / "tiny.safetensors")
    assert export_main([checkpoint, "--out", str(bundle_folder), "--verify", "--stream-seconds", "0.2"]) == 0
    assert "verified: cue_encoder" in capsys.readouterr().out
    bundle = read_bundle(bundle_folder, recipe.model.clock)
    stages = ("codec", "forecast", "ahead", "feet", "generator")
    assert bundle.provenance["steps"] == {stage: getattr(recipe, stage).steps for stage in stages}
    assert bundle.grounds == GROUNDS
    assert list(bundle.licences) == provenance["licences"]


def test_the_checkpoint_is_made_of_what_each_stage_trained(workplace: Path) -> None:
    """What the forecast stage and the one that goes on from it saw, told feet of theirs, the rest the generator's."""
    if not (workplace / "tiny").is_dir():
        pytest.skip("the recipe was not run")
    model, _ = load_checkpoint(workplace / "tiny" / "tiny.safetensors")
    averages = {
        name: torch.load(workplace / "tiny" / f"{name}.pt", weights_only=True)["average"]
        for name in ("ahead", "feet", "generator")
    }
    for name, value in model.generator.state_dict().items():
        if name == "noise_shares":
            continue
        part = name.removeprefix("cue_encoder.")
        if part == name:
            expected = averages["generator"][f"generator.{name}"]
        elif part.startswith("feet."):
            expected = averages["feet"][part.removeprefix("feet.")]
        else:
            expected = averages["ahead"][part]
        torch.testing.assert_close(value, expected, atol=1e-3, rtol=1e-3, msg=name)  # kept in half precision


@pytest.mark.usefixtures("graphics")
def test_the_same_command_again_changes_nothing(workplace: Path, recordings: Path) -> None:
    checkpoint = workplace / "tiny" / "tiny.safetensors"
    before, provenance = load_checkpoint(checkpoint)
    made = {path: path.stat().st_mtime_ns for path in (workplace / "cache").rglob("*.npy")}
    assert made
    assert cli.main(command(workplace, recordings)) == 0
    after, noted = load_checkpoint(checkpoint)
    assert noted == provenance
    for name, value in before.state_dict().items():
        assert torch.equal(after.state_dict()[name], value), name
    assert {path: path.stat().st_mtime_ns for path in (workplace / "cache").rglob("*.npy")} == made
    assert not list(workplace.rglob("*.part"))
    assert not list(workplace.rglob("*.claim"))


def test_a_part_that_runs_out_of_minutes_wants_another_call(
    tmp_path: Path, recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = ("--stage", "sounds", "--stage", "codec", "--minutes", "0")
    assert cli.main(command(tmp_path, recordings, *stages)) == 3
    assert "run the same command again" in capsys.readouterr().out


@pytest.mark.parametrize("program", [cli, walks])
def test_a_missing_extra_is_named(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "stereosync_training.run", None)
    assert program.main(["tiny"]) == 2
    assert "pip install 'stereosync[train]'" in capsys.readouterr().err


@pytest.mark.parametrize("program", [cli, walks])
def test_an_unknown_recipe_and_missing_sounds_are_said_in_one_sentence(
    program: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["lost"]) == 1
    assert "there is no recipe lost" in capsys.readouterr().err
    folders = ["--cache", str(tmp_path), "--sounds", str(tmp_path / "none")]
    assert program.main(["tiny", *folders]) == 1
    assert "fetch_sounds" in capsys.readouterr().err


def test_levels_that_were_not_fetched_are_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_given: object) -> object:
        raise LevelsUnavailable("no levels: run scripts/fetch_levels.py")

    monkeypatch.setattr("stereosync_training.data.level_courses.load_person", missing)
    recipe = tmp_path / "levels.toml"
    recipe.write_text('name = "levels"\n[courses]\nscenes = 1\nlevels = true\n', encoding="utf-8")
    assert cli.main([str(recipe), "--out", str(tmp_path / "out"), "--stage", "feet"]) == 1
    assert "stereosync-train: no levels: run scripts/fetch_levels.py" in capsys.readouterr().err
