"""Convolutions: pieces equal the whole, and the future changes nothing before it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from stereosync_model.layers import CausalDepthwiseConv, ConvStack, fourier

BATCH, STEPS, CHANNELS, KERNEL = 2, 12, 6, 5
CUTS = [[12], [5, 7], [3, 1, 8], [1] * 12]


@pytest.fixture(params=["conv", "stack"])
def layer(request: pytest.FixtureRequest) -> nn.Module:
    torch.manual_seed(0)
    conv, stack = CausalDepthwiseConv(CHANNELS, KERNEL), ConvStack(CHANNELS, KERNEL, expansion=2, blocks=3)
    chosen: nn.Module = conv if request.param == "conv" else stack
    return chosen.requires_grad_(False)


def start(layer: nn.Module) -> Tensor:
    """A history that is not silent, so that it counts."""
    shape = layer.history_shape if isinstance(layer, ConvStack) else (KERNEL - 1, CHANNELS)
    return torch.randn(BATCH, *shape, generator=torch.Generator().manual_seed(1))


def sequence(seed: int = 2) -> Tensor:
    return torch.randn(BATCH, STEPS, CHANNELS, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_pieces_equal_the_whole(layer: nn.Module, cuts: list[int]) -> None:
    whole, last = layer(sequence(), start(layer))
    history, pieces = start(layer), []
    for piece in sequence().split(cuts, dim=1):
        made, history = layer(piece, history)
        pieces.append(made)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole)
    torch.testing.assert_close(history, last)


@pytest.mark.parametrize("now", [1, 6, 11])
def test_the_future_changes_nothing_before_it(layer: nn.Module, now: int) -> None:
    changed = sequence()
    changed[:, now:] = sequence(seed=3)[:, now:]
    made, other = layer(sequence(), start(layer))[0], layer(changed, start(layer))[0]
    torch.testing.assert_close(other[:, :now], made[:, :now])
    assert (other[:, now] - made[:, now]).abs().min() > 0


def test_the_past_is_heard_for_as_long_as_the_kernel(layer: nn.Module) -> None:
    changed = sequence()
    changed[:, 0] += 1
    difference = (layer(changed, start(layer))[0] - layer(sequence(), start(layer))[0]).abs().amax((0, 2))
    assert difference[KERNEL - 1] > 1e-4
    if isinstance(layer, CausalDepthwiseConv):
        assert not difference[KERNEL:].any()


def test_a_convolution_is_the_textbook_one() -> None:
    conv = CausalDepthwiseConv(CHANNELS, KERNEL).requires_grad_(False)
    made, _ = conv(sequence(), torch.zeros(BATCH, KERNEL - 1, CHANNELS))
    padded = nn.functional.pad(sequence().transpose(1, 2), (KERNEL - 1, 0))
    expected = nn.functional.conv1d(padded, conv.weight.t()[:, None], conv.bias, groups=CHANNELS)
    torch.testing.assert_close(made, expected.transpose(1, 2))


def test_fourier_features_turn_at_their_frequencies() -> None:
    made = fourier(torch.tensor([[0.5]]), torch.tensor([torch.pi, 2 * torch.pi]))
    torch.testing.assert_close(made, torch.tensor([[[1.0, 0.0, 0.0, -1.0]]]), atol=1e-6, rtol=0)
