"""`stereosync-export`: exit codes and sentences. The export itself is that of the tiny bundle."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from stereosync.bundle import Bundle, read_bundle
from stereosync_export import build
from stereosync_export.build import ParityError
from stereosync_export.cli import main


@pytest.fixture
def exported(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stands in for the export; returns what it was asked for."""
    asked: dict[str, Any] = {}

    def build_bundle(_model: Any, provenance: dict[str, Any], folder: Path, precision: str) -> Bundle:
        asked.update(provenance=provenance, folder=folder, precision=precision)
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
    tiny_checkpoint: Path, tiny_bundle: Path, exported: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    card = tiny_checkpoint.with_name("card.md")
    card.write_text("# Card", encoding="utf-8")
    assert main([str(tiny_checkpoint), "--out", str(tiny_bundle), "--card", str(card), "--verify"]) == 0
    out = capsys.readouterr().out
    assert "verified: cue_encoder " in out
    assert "bundle 'tiny', 4 graphs" in out
    assert exported["provenance"]["card"] == "# Card"
    assert (exported["folder"], exported["precision"]) == (tiny_bundle, "fp32")


def test_verify_refuses_a_damaged_bundle(
    tiny_checkpoint: Path, exported: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tiny_checkpoint), "--out", str(tmp_path), "--precision", "int8", "--verify"]) == 1
    assert "is no bundle" in capsys.readouterr().err
    assert exported["precision"] == "int8"


def test_lost_parity_is_an_error_not_a_traceback(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def strays(*_given: Any) -> Bundle:
        raise ParityError("decoder strays")

    monkeypatch.setattr(build, "build_bundle", strays)
    assert main([str(tiny_checkpoint), "--out", str(tmp_path)]) == 1
    assert "stereosync-export: decoder strays" in capsys.readouterr().err
