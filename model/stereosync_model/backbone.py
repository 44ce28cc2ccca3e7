"""Backbone: a causal transformer over latents that looks at the newest frame's cue tokens. Runs once per latent.

Its key-value window is state that goes in and comes out. Positions are distances (a learned bias per head, after
T5, arXiv 1910.10683), so that a window which slides needs no rotation and streaming equals offline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from stereosync_model.attention import CrossAttention, SelfAttention
from stereosync_model.config import GeneratorConfig, ModelConfig
from stereosync_model.layers import fourier

AGE_FREQUENCIES = (5.0, 10.0, 20.0, 40.0)
LOOKUP_REACH = 4  # forecast bins each side of the moment that is being made


class FrameTokens(NamedTuple):
    """What the backbone needs of the newest frame, for each latent (B, T, ...) or for one (B, 1, ...).

    keys and values: one (B, T, N, width) per cross layer; hidden (B, T, N): 1 where a token is absent;
    whole (B, T, D), characters (B, T, C, D), forecast (B, T, C, K) logits, present (B, T, C).
    """

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    absent: Tensor
    whole: Tensor
    characters: Tensor
    forecast: Tensor
    present: Tensor


class ForecastLookup(nn.Module):
    """Reads a contact forecast at the moment of a latent: age (B, T), forecast (B, T, C, K) -> (B, T, C, 2 R + 1)."""

    bins: Tensor  # (K,)
    reach: Tensor  # (2 R + 1,)

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.start_s, self.step_s = config.forecast_start_s, config.forecast_step_s
        self.register_buffer("bins", torch.arange(config.forecast_steps).float(), persistent=False)
        self.register_buffer("reach", torch.arange(-LOOKUP_REACH, LOOKUP_REACH + 1).float(), persistent=False)

    def forward(self, forecast: Tensor, age_s: Tensor) -> Tensor:
        place = (age_s.unsqueeze(-1) - self.start_s) / self.step_s + self.reach  # (B, T, R)
        weight = (1 - (place.unsqueeze(-1) - self.bins).abs()).clamp(min=0)  # (B, T, R, K): linear interpolation
        return torch.matmul(forecast.float().sigmoid(), weight.transpose(-1, -2))


class AlignedPath(nn.Module):
    """The direct way from the frame to this latent: each character's token, its forecast at this moment, the whole."""

    frequencies: Tensor  # (F,)

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.lookup = ForecastLookup(config)
        self.register_buffer("frequencies", torch.tensor(AGE_FREQUENCIES), persistent=False)
        ages = 2 * len(AGE_FREQUENCIES)
        inputs = config.token_dim + 2 * LOOKUP_REACH + 1 + ages
        self.character = nn.Sequential(
            nn.Linear(inputs, config.width), nn.GELU(), nn.Linear(config.width, config.width)
        )
        self.whole = nn.Linear(config.token_dim + ages, config.width)

    def forward(self, frame: FrameTokens, age_s: Tensor) -> Tensor:
        """age_s (B, T) -> (B, T, width)."""
        ages = fourier(age_s, self.frequencies)  # (B, T, A)
        seen = self.lookup(frame.forecast, age_s)  # (B, T, C, R)
        spread = ages.unsqueeze(2).expand(*seen.shape[:3], -1)
        parts = [frame.characters, seen.to(frame.characters.dtype), spread.to(frame.characters.dtype)]
        characters = self.character(torch.cat(parts, dim=-1)) * frame.present.unsqueeze(-1)
        aligned: Tensor = characters.sum(2) + self.whole(torch.cat([frame.whole, ages.to(frame.whole.dtype)], dim=-1))
        return aligned


class Layer(nn.Module):
    """Self-attention, optional cross-attention, feed-forward; each after its own norm."""

    def __init__(self, config: GeneratorConfig, cross: bool) -> None:
        super().__init__()
        self.self_norm, self.attention = nn.LayerNorm(config.width), SelfAttention(config)
        self.cross_norm = nn.LayerNorm(config.width) if cross else None
        self.cross = CrossAttention(config) if cross else None
        self.feed = nn.Sequential(
            nn.LayerNorm(config.width),
            nn.Linear(config.width, config.expansion * config.width),
            nn.GELU(),
            nn.Linear(config.expansion * config.width, config.width),
        )

    def look(self, x: Tensor, key: Tensor | None, value: Tensor | None, absent: Tensor) -> Tensor:
        """Cross-attention, where this layer has it, and feed-forward."""
        if self.cross is not None and self.cross_norm is not None and key is not None and value is not None:
            x = x + self.cross(self.cross_norm(x), key, value, absent)
        out: Tensor = x + self.feed(x)
        return out


class Backbone(nn.Module):
    """Previous latents and frames to the context of the next latent."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config.generator
        generator = config.generator
        self.latent = nn.Linear(config.codec.components, generator.width)
        self.aligned = AlignedPath(generator)
        self.layers = nn.ModuleList([Layer(generator, i in generator.cross_layers) for i in range(generator.layers)])
        self.cross_inputs = nn.ModuleList(
            [nn.Linear(generator.token_dim, 2 * generator.width, bias=False) for _ in generator.cross_layers]
        )
        self.norm = nn.LayerNorm(generator.width)

    @property
    def context_dim(self) -> int:
        return 2 * self.config.width

    def keys_values(self, tokens: Tensor) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """Tokens (..., D) -> keys and values (..., width), one per cross layer. Once per frame."""
        pairs = [layer(tokens).chunk(2, dim=-1) for layer in self.cross_inputs]
        return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)

    def _stack(self, frame: FrameTokens) -> Iterator[tuple[Layer, Tensor | None, Tensor | None]]:
        """Each layer with the keys and values that it looks at, where it does."""
        given = iter(zip(frame.keys, frame.values, strict=True))
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            yield layer, *(next(given) if i in self.config.cross_layers else (None, None))

    def forward(self, previous: Tensor, frame: FrameTokens, age_s: Tensor) -> Tensor:
        """previous (B, T, D): the latent before each; age_s (B, T) -> context (B, T, 2 * width)."""
        aligned = self.aligned(frame, age_s)
        x = self.latent(previous) + aligned
        for layer, key, value in self._stack(frame):
            x = x + layer.attention(layer.self_norm(x))
            x = layer.look(x, key, value, frame.absent)
        return torch.cat([self.norm(x), aligned], dim=-1)

    def initial(self, batch: int) -> tuple[Tensor, Tensor]:
        """Empty window: keys and values (B, L, 2, H, W, d), and which of its steps are filled (B, W)."""
        config = self.config
        shape = (batch, config.layers, 2, config.heads, config.window_latents, config.width // config.heads)
        return torch.zeros(shape), torch.zeros(batch, config.window_latents)

    def step(
        self, previous: Tensor, frame: FrameTokens, age_s: Tensor, window: Tensor, filled: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One latent: previous (B, D), age_s (B,) -> context (B, 2 * width), next window, next filled."""
        filled = torch.cat([filled[:, 1:], torch.ones_like(filled[:, :1])], dim=1)
        aligned = self.aligned(frame, age_s[:, None])
        x = self.latent(previous)[:, None] + aligned
        windows = []
        for i, (layer, key, value) in enumerate(self._stack(frame)):
            y, past = layer.attention.step(layer.self_norm(x), window[:, i], filled)
            x = layer.look(x + y, key, value, frame.absent)
            windows.append(past)
        return torch.cat([self.norm(x), aligned], dim=-1)[:, 0], torch.stack(windows, dim=1), filled
