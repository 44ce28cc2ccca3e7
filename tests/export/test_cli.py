"""`stereosync-export`: exit codes and sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest

from stereosync.bundle import Bundle, read_bundle
from stereosync_export import build
from stereosync_export.adapter import ModelAdapter
from stereosync_export.build import ExportOptions, ParityError
from stereosync_export.cli import main


class Asked(TypedDict, total=False):
    """What the export was asked for, once it was."""

    adapter: ModelAdapter
    folder: Path
    options: ExportOptions


@pytest.fixture
def exported(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Stands in for the export; returns what it was asked for."""
    asked: Asked = {}

    def build_bundle(
        adapter: ModelAdapter,
        folder: Path,
        options: ExportOptions,
        say: Callable[[str], None],
        heard: Callable[[float], None],
    ) -> Bundle:
        asked.update({"adapter": adapter, "folder": folder, "options": options})
        say("exporting")
        heard(0.1)
        return read_bundle(tiny_bundle)

    monkeypatch.setattr(build, "build_bundle", build_bundle)
    return asked


def test_a_missing_checkpoint_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.safetensors"), "--out", str(tmp_path / "bundle")]) == 1
    assert "stereosync-export: there is no checkpoint" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_a_missing_extra_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stereosync_export.build", None)
    assert main([str(tmp_path / "any.safetensors"), "--out", str(tmp_path)]) == 2
    assert "pip install 'stereosync[export]'" in capsys.readouterr().err


def test_verify_measures_the_finished_bundle_again(
    tiny_checkpoint: Path, tiny_bundle: Path, exported: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tiny_checkpoint.with_name("card.md")
    card.write_text("# Card", encoding="utf-8")
    assert main([str(tiny_checkpoint), "--out", str(tiny_bundle), "--card", str(card), "--verify"]) == 0
    out = capsys.readouterr().out
    assert "verified: cue_encoder " in out
    assert "bundle 'tiny', 4 graphs" in out
    assert exported["adapter"].provenance()["card"] == "# Card"
    assert exported["folder"] == tiny_bundle
    assert exported["options"] == ExportOptions()


def test_every_option_reaches_the_export(tiny_checkpoint: Path, tiny_bundle: Path, exported: Asked) -> None:
    arguments = ["--precision", "int8,fp16", "--opset", "21", "--steps", "1", "3", "--stream-seconds", "5"]
    arguments += ["--measures", "7", "--allow-parity-loss", "--even-if-slower"]
    assert main([str(tiny_checkpoint), "--out", str(tiny_bundle), *arguments]) == 0
    assert exported["options"] == ExportOptions(("int8", "fp16"), 21, True, 5.0, False, 7)
    assert set(exported["adapter"].settings().schedules) == {1, 3}


def test_verify_refuses_a_damaged_bundle(
    tiny_checkpoint: Path, exported: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tiny_checkpoint), "--out", str(tmp_path), "--precision", "int8", "--verify"]) == 1
    assert "is no bundle" in capsys.readouterr().err
    assert exported["options"].precisions == ("int8",)


def test_lost_parity_is_an_error_not_a_traceback(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def strays(*_given: object) -> Bundle:
        raise ParityError("decoder strays")

    monkeypatch.setattr(build, "build_bundle", strays)
    assert main([str(tiny_checkpoint), "--out", str(tmp_path)]) == 1
    assert "stereosync-export: decoder strays" in capsys.readouterr().err


def test_an_unknown_precision_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--out", str(tmp_path), "--precision", "int8,fp4"])
    assert "'fp4' is none of fp32, fp16, int8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        ("nowhere:Adapter", "No module named 'nowhere'"),
        ("json:Adapter", "no attribute 'Adapter'"),
        ("json:JSONDecoder", "lacks load, graphs, settings, provenance"),
        ("json", "give MODULE:CLASS"),
    ],
)
def test_an_adapter_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], adapter: str, words: str
) -> None:
    assert main([str(tmp_path / "any"), "--adapter", adapter, "--out", str(tmp_path / "bundle")]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--steps", "0"],
        ["--steps", "-2"],
        ["--steps", "65"],
        ["--stream-seconds", "0"],
        ["--stream-seconds", "nan"],
        ["--stream-seconds", "inf"],
        ["--opset", "9"],
        ["--opset", "99"],
        ["--measures", "-1"],
        ["--workspace-mib", "0"],
    ],
)
def test_numbers_that_make_no_sense_are_refused_by_the_parser(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "any"), "--out", str(tmp_path / "bundle"), *arguments])
    assert ended.value.code == 2
    assert f"argument {arguments[0]}: must be" in capsys.readouterr().err


def test_a_pointer_of_git_lfs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pointer = tmp_path / "any.safetensors"
    pointer.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert main([str(pointer), "--out", str(tmp_path / "bundle")]) == 1
    assert "is a Git LFS pointer and not the file itself: run git lfs pull" in capsys.readouterr().err


def test_strangers_are_named_before_the_checkpoint_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").touch()
    assert main([str(tmp_path / "none.safetensors"), "--out", str(tmp_path)]) == 1
    assert "holds what is no part of a bundle (thesis.txt)" in capsys.readouterr().err
