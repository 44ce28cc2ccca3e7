"""Energy score: what the sampler makes is compared as sound, over the length of a step, with what was recorded.

A flow's loss judges one latent and one velocity at a time. What makes gravel gravel is how a step goes on over 0.3 s,
after the two steps and the noise with memory that the live path has. So two sounds are sampled as it samples them, and
E|x - y| - E|x - x'| / 2, with y the truth, is made small: a strictly proper score (Gneiting and Raftery, "Strictly
Proper Scoring Rules", 2007, section 4.2), which asks for the right sound and the right variety alike. For sounds: the
generalised energy distance of spectra, Gritsenko et al., arXiv 2008.01160, equation 3.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator

SECTIONS = (1, 1, 2, 4, 8)  # latents of a window that are taken together, 0.32 s in all, as a step dies away
WINDOW_EVERY = 2  # latents
SMALLEST = 1e-6  # of a squared distance: its root needs a slope
STEPS = 2


def lasting_noise(shares: Tensor, config: ModelConfig, shape: tuple[int, int, int], random: torch.Generator) -> Tensor:
    """Unit noise (B, T, R) whose shares (M, R) last for `noise_memory_s`, as the live path draws it."""
    batch, steps, _ = shape
    seconds = torch.tensor(config.generator.noise_memory_s)
    keep = (-config.clock.latent_s / seconds).exp()[:, None, None]  # (M, 1, 1)
    fresh = torch.randn(steps, len(seconds), batch, shape[2], generator=random)
    part, parts = fresh[0], [fresh[0]]
    for drawn in fresh[1:]:
        part = keep * part + (1 - keep.square()).sqrt() * drawn
        parts.append(part)
    lasting = (shares.cpu().sqrt()[:, None] * torch.stack(parts)).sum(1)  # (T, B, R)
    white = (1 - shares.cpu().sum(0)).clamp(min=0).sqrt() * torch.randn(shape, generator=random)
    return lasting.transpose(0, 1) + white


def sampled(generator: Generator, context: Tensor, random: torch.Generator) -> Tensor:
    """Latents (B, T, R) for contexts (B, T, 2 * width) as the live path samples them, with slopes."""
    batch, steps, _ = context.shape
    config = generator.config
    head, rows = generator.flow_head, context.flatten(0, 1)
    shape = (batch, steps, config.codec.components)
    noise = config.generator.sampler_noise * lasting_noise(generator.noise_shares, config, shape, random)

    def velocity(z: Tensor, r: float, t: float) -> Tensor:
        made: Tensor = head(z, z.new_full((len(z),), r), z.new_full((len(z),), t), rows)
        return made.float()

    return sample(velocity, noise.to(context.device).flatten(0, 1), SCHEDULES[STEPS]).reshape(shape)


def windows(latents: Tensor) -> Tensor:
    """Means over the sections that follow every second latent: (B, T, R) -> (B, W, sections * R)."""
    length = sum(SECTIONS)
    around = latents.unfold(1, length, WINDOW_EVERY)  # (B, W, R, length)
    return torch.cat([part.mean(-1) for part in torch.split(around, list(SECTIONS), dim=-1)], dim=-1)


def energy_score(one: Tensor, two: Tensor, true: Tensor) -> Tensor:
    """Energy score of the two samples (..., D) of each truth (..., D): mean, in units of one component."""
    score = (_distance(one, true) + _distance(two, true) - _distance(one, two)) / 2
    return score.mean() / math.sqrt(true.shape[-1])


def _distance(one: Tensor, two: Tensor) -> Tensor:
    return ((one - two).square().sum(-1) + SMALLEST).sqrt()


def energy_loss(
    generator: Generator, context: Tensor, latents: Tensor, importance: Tensor, random: torch.Generator
) -> Tensor:
    """Energy score of single latents and of windows. context (B, T, 2 * width), latents (B, T, R), importance (R,)."""
    made = sampled(generator, torch.cat([context, context]), random)
    scale = importance.sqrt()
    one, two = (made * scale).chunk(2)
    true = latents * scale
    over_windows = energy_score(*(windows(part) for part in (one, two, true)))
    return energy_score(one, two, true) + over_windows
