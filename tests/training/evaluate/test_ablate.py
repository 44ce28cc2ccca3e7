"""The ablation trains a variant per cue on the same walks and prints one row for each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from stereosync_training.data.walk_data import CUES_TO_DROP, WalkData
from stereosync_training.evaluate import ablate
from stereosync_training.recipe import read_recipe
from stereosync_training.run import Run


def test_variants_name_cues_that_can_be_dropped() -> None:
    assert {name for names in ablate.VARIANTS.values() for name in names} <= set(CUES_TO_DROP)


def test_held_out_clips_are_not_learnt_from(walks: WalkData) -> None:
    many = WalkData([walks.clips[index % 2] for index in range(20)], walks.config)
    kept, held = ablate._split(many)
    assert (len(kept), len(held)) == (17, 3)


def test_every_variant_is_a_row_and_is_not_trained_twice(
    tmp_path: Path, walk_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = read_recipe(Path("tiny"))
    for options in recipe.every_walks:
        shutil.copytree(walk_folder, Run(recipe, tmp_path, tmp_path / "cache").walk_clips(options), dirs_exist_ok=True)
    monkeypatch.setattr(ablate, "VARIANTS", {"all cues": (), "no crops": ("crops",)})
    monkeypatch.setattr(ablate, "HELD_OUT", 2)
    command = ["tiny", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out"), "--steps", "2"]
    assert ablate.main(command) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert [line.split("|")[1].strip() for line in lines] == ["trained with", "---", "all cues", "no crops"]
    rows = json.loads((tmp_path / "out" / "ablation.json").read_text(encoding="utf-8"))
    assert set(rows) == {"all cues", "no crops"}
    before = (tmp_path / "out" / "no-crops" / "forecast.csv").read_text(encoding="utf-8")
    assert ablate.main(command) == 0
    assert (tmp_path / "out" / "no-crops" / "forecast.csv").read_text(encoding="utf-8") == before


def test_missing_walks_are_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ablate.main(["tiny", "--cache", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "stereosync-walks" in capsys.readouterr().err
