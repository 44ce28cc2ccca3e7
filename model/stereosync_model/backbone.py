"""Backbone: a causal transformer over latents that looks at what is known of the newest frame. Runs once per latent.

What is known are a few named, bounded arrays (`FrameArrays`), each seen by the cue encoder or told by the engine: when
feet come down, how hard, on what, where the characters are, what the place and its room are. Nothing else of the
picture reaches the sound: what is told replaces what is seen, and a wrong sound can be traced to the array behind it.

It has no past of its own latents: a model that sees its past learns to copy it, and what it copies when it lives on its
past are its own mistakes. Its key-value window over what was known is state that goes in and comes out. Positions are
distances (a learned bias per head, after T5, arXiv 1910.10683), so that a window which slides needs no rotation and
streaming equals offline.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.attention import CrossAttention, SelfAttention
from stereosync_model.config import GeneratorConfig, ModelConfig
from stereosync_model.layers import fourier

AGE_FREQUENCIES = (5.0, 10.0, 20.0, 40.0)
LOOKUP_REACH = 4  # bins each side of the moment that is being made
PLACE_NUMBERS = 4  # azimuth, log distance and a log gain per ear, of each character
ROOM_NUMBERS = 2
LOUDEST_OCTAVES = 2.0
FULL_PAN_AZIMUTH_RAD, REFERENCE_DISTANCE_M, NEAREST_M = math.pi / 3, 2.0, 0.7  # as steps are placed in training
QUIETEST_PAN, POWER_FLOOR = 0.02, 1e-4


class FrameArrays(NamedTuple):
    """The known arrays of the newest frame, for each latent (B, T, ...) or for one (B, 1, ...).

    contacts (B, T, C, K): 1 in the forecast's bin in which a foot comes down, its share in two bins where it does so in
    between; grounds (B, T, C, G): chances of `GROUNDS`, all zero where nothing is known; force (B, T, C, 1): octaves, 0
    an ordinary step; place (B, T, P + 1): chances of `PLACES`, all zero in a quiet place, then the amount, 0 to 1; room
    (B, T, 2): log(1 + size in metres) and hardness; placement (B, T, C, 4) azimuth, log distance and their rates;
    present (B, T, C).
    """

    contacts: Tensor
    grounds: Tensor
    force: Tensor
    place: Tensor
    room: Tensor
    placement: Tensor
    present: Tensor


class ArrayTokens(nn.Module):
    """Tokens of what is known: one per character (B, T, C, D) and one for the place and its room (B, T, D)."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        dim = config.token_dim
        self.character = _two_layers(len(GROUNDS) + 1 + PLACE_NUMBERS, dim)
        self.scene = _two_layers(len(PLACES) + 1 + ROOM_NUMBERS, dim)

    def forward(self, arrays: FrameArrays) -> tuple[Tensor, Tensor]:
        characters = self.character(torch.cat([arrays.grounds, arrays.force, arrays.placement], dim=-1))
        return characters, self.scene(torch.cat([arrays.place, arrays.room], dim=-1))


def _two_layers(numbers: int, dim: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(numbers, dim), nn.GELU(), nn.Linear(dim, dim))


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
    """The loudness of the contacts to come at each ear, around the latent's moment. No weights.

    Each character's contacts are weighted by their force, and by the power that distance and constant-power panning
    leave of a step at the place where the character will be at the age of the frame. Stable-V2A (arXiv 2412.15023)
    drives its network with the energy envelope of the sound; here the envelope is foreseen, and there is one per ear.
    """

    def forward(self, seen: Tensor, arrays: FrameArrays, age_s: Tensor) -> tuple[Tensor, Tensor]:
        """seen (B, T, C, R), arrays (B, T, ...), age_s (B, T).

        Returns:
            Log power (B, T, 2 R), left then right; where each character is (B, T, C, 4): azimuth, log distance, log
            gains of the left and right ear.
        """
        azimuth, turn, distance, approach = arrays.placement.float().unbind(-1)  # (B, T, C)
        ahead_s = age_s.float().unsqueeze(-1)
        azimuth = azimuth + (turn * ahead_s).clamp(-0.5, 0.5)
        distance = (distance + (approach * ahead_s).clamp(-0.5, 0.5)).clamp(min=math.log(NEAREST_M))
        angle = ((azimuth / FULL_PAN_AZIMUTH_RAD).clamp(-1, 1) + 1) * (math.pi / 4)
        pan = torch.stack([angle.cos(), angle.sin()], dim=-1).clamp(min=QUIETEST_PAN)  # (B, T, C, 2)
        gain = pan.log() + (math.log(REFERENCE_DISTANCE_M) - distance).unsqueeze(-1)
        force = 2 ** (2 * arrays.force.float().clamp(-LOUDEST_OCTAVES, LOUDEST_OCTAVES))  # (B, T, C, 1), of power
        heard = (2 * gain).exp() * force * arrays.present.unsqueeze(-1)  # (B, T, C, 2)
        power = torch.matmul(heard.transpose(-1, -2), seen.float())  # (B, T, 2, R)
        place = torch.cat([torch.stack([azimuth, distance - 1], dim=-1), gain], dim=-1)
        return ((power + POWER_FLOOR).log() * 0.3 + 1).flatten(-2), place


