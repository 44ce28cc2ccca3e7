"""Sampling of latents on their own history, as the live path does it, for many excerpts at once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.backbone import FrameTokens
from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator
from stereosync_training.excerpts import Batch, frames_of


@torch.no_grad()
def roll_out(
    generator: Generator,
    batch: Batch,
    config: ModelConfig,
    random: torch.Generator,
    steps: int = 2,
    clean: bool = False,
) -> Tensor:
    """Latents sampled one after the other, each on those before it: (B, T, R).

    Returns the history as the backbone saw it, one latent behind and under noise, or with `clean` the latents
    themselves.
    """
    frame = frames_of(generator, batch)
    window, filled = (state.to(batch.latents.device) for state in generator.backbone.initial(len(batch.latents)))
    latent, made, seen = torch.zeros_like(batch.latents[:, 0]), [], []
    level = config.generator.history_noise
    for i in range(batch.ages_s.shape[1]):
        blurred = latent + level * torch.randn(latent.shape, generator=random).to(latent.device)
        context, window, filled = generator.backbone.step(blurred, at(frame, i), batch.ages_s[:, i], window, filled)
        noise = torch.randn(latent.shape, generator=random).to(latent.device)
        start = config.generator.sampler_noise * noise
        latent = sample(velocity_of(generator, context), start, SCHEDULES[steps])
        made.append(latent)
        seen.append(blurred)
    return torch.stack(made if clean else seen, dim=1)


def at(frame: FrameTokens, step: int) -> FrameTokens:
    """What one latent sees, with a step axis of 1."""
    now = slice(step, step + 1)
    return FrameTokens(
        keys=tuple(key[:, now] for key in frame.keys),
        values=tuple(value[:, now] for value in frame.values),
        absent=frame.absent[:, now],
        whole=frame.whole[:, now],
        characters=frame.characters[:, now],
        contacts=frame.contacts[:, now],
        placement=frame.placement[:, now],
        present=frame.present[:, now],
    )


def velocity_of(generator: Generator, context: Tensor) -> Callable[[Tensor, float, float], Tensor]:
    """The flow head under one context, as the sampler takes it."""

    def velocity(z: Tensor, r: float, t: float) -> Tensor:
        made: Tensor = generator.flow_head(z, z.new_full((len(z),), r), z.new_full((len(z),), t), context)
        return made

    return velocity
