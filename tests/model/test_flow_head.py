"""The flow head knows the flow of a Gaussian: one step or many, the right mean and spread, and what cues expect."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.flow_head import FlowHead, gaussian_velocity
from stereosync_model.model import Model

SPREADS = torch.tensor([[0.1, 0.5, 1.0, 2.0]])


@pytest.mark.parametrize(("r", "t"), [(0.0, 1.0), (0.2, 0.7), (0.5, 0.5), (0.0, 0.05)])
def test_the_velocity_carries_deviations_from_one_time_to_the_other(r: float, t: float) -> None:
    def deviation(time: float) -> Tensor:
        return (time**2 + (1 - time) ** 2 * SPREADS.square()).sqrt()

    z = deviation(t) * 1.7
    mean = gaussian_velocity(z, torch.tensor([[r]]), torch.tensor([[t]]), SPREADS)
    assert torch.isfinite(mean).all()
    torch.testing.assert_close(z - (t - r) * mean, deviation(r) * 1.7)


def test_at_one_time_it_is_the_slope_of_the_path() -> None:
    z, t = torch.randn(5, 4, generator=torch.Generator().manual_seed(0)), torch.tensor([[0.4]])
    here = gaussian_velocity(z, t, t, SPREADS)
    nearly = gaussian_velocity(z, t - 1e-3, t, SPREADS)
    torch.testing.assert_close(here, nearly, atol=5e-3, rtol=5e-3)


@pytest.fixture
def knowing(tiny_model: Model) -> FlowHead:
    """A head whose network has learned nothing, whose cues expect 0.7 and leave a spread of 0.5."""
    head = deepcopy(tiny_model.generator.flow_head)
    for layer, bias in ((head.out, 0.0), (head.expect, 0.7), (head.spread, float(torch.tensor(0.5).log()))):
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.constant_(layer.bias, bias)
    return head


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_any_number_of_steps_draws_what_is_expected_and_what_is_left_open(knowing: FlowHead, steps: int) -> None:
    context = torch.randn(4000, knowing.context.in_features, generator=torch.Generator().manual_seed(1))
    noise = torch.randn(4000, knowing.latent.in_features, generator=torch.Generator().manual_seed(2))

    def velocity(z: Tensor, r: float, t: float) -> Tensor:
        made: Tensor = knowing(z, torch.full((len(z),), r), torch.full((len(z),), t), context)
        return made

    made = sample(velocity, noise, SCHEDULES[steps])
    torch.testing.assert_close(made, 0.7 + 0.5 * noise, atol=1e-4, rtol=1e-4)


def test_the_flow_loss_does_not_move_what_is_regressed(tiny_model: Model) -> None:
    head = deepcopy(tiny_model.generator.flow_head).requires_grad_(True)
    z, context = torch.randn(8, head.latent.in_features), torch.randn(8, head.context.in_features)
    head(z, torch.full((8,), 0.2), torch.full((8,), 0.8), context).square().sum().backward()
    for layer in (head.expect, head.spread):
        assert layer.weight.grad is None
    assert head.out.weight.grad is not None
