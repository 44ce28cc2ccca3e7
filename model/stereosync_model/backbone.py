"""Backbone: a causal transformer over latents that looks at the newest frame's cue tokens. Runs once per latent.

Its first `cue_layers` see the cues alone, now and over the window; what the latent should be is regressed from them.
Only then does the model's own past come in, for what the cues leave open, or, where all layers are cue layers, not at
all: a model that sees its past learns to copy it, and what it copies when it lives on its past are its own mistakes.

Its key-value window is state that goes in and comes out. Positions are distances (a learned bias per head, after
T5, arXiv 1910.10683), so that a window which slides needs no rotation and streaming equals offline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from stereosync_model.attention import CrossAttention, SelfAttention
from stereosync_model.config import GeneratorConfig, ModelConfig
from stereosync_model.layers import fourier

AGE_FREQUENCIES = (5.0, 10.0, 20.0, 40.0)
LOOKUP_REACH = 4  # bins each side of the moment that is being made
PLACE_NUMBERS = 4  # azimuth, log distance and a log gain per ear, of each character
FULL_PAN_AZIMUTH_RAD, REFERENCE_DISTANCE_M, NEAREST_M = math.pi / 3, 2.0, 0.7  # as steps are placed in training
QUIETEST_PAN, POWER_FLOOR = 0.02, 1e-4


class FrameTokens(NamedTuple):
    """What the backbone needs of the newest frame, for each latent (B, T, ...) or for one (B, 1, ...).

    keys and values: one (B, T, N, width) per cross layer; hidden (B, T, N): 1 where a token is absent;
    whole (B, T, D), characters (B, T, C, D), placement (B, T, C, 4), present (B, T, C); contacts (B, T, C, K): 1 in the
    forecast's bin in which a foot comes down, its share in two bins where it does so in between.
    """

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    absent: Tensor
    whole: Tensor
    characters: Tensor
    contacts: Tensor
    placement: Tensor
    present: Tensor


class ContactLookup(nn.Module):
    """Reads contacts around the moment of a latent: contacts (B, T, C, K), age (B, T) -> (B, T, C, 2 R + 1)."""

    bins: Tensor  # (K,)
    reach: Tensor  # (2 R + 1,)

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.start_s, self.step_s = config.forecast_start_s, config.forecast_step_s
        self.register_buffer("bins", torch.arange(config.forecast_steps).float(), persistent=False)
        self.register_buffer("reach", torch.arange(-LOOKUP_REACH, LOOKUP_REACH + 1).float(), persistent=False)

    def forward(self, contacts: Tensor, age_s: Tensor) -> Tensor:
        place = (age_s.unsqueeze(-1) - self.start_s) / self.step_s + self.reach  # (B, T, R)
        weight = (1 - (place.unsqueeze(-1) - self.bins).abs()).clamp(min=0)  # (B, T, R, K): linear interpolation
        return torch.matmul(contacts.float(), weight.transpose(-1, -2))


class Excitation(nn.Module):
    """What the contacts to come would sound like at each ear: how loud, when, from where. No weights.

    Each character's contacts are weighted by the power that distance and constant-power panning leave of a step, at the
    place where the character will be at the age of the frame. Stable-V2A (arXiv 2412.15023) drives its network with the
    energy envelope of the sound; here the envelope is foreseen, and there is one per ear.
    """

    def forward(self, seen: Tensor, placement: Tensor, present: Tensor, age_s: Tensor) -> tuple[Tensor, Tensor]:
        """seen (B, T, C, R), placement (B, T, C, 4), present (B, T, C), age_s (B, T).

        Returns:
            Log power (B, T, 2 R), left then right; where each character is (B, T, C, 4): azimuth, log distance, log
            gains of the left and right ear.
        """
        azimuth, turn, distance, approach = placement.float().unbind(-1)  # (B, T, C)
        ahead_s = age_s.float().unsqueeze(-1)
        azimuth = azimuth + (turn * ahead_s).clamp(-0.5, 0.5)
        distance = (distance + (approach * ahead_s).clamp(-0.5, 0.5)).clamp(min=math.log(NEAREST_M))
        angle = ((azimuth / FULL_PAN_AZIMUTH_RAD).clamp(-1, 1) + 1) * (math.pi / 4)
        pan = torch.stack([angle.cos(), angle.sin()], dim=-1).clamp(min=QUIETEST_PAN)  # (B, T, C, 2)
        gain = pan.log() + (math.log(REFERENCE_DISTANCE_M) - distance).unsqueeze(-1)
        heard = (2 * gain).exp() * present.unsqueeze(-1)  # (B, T, C, 2)
        power = torch.matmul(heard.transpose(-1, -2), seen.float())  # (B, T, 2, R)
        place = torch.cat([torch.stack([azimuth, distance - 1], dim=-1), gain], dim=-1)
        return ((power + POWER_FLOOR).log() * 0.3 + 1).flatten(-2), place


class AlignedPath(nn.Module):
    """The direct way from the frame to this latent: each character's token, its contacts around now, the whole."""

    frequencies: Tensor  # (F,)

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.lookup, self.excitation = ContactLookup(config), Excitation()
        self.register_buffer("frequencies", torch.tensor(AGE_FREQUENCIES), persistent=False)
        ages, reach = 2 * len(AGE_FREQUENCIES), 2 * LOOKUP_REACH + 1
        self.character = nn.Sequential(
            nn.Linear(config.token_dim + reach + PLACE_NUMBERS + ages, config.width),
            nn.GELU(),
            nn.Linear(config.width, config.width),
        )
        self.whole = nn.Linear(config.token_dim + 2 * reach + ages, config.width)

    def forward(self, frame: FrameTokens, age_s: Tensor) -> Tensor:
        """age_s (B, T) -> (B, T, width)."""
        dtype = frame.whole.dtype
        ages = fourier(age_s, self.frequencies).to(dtype)  # (B, T, A)
        seen = self.lookup(frame.contacts, age_s)  # (B, T, C, R)
        power, place = self.excitation(seen, frame.placement, frame.present, age_s)
        spread = ages.unsqueeze(2).expand(*seen.shape[:3], -1)
        parts = [frame.characters, seen.to(dtype), place.to(dtype), spread]
        characters = self.character(torch.cat(parts, dim=-1)) * frame.present.unsqueeze(-1)
        aligned: Tensor = characters.sum(2) + self.whole(torch.cat([frame.whole, power.to(dtype), ages], dim=-1))
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
        self.norm, self.seen_norm = nn.LayerNorm(generator.width), nn.LayerNorm(generator.width)

    @property
    def context_dim(self) -> int:
        """Its first half knows cues and history, its second half cues alone."""
        return 2 * self.config.width

    @property
    def sees_history(self) -> bool:
        """Whether the latents before say anything about the next one."""
        return self.config.cue_layers < self.config.layers

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

    def forward(self, previous: Tensor, frame: FrameTokens, age_s: Tensor) -> tuple[Tensor, Tensor]:
        """previous (B, T, R): the latent before each; age_s (B, T) -> context (B, T, 2 * width), aligned features."""
        aligned = self.aligned(frame, age_s)
        x = seen = aligned
        for i, (layer, key, value) in enumerate(self._stack(frame)):
            if i == self.config.cue_layers:
                seen, x = x, x + self.latent(previous)
            x = x + layer.attention(layer.self_norm(x))
            x = layer.look(x, key, value, frame.absent)
        return self._context(x, seen), aligned

    def _context(self, x: Tensor, seen: Tensor) -> Tensor:
        return torch.cat([self.norm(x), self.seen_norm(seen if self.sees_history else x)], dim=-1)

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
        x = seen = self.aligned(frame, age_s[:, None])
        windows = []
        for i, (layer, key, value) in enumerate(self._stack(frame)):
            if i == self.config.cue_layers:
                seen, x = x, x + self.latent(previous)[:, None]
            y, past = layer.attention.step(layer.self_norm(x), window[:, i], filled)
            x = layer.look(x + y, key, value, frame.absent)
            windows.append(past)
        return self._context(x, seen)[:, 0], torch.stack(windows, dim=1), filled
