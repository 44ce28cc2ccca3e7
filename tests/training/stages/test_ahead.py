"""The stage that foresees contacts learns them from the tracks of several worlds, each with its share."""

from __future__ import annotations

import copy

import numpy as np
import torch
from walking_sticks import stick_cycle

from stereosync_model.model import Model
from stereosync_training.data.track_examples import TrackExamples, simulated_examples
from stereosync_training.stages.ahead import AheadStage


def test_contacts_are_learned_and_nothing_else_moves(tiny_model: Model) -> None:
    model, rng = copy.deepcopy(tiny_model), np.random.default_rng(0)
    config, before = model.config, copy.deepcopy(model.state_dict())
    parts = [simulated_examples([stick_cycle()], 6, config.cue_spec, config.generator, rng) for _ in range(2)]
    assert 0.02 < parts[0].contacts.mean() < 0.5
    stage = AheadStage(model.generator.cue_encoder, [(part, 1.0) for part in parts], 32)
    optimiser = torch.optim.Adam([value for value in stage.module.parameters() if value.requires_grad], lr=5e-3)
    random, losses = torch.Generator().manual_seed(0), []
    for step in range(120):
        loss, _ = stage.loss(step, random)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:5])
    moved = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert all(name.startswith(("generator.cue_encoder.ahead.", "generator.cue_encoder.forecast.")) for name in moved)


def test_every_part_has_its_share_of_a_batch(tiny_model: Model) -> None:
    spec, bins = tiny_model.config.cue_spec, tiny_model.config.generator.forecast_steps
    one = TrackExamples(
        np.zeros((4, spec.numbers_shape[1]), np.float32),
        np.zeros((4, *spec.tracks_shape[1:]), np.float32),
        np.zeros((4, bins), np.float32),
    )
    stage = AheadStage(copy.deepcopy(tiny_model.generator.cue_encoder), [(one, 2.0), (one, 1.0), (one, 1.0)], 10)
    assert sum(stage.counts) == 10
    assert stage.counts == [5, 3, 2]
