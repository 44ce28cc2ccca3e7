"""A model that is not ours becomes a bundle by its adapter, and the runtime plays it."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from made_scenes import SceneMaker

from stereosync_export.cli import main
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_model"


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The example's module, importable as a user would have it."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    module = importlib.import_module("adapter")
    yield module
    monkeypatch.delitem(importlib.sys.modules, "adapter")  # type: ignore[attr-defined]


def test_the_example_is_exported_and_heard(
    adapter: ModuleType, tmp_path: Path, scene: SceneMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    torch.manual_seed(0)
    torch.save(adapter.Ticks().state_dict(), tmp_path / "ticks.pt")
    bundle_folder = tmp_path / "ticks"
    arguments = ["--adapter", "adapter:TicksAdapter", "--out", str(bundle_folder), "--stream-seconds", "0.5"]
    assert main([str(tmp_path / "ticks.pt"), *arguments]) == 0, capsys.readouterr().err
    bundle = open_bundle(str(bundle_folder))
    assert bundle.provenance == {"model": "ticks", "trained": False}
    pipeline = Pipeline(bundle, load_runners(bundle, RunnerRequest("cpu"), say=lambda _text: None), time.perf_counter)
    frames = [scene(index / 30, index) for index in range(30)]
    made = render_tape(pipeline, bundle.cue_spec, frames, 1.0)
    assert np.isfinite(made).all()
    assert made.std() > 1e-3


def test_a_checkpoint_of_another_model_is_an_error_with_its_cause(
    adapter: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    torch.save({"other": torch.zeros(1)}, tmp_path / "other.pt")
    assert main([str(tmp_path / "other.pt"), "--adapter", "adapter:TicksAdapter", "--out", str(tmp_path / "b")]) == 1
    assert "Missing key(s)" in capsys.readouterr().err
    assert adapter.LATENT_DIM == 4