class AlignedPath(nn.Module):
    """The direct way from what is known to this latent: characters' tokens, their contacts around now, the scene's."""

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

    def forward(self, arrays: FrameArrays, characters: Tensor, scene: Tensor, age_s: Tensor) -> Tensor:
        """characters (B, T, C, D), scene (B, T, D), age_s (B, T) -> (B, T, width)."""
        dtype = scene.dtype
        ages = fourier(age_s, self.frequencies).to(dtype)  # (B, T, A)
        seen = self.lookup(arrays.contacts, age_s)  # (B, T, C, R)
        power, place = self.excitation(seen, arrays, age_s)
        spread = ages.unsqueeze(2).expand(*seen.shape[:3], -1)
        parts = [characters, seen.to(dtype), place.to(dtype), spread]
        every = self.character(torch.cat(parts, dim=-1)) * arrays.present.unsqueeze(-1)
        aligned: Tensor = every.sum(2) + self.whole(torch.cat([scene, power.to(dtype), ages], dim=-1))
        return aligned


class Known(NamedTuple):
    """Keys and values (B, T, N, width) of the tokens that a layer looks at, None where it looks at none; absent
    (B, T, N): 1 where there is no such token."""

    key: Tensor | None
    value: Tensor | None
    absent: Tensor


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

    def look(self, x: Tensor, known: Known) -> Tensor:
        """Cross-attention, where this layer has it, and feed-forward."""
        if self.cross is not None and self.cross_norm is not None and known.key is not None and known.value is not None:
            x = x + self.cross(self.cross_norm(x), known.key, known.value, known.absent)
        out: Tensor = x + self.feed(x)
        return out


class Backbone(nn.Module):
    """Known arrays (B, T, ...) to the context of the next latent (B, T, 2 * width)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config.generator
        generator = config.generator
        self.tokens, self.aligned = ArrayTokens(generator), AlignedPath(generator)
        self.layers = nn.ModuleList([Layer(generator, i in generator.cross_layers) for i in range(generator.layers)])
        self.cross_inputs = nn.ModuleList(
            [nn.Linear(generator.token_dim, 2 * generator.width, bias=False) for _ in generator.cross_layers]
        )
        self.norm, self.seen_norm = nn.LayerNorm(generator.width), nn.LayerNorm(generator.width)

    @property
    def context_dim(self) -> int:
        """Length of the context: the first half is the sampler's, from the second the expected latent is regressed."""
        return 2 * self.config.width

    def _read(self, arrays: FrameArrays, age_s: Tensor) -> tuple[Tensor, list[tuple[Layer, Known]]]:
        """Aligned features (B, T, width), and each layer with what it looks at."""
        characters, scene = self.tokens(arrays)
        every = torch.cat([scene.unsqueeze(2), characters], dim=2)  # (B, T, 1 + C, D)
        absent = nn.functional.pad(1 - arrays.present, (1, 0))
        known = [Known(None, None, absent)] * self.config.layers
        for layer, look in zip(self.config.cross_layers, self.cross_inputs, strict=True):
            key, value = look(every).chunk(2, dim=-1)
            known[layer] = Known(key, value, absent)
        layers = [layer for layer in self.layers if isinstance(layer, Layer)]
        return self.aligned(arrays, characters, scene, age_s), list(zip(layers, known, strict=True))

    def forward(self, arrays: FrameArrays, age_s: Tensor) -> tuple[Tensor, Tensor]:
        """arrays and age_s (B, T, ...) -> context (B, T, 2 * width), aligned features (B, T, width)."""
        aligned, layers = self._read(arrays, age_s)
        x = aligned
        for layer, known in layers:
            x = layer.look(x + layer.attention(layer.self_norm(x)), known)
        return self._context(x), aligned

    def _context(self, x: Tensor) -> Tensor:
        return torch.cat([self.norm(x), self.seen_norm(x)], dim=-1)

    def initial(self, batch: int) -> tuple[Tensor, Tensor]:
        """Empty window: keys and values (B, L, 2, H, W, d), and which of its steps are filled (B, W)."""
        config = self.config
        shape = (batch, config.layers, 2, config.heads, config.window_latents, config.width // config.heads)
        return torch.zeros(shape), torch.zeros(batch, config.window_latents)

    def step(self, arrays: FrameArrays, age_s: Tensor, window: Tensor, filled: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One latent: arrays (B, 1, ...), age_s (B,) -> context (B, 2 * width), next window, next filled."""
        filled = torch.cat([filled[:, 1:], torch.ones_like(filled[:, :1])], dim=1)
        x, layers = self._read(arrays, age_s[:, None])
        windows = []
        for i, (layer, known) in enumerate(layers):
            y, past = layer.attention.step(layer.self_norm(x), window[:, i], filled)
            x = layer.look(x + y, known)
            windows.append(past)
        return self._context(x)[:, 0], torch.stack(windows, dim=1), filled
