"""Attention of the backbone: over its own past within a window, and over one frame's tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import GeneratorConfig

HIDDEN = -1e4  # score of what may not be seen; finite, so that half precision can hold it


class SelfAttention(nn.Module):
    """Causal attention within the window. Offline it takes (B, T, W), live one step and the window's keys, values."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.heads, self.window = config.heads, config.window_latents
        self.inputs = nn.Linear(config.width, 3 * config.width, bias=False)
        self.output = nn.Linear(config.width, config.width, bias=False)
        self.bias = nn.Parameter(torch.zeros(config.heads, config.window_latents))  # by distance, 0 is the step itself

    def _split(self, x: Tensor) -> list[Tensor]:
        return [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.inputs(x).chunk(3, dim=-1)]

    def forward(self, x: Tensor) -> Tensor:
        """x (B, T, width), all steps at once from an empty window."""
        steps = x.shape[1]
        query, key, value = self._split(x)  # (B, H, T, d)
        distance = torch.arange(steps, device=x.device)
        distance = distance[:, None] - distance[None, :]
        seen = (distance >= 0) & (distance < self.window)
        bias = self.bias[:, distance.clamp(0, self.window - 1)].masked_fill(~seen, HIDDEN)
        seen_by = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype)[None])
        out: Tensor = self.output(seen_by.transpose(1, 2).flatten(2))
        return out

    def step(self, x: Tensor, window: Tensor, filled: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, 1, width), window (B, 2, H, W, d), filled (B, W) 1 where a step is -> output, next window."""
        query, key, value = self._split(x)
        newest = torch.stack([key, value], dim=1)  # (B, 2, H, 1, d)
        window = torch.cat([window[:, :, :, 1:], newest], dim=3)
        bias = self.bias.flip(-1)[None, :, None] + (1 - filled)[:, None, None] * HIDDEN  # (B, H, 1, W)
        out = nn.functional.scaled_dot_product_attention(query, window[:, 0], window[:, 1], attn_mask=bias)
        return self.output(out.transpose(1, 2).flatten(2)), window


class CrossAttention(nn.Module):
    """One latent looks at its frame's tokens."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.output = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, key: Tensor, value: Tensor, absent: Tensor) -> Tensor:
        """x (B, T, width), key and value (B, T, N, width), absent (B, T, N) -> (B, T, width)."""
        query = torch.unflatten(self.query(x), -1, (self.heads, 1, -1))  # (B, T, H, 1, d)
        key, value = (torch.unflatten(y, -1, (self.heads, -1)).transpose(2, 3) for y in (key, value))  # (B, T, H, N, d)
        scores = (query @ key.transpose(-1, -2)) * query.shape[-1] ** -0.5 + absent[:, :, None, None] * HIDDEN
        out: Tensor = self.output((scores.softmax(-1).to(value.dtype) @ value).flatten(2))
        return out
