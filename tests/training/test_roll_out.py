"""A roll-out goes on its own latents, under the noise of the runtime, and follows its seed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.config import ModelConfig
from stereosync_model.model import Model
from stereosync_training.excerpts import Batch, draw_batch, frames_of
from stereosync_training.roll_out import at, roll_out, velocity_of
from stereosync_training.tokens import TokenData

STEPS = 24


@pytest.fixture
def batch(tokens: TokenData) -> Batch:
    return draw_batch(tokens, 2, STEPS, torch.Generator().manual_seed(5), 0.2)


def without_noise(config: ModelConfig) -> ModelConfig:
    return replace(config, generator=replace(config.generator, history_noise=0.0))


def rolled(model: Model, batch: Batch, seed: int, clean: bool = True, quiet: bool = False) -> Tensor:
    config = without_noise(model.config) if quiet else model.config
    return roll_out(model.generator, batch, config, torch.Generator().manual_seed(seed), clean=clean)


def test_it_follows_its_seed(tiny_model: Model, batch: Batch) -> None:
    first, again, other = (rolled(tiny_model, batch, seed) for seed in (1, 1, 2))
    assert first.shape == (2, STEPS, tiny_model.config.codec.components)
    assert torch.equal(first, again)
    assert (first - other).abs().max() > 0.1
    assert not first.requires_grad


def test_the_history_is_one_latent_behind_and_under_noise(tiny_model: Model, batch: Batch) -> None:
    made, seen = (rolled(tiny_model, batch, 1, clean=clean, quiet=True) for clean in (True, False))
    assert not seen[:, 0].any()
    torch.testing.assert_close(seen[:, 1:], made[:, :-1])
    made, seen = (rolled(tiny_model, batch, 1, clean=clean) for clean in (True, False))
    noise = torch.cat([seen[:, :1], seen[:, 1:] - made[:, :-1]], dim=1)
    assert float(noise.std()) == pytest.approx(tiny_model.config.generator.history_noise, rel=0.25)


def test_each_latent_is_made_from_those_before_it(tiny_model: Model, batch: Batch) -> None:
    """The offline backbone on the history that was returned, with the noise of the same draws."""
    generator, random = tiny_model.generator, torch.Generator().manual_seed(3)
    made, seen = (rolled(tiny_model, batch, 3, clean=clean) for clean in (True, False))
    contexts, _ = generator.backbone(seen, frames_of(generator, batch), batch.ages_s)
    for i in range(STEPS):
        _, noise = (torch.randn(made[:, 0].shape, generator=random) for _ in range(2))
        start = tiny_model.config.generator.sampler_noise * noise
        expected = sample(velocity_of(generator, contexts[:, i]), start, SCHEDULES[2])
        torch.testing.assert_close(made[:, i], expected, atol=1e-4, rtol=1e-4)


def test_what_one_latent_sees_is_its_own_frame(tiny_model: Model, batch: Batch) -> None:
    frame = frames_of(tiny_model.generator, batch)
    now = at(frame, 7)
    assert now.whole.shape[1] == now.keys[0].shape[1] == 1
    for name in ("absent", "whole", "characters", "contacts", "placement", "present"):
        assert torch.equal(getattr(now, name)[:, 0], getattr(frame, name)[:, 7]), name
