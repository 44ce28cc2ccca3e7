"""The energy score asks for the right sound and the right variety; sampling in training is that of the live path."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from stereosync_model.config import ModelConfig
from stereosync_model.model import Model
from stereosync_training.stages.energy import SECTIONS, energy_loss, energy_score, lasting_noise, sampled, windows

SHARES = torch.tensor([[0.6, 0.0], [0.3, 0.8]])  # as long as `noise_memory_s` says; what remains is white


def score(mean: float, spread: float) -> float:
    """Of samples with this mean and spread, where the truth has 0 and 1."""
    random = torch.Generator().manual_seed(0)
    one, two, true = torch.randn(3, 20_000, 4, generator=random)
    return float(energy_score(mean + spread * one, mean + spread * two, true))


def test_the_right_mean_and_the_right_variety_have_the_lowest_score() -> None:
    right = score(0, 1)
    assert right < min(score(0.3, 1), score(-0.3, 1), score(0, 0.6), score(0, 1.5), score(0, 0.0))


def test_a_perfect_sample_without_variety_costs_nothing() -> None:
    true = torch.randn(5, 3)
    assert float(energy_score(true, true, true)) == pytest.approx(0, abs=1e-2)


def test_a_window_is_sections_that_grow() -> None:
    latents = torch.arange(40.0)[None, :, None]  # (1, 40, 1)
    first, second = windows(latents)[0, :2]
    assert first.tolist() == [0, 1, 2.5, 5.5, 11.5]
    assert (second - first).tolist() == [2] * len(SECTIONS)


def test_noise_lasts_as_its_shares_say() -> None:
    config = ModelConfig()
    noise = lasting_noise(SHARES, config, (400, 60, 2), torch.Generator().manual_seed(1))
    assert noise.std() == pytest.approx(1, abs=0.02)
    lag = 5
    kept = [math.exp(-lag * config.clock.latent_s / seconds) for seconds in config.generator.noise_memory_s]
    wanted = [float(kept[0] * SHARES[0, at] + kept[1] * SHARES[1, at]) for at in range(2)]
    found = [float((noise[:, lag:, at] * noise[:, :-lag, at]).mean()) for at in range(2)]
    assert found == pytest.approx(wanted, abs=0.05)


@pytest.fixture
def context(tiny_model: Model) -> Tensor:
    return torch.randn(2, 24, 2 * tiny_model.config.generator.width, generator=torch.Generator().manual_seed(2))


def test_samples_are_of_their_own_contexts_and_reach_the_weights(tiny_model: Model, context: Tensor) -> None:
    generator = tiny_model.generator
    made = sampled(generator, context, torch.Generator().manual_seed(3))
    again = sampled(generator, torch.cat([context[:1], -context[1:]]), torch.Generator().manual_seed(3))
    torch.testing.assert_close(made[0], again[0])
    assert float((made[1] - again[1]).detach().abs().max()) > 1e-3
    importance = torch.ones(tiny_model.config.codec.components)
    loss = energy_loss(generator, context.requires_grad_(), torch.zeros_like(made), importance, torch.Generator())
    loss.backward()  # type: ignore[no-untyped-call]
    assert context.grad is not None
    assert context.grad.abs().min() > 0


def test_what_counts_nothing_is_not_scored(tiny_model: Model, context: Tensor) -> None:
    generator, parts = tiny_model.generator, tiny_model.config.codec.components
    importance = torch.ones(parts)
    importance[1:] = 0
    near, far = torch.zeros(2, 2, 24, parts)
    far[..., 1:] = 100.0
    scores = [
        energy_loss(generator, context, true, importance, torch.Generator().manual_seed(4)) for true in (near, far)
    ]
    assert float(scores[0]) == pytest.approx(float(scores[1]), rel=1e-4)
