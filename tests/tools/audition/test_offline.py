"""Offline, and live with the real service, on the toy bundle."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from toy_graphs import Toy

from stereosync.errors import UserError
from stereosync_tools.audition import cli, offline
from stereosync_tools.audition.offline import audition_offline
from stereosync_tools.audition.options import AuditionOptions
from stereosync_tools.audition.outcome import Outcome

pytest.importorskip("onnxruntime")


def render(folder: Path, **chosen: Any) -> Outcome:
    options = AuditionOptions(bundle=str(folder), seconds=1.0, offline=True, **chosen)
    return audition_offline(options, cli.open_source(options), Console(quiet=True))


def test_the_same_seed_gives_the_same_samples(toy_folder: Path) -> None:
    first = render(toy_folder, seed=1).performance.samples
    assert first.shape == (48_000, 2)
    np.testing.assert_array_equal(render(toy_folder, seed=1).performance.samples, first)
    assert not np.array_equal(render(toy_folder, seed=2).performance.samples, first)


def test_other_boxes_give_other_samples(toy_folder: Path) -> None:
    first = render(toy_folder).performance.samples
    assert not np.array_equal(render(toy_folder, mirror_boxes=True).performance.samples, first)


def test_the_offline_report_has_costs(toy_folder: Path) -> None:
    told = render(toy_folder, steps=4, lead_ms=50.0).report
    assert (told["bundle"], told["steps"], told["lead_ms"]) == ("toy", 4, 50)
    assert told["stages"]["flow_head"]["p50_ms"] > 0
    assert told["rtf"] > 0
    assert "underruns" in told["missing"]


def test_steps_that_the_bundle_lacks_are_told(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = replace(toy.bundle, schedules={"1": (1.0, 0.0)})
    monkeypatch.setattr(offline, "open_bundle", lambda _name: bundle)
    with pytest.raises(UserError, match="bundle toy has no schedule for 4 steps: choose one of 1"):
        render(Path(), steps=4)


def test_an_offline_run_is_saved_whole(toy_folder: Path, tmp_path: Path) -> None:
    heard = render(toy_folder, save=tmp_path / "a.wav").performance.samples
    with wave.open(str(tmp_path / "a.wav")) as file:
        saved = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    np.testing.assert_allclose(saved / 32767, heard, atol=2e-5)


def test_the_real_service_in_a_process_of_its_own(toy_folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    command = ["--demo", "--no-play", "--bundle", str(toy_folder), "--seconds", "1", "--report", str(report)]
    assert cli.main(command) == 0
    told = json.loads(report.read_text("utf-8"))
    assert "missing" not in told
    assert told["bundle"] == "toy"
    assert told["frame_to_chunk_ms"]["p50"] > 0


@pytest.mark.parametrize("how", ["--offline", "--no-play"])
def test_a_bundle_that_is_not_there_is_one_sentence(how: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([how, "--bundle", "no-such-bundle"]) == 1
    said = capsys.readouterr().err
    assert "there is no bundle 'no-such-bundle'" in said
    assert "Traceback" not in said
