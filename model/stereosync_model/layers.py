"""Streaming layers over sequences (B, T, C). Each takes its history and returns the next, offline and live alike."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class CausalDepthwiseConv(nn.Module):
    """Depthwise convolution that sees `kernel - 1` steps of the past, as a sum of shifted products.

    The sum keeps channels last, where a CPU's matrix units want them, and exports to plain products.
    """

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.history_steps = kernel - 1
        self.weight = nn.Parameter(torch.randn(kernel, channels) * kernel**-0.5)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, history: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, C), history (B, kernel - 1, C) -> output (B, T, C), next history."""
        steps = x.shape[1]
        full = torch.cat([history, x], dim=1)  # (B, kernel - 1 + T, C)
        out = self.bias + sum(full[:, k : k + steps] * weight for k, weight in enumerate(self.weight.unbind(0)))
        return out, full[:, steps:]


class ConvBlock(nn.Module):
    """ConvNeXt block (Liu et al., arXiv 2201.03545) with a causal convolution."""

    def __init__(self, channels: int, kernel: int, expansion: int) -> None:
        super().__init__()
        self.conv = CausalDepthwiseConv(channels, kernel)
        self.norm = nn.LayerNorm(channels)
        self.expand = nn.Linear(channels, channels * expansion)
        self.shrink = nn.Linear(channels * expansion, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.3))

    def forward(self, x: Tensor, history: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, C) -> (B, T, C), with the convolution's history carried along."""
        y, history = self.conv(x, history)
        y = self.shrink(nn.functional.gelu(self.expand(self.norm(y))))
        return x + self.scale * y, history


class ConvStack(nn.Module):
    """Several blocks; their histories travel as one tensor (B, blocks, kernel - 1, C)."""

    def __init__(self, channels: int, kernel: int, expansion: int, blocks: int) -> None:
        super().__init__()
        self.history_shape = (blocks, kernel - 1, channels)
        self.blocks = nn.ModuleList([ConvBlock(channels, kernel, expansion) for _ in range(blocks)])

    def initial(self, batch: int) -> Tensor:
        return torch.zeros(batch, *self.history_shape)

    def forward(self, x: Tensor, history: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, T, C), history (B, blocks, kernel - 1, C) -> output (B, T, C), next history."""
        histories = []
        for block, past in zip(self.blocks, history.unbind(1), strict=True):
            x, past = block(x, past)
            histories.append(past)
        return x, torch.stack(histories, dim=1)


def fourier(value: Tensor, frequencies: Tensor) -> Tensor:
    """Sine and cosine features of `value` (...) at angular `frequencies` (F,): (..., 2 F)."""
    angle = value.unsqueeze(-1) * frequencies
    return torch.cat([angle.sin(), angle.cos()], dim=-1)
