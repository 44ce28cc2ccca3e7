"""A fit in seconds: the forecaster learns, all else stays, and the card says to whom it was fitted."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from walking_sticks import stick_cycle

from stereosync.errors import UserError
from stereosync_model.model import Model
from stereosync_training.fit import fitting
from stereosync_training.fit.card import fitted_card, provenance_of
from stereosync_training.fit.examples import track_examples
from stereosync_training.fit.fitting import Fit, FitFigures, FitOptions, fit
from stereosync_training.fit.stage import FitStage


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


def test_examples_are_learned(model: Model) -> None:
    rng = np.random.default_rng(0)
    config = model.config
    parts = [track_examples([stick_cycle()], 6, config.cue_spec, config.generator, rng) for _ in range(2)]
    assert 0.02 < parts[0].contacts.mean() < 0.5
    stage = FitStage(model.generator.cue_encoder, config, parts[0], parts[1], 32)
    optimiser = torch.optim.Adam([value for value in stage.module.parameters() if value.requires_grad], lr=3e-3)
    random, losses = torch.Generator().manual_seed(0), []
    for step in range(60):
        loss, _ = stage.loss(step, random)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:5])


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
