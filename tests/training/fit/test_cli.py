"""The command writes a bundle that differs in one graph, and refuses what it cannot use before it works."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_gltf import GltfWriter, add_animation, add_figure, add_pose
from moving_figure import moving_figure
from walking_sticks import stick_cycle

from stereosync.bundle import read_bundle
from stereosync_model.checkpoint import load_checkpoint
from stereosync_runtime.bundles import open_bundle
from stereosync_scenes.cycles.files import write_cycles
from stereosync_training.fit import cli, fitting


@pytest.fixture
def gaits(tmp_path: Path) -> Path:
    """A folder of files of two formats; one clip is no gait."""
    write_cycles(tmp_path / "gaits", [stick_cycle("knight")])
    writer, figure = GltfWriter(), moving_figure()
    add_figure(writer, figure)
    add_animation(writer, figure, "stroll")
    add_pose(writer, "idle", [0.0, 1.0])
    writer.glb(tmp_path / "gaits" / "page.glb")
    return tmp_path / "gaits"


@pytest.fixture(autouse=True)
def few_own_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "OWN_PEOPLE", 2)


def command(gaits: Path, bundle: Path, checkpoint: Path, out: Path) -> list[str]:
    words = {"--bundle": bundle, "--checkpoint": checkpoint, "--out": out, "--minutes": "0.005"}
    return [str(gaits), *(str(word) for pair in words.items() for word in pair)]


@pytest.mark.timeout(300)
def test_one_graph_is_another_and_the_rest_is_as_it_was(
    gaits: Path, tiny_bundle: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    assert cli.main(command(gaits, tiny_bundle, tiny_checkpoint, out)) == 0
    said = capsys.readouterr().out
    assert "| these bodies, after |" in said
    assert "left out: " in said
    assert "'idle' stands still" in said
    old, new = read_bundle(tiny_bundle), open_bundle(str(out))
    assert {name for name in old.graphs if old.graphs[name].sha256 != new.graphs[name].sha256} == {"cue_encoder"}
    assert new.provenance["fitted"][0]["gaits"] == ["knight walk", "page stroll"]
    assert "knight: walk" in (out / "CARD.md").read_text("utf-8")
    before, after = (load_checkpoint(path)[0].state_dict() for path in (tiny_checkpoint, tmp_path / "mine.safetensors"))
    assert {name for name in before if not np.array_equal(before[name], after[name])}
    assert cli.main(command(gaits, tiny_bundle, tiny_checkpoint, out)) == 1
    assert "exists already" in capsys.readouterr().err


def test_a_checkpoint_of_another_bundle_is_refused(
    gaits: Path, tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = Path(__file__).parents[3] / "checkpoints" / "walk.safetensors"
    assert cli.main(command(gaits, tiny_bundle, checkpoint, tmp_path / "mine")) == 1
    assert "was not made of" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_gaits_that_are_not_there_are_told_before_any_work(
    tiny_bundle: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(command(tmp_path / "none", tiny_bundle, tiny_checkpoint, tmp_path / "mine")) == 1
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "soon", "9999"])
def test_minutes_out_of_their_rule_are_told(minutes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([str(tmp_path), "--out", str(tmp_path / "mine"), "--minutes", minutes])
    assert "must be above 0" in capsys.readouterr().err
