"""Time-shift contrast: chance before it has learnt, and sure of the moment when frames and sound belong together."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from stereosync_model.config import CodecConfig, GeneratorConfig, ModelConfig
from stereosync_training.stages.alignment import SHIFTS, Alignment

CONFIG = ModelConfig(codec=CodecConfig(sum_components=3, difference_components=1), generator=GeneratorConfig(width=16))
BATCH, STEPS = 6, 120
CHANCE = 1 / (len(SHIFTS) + 1)


def pair(seed: int, belongs: bool = True) -> tuple[Tensor, Tensor]:
    """Frame features (B, T, 16) and latents (B, T, 4) that follow the same hidden numbers, or others."""
    random = torch.Generator().manual_seed(seed)
    hidden = torch.randn(BATCH, STEPS, 4, generator=random)
    other = hidden if belongs else torch.randn(BATCH, STEPS, 4, generator=random)
    spread = torch.randn(4, 16, generator=torch.Generator().manual_seed(99))
    return hidden @ spread, other


@pytest.fixture
def alignment() -> Alignment:
    torch.manual_seed(0)
    return Alignment(CONFIG)


def learn(alignment: Alignment, belongs: bool, steps: int = 60) -> tuple[float, float]:
    """Loss and share of moments told right of an unseen pair, after a few steps on others."""
    optimiser = torch.optim.Adam(alignment.parameters(), lr=5e-3)
    for step in range(steps):
        optimiser.zero_grad()
        alignment(*pair(step, belongs))[0].backward()
        optimiser.step()
    with torch.no_grad():
        loss, told = alignment(*pair(1000, belongs))
    return float(loss), float(told)


def test_before_it_has_learnt_it_tells_by_chance(alignment: Alignment) -> None:
    with torch.no_grad():
        loss, told = alignment(*pair(0))
    assert abs(float(told) - CHANCE) < 0.06
    assert abs(float(loss) - math.log(1 / CHANCE)) < 0.8


def test_it_learns_to_tell_the_moment(alignment: Alignment) -> None:
    loss, told = learn(alignment, belongs=True)
    assert told > 0.9
    assert loss < 0.5


def test_of_frames_that_have_nothing_to_do_with_the_sound_it_learns_nothing(alignment: Alignment) -> None:
    _, told = learn(alignment, belongs=False)
    assert abs(told - CHANCE) < 0.06


def test_sound_that_is_moved_is_told_wrong(alignment: Alignment) -> None:
    learn(alignment, belongs=True)
    frames, latents = pair(1000)
    _, told = alignment(frames, latents.roll(SHIFTS[-1], dims=1))
    assert float(told) < 0.05
