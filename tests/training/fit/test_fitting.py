"""A fit in seconds: the forecaster learns, all else stays, and the card says to whom it was fitted."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from walking_sticks import stick_cycle

from stereosync.errors import UserError
from stereosync_model.cue_encoder import CueEncoder
from stereosync_model.model import Model
from stereosync_training.data.track_examples import TrackExamples, tracks_beside
from stereosync_training.fit import fitting
from stereosync_training.fit.card import fitted_card, provenance_of
from stereosync_training.fit.fitting import Fit, FitFigures, FitOptions, fit
from stereosync_training.fit.run import known_walks
from stereosync_training.stages.ahead import AheadStage, Part


@pytest.fixture
def model(tiny_model: Model) -> Model:
    return copy.deepcopy(tiny_model)


@pytest.fixture(autouse=True)
def few_own_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "OWN_PEOPLE", 2)


def test_the_forecaster_alone_is_fitted(model: Model) -> None:
    before = copy.deepcopy(model.state_dict())
    found = fit(model, [stick_cycle()], FitOptions(minutes=0.008, held_out_clips=2), say=lambda _text: None)
    changed = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    fitted = ("generator.cue_encoder.ahead.", "generator.cue_encoder.forecast.")
    assert changed
    assert all(name.startswith(fitted) for name in changed)
    for figures in (found.before, found.after):
        assert len(figures.game) == len(figures.own) == 2
        assert all(0 <= value <= 1 for value in (*figures.game, *figures.own))


def test_walks_beside_the_checkpoint_are_kept_in(
    model: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = tmp_path / "mine.safetensors"
    assert known_walks(checkpoint) is None
    assert "mine-tracks.npz" in capsys.readouterr().out
    bins, spec = model.config.generator.forecast_steps, model.config.cue_spec
    examples = TrackExamples(
        np.ones((8, spec.numbers_shape[1]), np.float32),
        np.ones((8, *spec.tracks_shape[1:]), np.float32),
        np.ones((8, bins), np.float32),
    )
    examples.save(tracks_beside(checkpoint))
    walks = known_walks(checkpoint)
    assert walks is not None
    parts = []

    class Noted(AheadStage):
        def __init__(self, encoder: CueEncoder, given: Sequence[Part], batch: int) -> None:
            parts.extend(given)
            super().__init__(encoder, given, batch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "AheadStage", Noted)
        fit(model, [stick_cycle()], FitOptions(minutes=0.008, held_out_clips=2), walks, say=lambda _text: None)
    assert [share for _, share in parts] == [fitting.GAME_SHARE, fitting.OWN_SHARE, fitting.WALKS_SHARE]
    np.testing.assert_array_equal(parts[-1][0].contacts, examples.contacts)


def test_without_a_gait_there_is_nothing_to_fit_to(model: Model) -> None:
    with pytest.raises(UserError, match="no gait"):
        fit(model, [])


def test_the_card_names_the_bodies_before_the_old_figures() -> None:
    found = Fit(FitFigures((0.4, 0.3), (0.8, 0.7)), FitFigures((0.9, 0.8), (0.8, 0.7)))
    cycles = [stick_cycle("knight")]
    card = fitted_card("# Walk\n\nold figures", cycles, found)
    assert "never stand under a set's own name" in card
    assert card.index("knight: walk") < card.index("old figures")
    assert card.index("| these bodies, after | 0.90 | 0.80 |") < card.index("old figures")
    told = provenance_of(cycles, found, FitOptions())
    assert told["bodies"] == ["knight"]
    assert told["simulated"]["after_f1_100_ms"] == {"game": 0.8, "own": 0.7}
