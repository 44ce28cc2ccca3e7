"""Second stage of the generator: latents from frames, the cue encoder trained along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.backbone import FrameTokens
from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator, absent
from stereosync_training.forecast_stage import (
    GROUND_WEIGHT,
    CueHeads,
    forecast_loss,
    ground_loss,
    picture_of_characters,
    to_device,
)
from stereosync_training.mean_flow import mean_flow_loss
from stereosync_training.walk_data import Batch, WalkData

FORECAST_WEIGHT, PAN_WEIGHT = 0.5, 4.0
MEAN_SHARE, MEAN_FROM = 0.35, 0.3  # of the rows, and from this part of the run on
HISTORY_NOISE, DROPPED_LATENTS, NO_HISTORY_SHARE = (0.3, 1.3), 0.3, 0.3


class GeneratorModule(nn.Module):
    """The generator and the heads that only training has."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.generator = Generator(config)
        self.heads = CueHeads(config)
        self.heads.encoder = self.generator.cue_encoder


def frames_of(generator: Generator, batch: Batch) -> tuple[FrameTokens, Tensor, Tensor, Tensor]:
    """Tokens of the newest frame for every latent; also the character tokens, forecasts and whole-picture tokens."""
    regions, whole = generator.cue_encoder.picture(batch.pictures)
    token, forecast = generator.cue_encoder.characters(batch.crops, batch.numbers, batch.tracks)
    nobody = torch.zeros_like(token[:1])
    picture_keys, picture_values = generator.backbone.keys_values(torch.cat([regions, whole[:, None]], dim=1))
    padded = torch.cat([token, nobody])
    person_keys, person_values = generator.backbone.keys_values(padded)

    def spread(pictures: tuple[Tensor, ...], people: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(
            torch.cat([picture[batch.picture_of], person[batch.character_of]], dim=2)
            for picture, person in zip(pictures, people, strict=True)
        )

    tokens = regions.shape[1] + 1 + batch.present.shape[2]
    frame = FrameTokens(
        keys=spread(picture_keys, person_keys),
        values=spread(picture_values, person_values),
        absent=absent(batch.present, tokens),
        whole=whole[batch.picture_of],
        characters=padded[batch.character_of],
        forecast=torch.cat([forecast, torch.zeros_like(forecast[:1])])[batch.character_of],
        present=batch.present,
    )
    return frame, token, forecast, whole


def pan_importance(latents: Tensor) -> Tensor:
    """How much each number counts (R,): more where it says left or right. latents (clips, 2, T, R), plain and swapped.

    One number in eight holds the pan; the share of its variance that turns over with left and right tells which.
    """
    turned = ((latents[:, 0] - latents[:, 1]) / 2).square().mean((0, 1))
    return 1 + PAN_WEIGHT * (turned / latents.var((0, 1, 2))).clamp(0, 1)


def disturbed_history(latents: Tensor, random: torch.Generator) -> Tensor:
    """The latents before each step (B, T, D) under heavy noise, or left out altogether.

    Neighbouring latents are so alike that a model with a clean history copies it and never looks at the picture; on its
    own history it then wanders. Noise of the size that the runtime adds too (`Bundle.history_noise`) makes the cues
    worth more than the copy, and clips without a history teach what the cues say alone.
    """
    batch, steps, _ = latents.shape
    device = latents.device
    least, most = HISTORY_NOISE
    level = least + (most - least) * torch.rand(batch, 1, 1, generator=random).to(device)
    noisy = latents + level * torch.randn(latents.shape, generator=random).to(device)
    share = DROPPED_LATENTS * torch.rand(batch, 1, 1, generator=random).to(device)
    dropped = torch.rand(batch, steps, 1, generator=random).to(device) < share
    forgotten = torch.rand(batch, 1, 1, generator=random).to(device) < NO_HISTORY_SHARE
    return noisy.masked_fill(dropped | forgotten, 0.0)


class GeneratorStage:
    """Latents of the codec under the cues of older frames."""

    name = "generator"

    def __init__(
        self,
        config: ModelConfig,
        data: WalkData,
        batch: int,
        total_steps: int,
        excerpt_latents: int = 200,
        device: str = "cpu",
    ) -> None:
        self.config, self.data, self.batch, self.total_steps = config, data, batch, total_steps
        self.excerpt_latents, self.device = excerpt_latents, device
        self.module = GeneratorModule(config).to(device)
        self.importance = None if data.latents is None else pan_importance(data.latents).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        longest_lead_s = self.config.generator.max_lead_s
        batch = to_device(self.data.batch(self.batch, self.excerpt_latents, random, longest_lead_s), self.device)
        frame, token, forecast, whole = frames_of(self.module.generator, batch)
        previous = disturbed_history(batch.latents[:, :-1], random)
        context = self.module.generator.backbone(previous, frame, batch.ages_s)
        share = MEAN_SHARE if step >= MEAN_FROM * self.total_steps else 0.0
        order = torch.randperm(context.shape[0] * context.shape[1], generator=random).to(self.device)
        rows, targets = context.float().flatten(0, 1)[order], batch.latents[:, 1:].flatten(0, 1)[order]
        head = self.module.generator.flow_head
        flow, plain = mean_flow_loss(head, targets, rows, share, random, self.importance)
        contact = forecast_loss(forecast, batch.contacts)
        ground, right = ground_loss(self.module.heads, token, whole[picture_of_characters(batch)], batch.grounds)
        loss = flow + FORECAST_WEIGHT * (contact + GROUND_WEIGHT * ground)
        metrics = {"flow": flow.item(), "plain": plain.item(), "contact": contact.item(), "ground_right": right.item()}
        return loss, metrics

    @torch.no_grad()
    def picture(self, path: Path) -> None:
        """Latents of one excerpt, true above, sampled on their own history below."""
        from matplotlib.figure import Figure

        batch = self.data.batch(1, self.excerpt_latents, torch.Generator().manual_seed(3), 0.1)
        made = self.roll_out(to_device(batch, self.device), torch.Generator().manual_seed(4))
        figure = Figure(figsize=(12, 6), layout="constrained")
        for axis, latents in zip(figure.subplots(2), (batch.latents[0, 1:], made[0].cpu()), strict=True):
            axis.imshow(latents.T.numpy(), aspect="auto", vmin=-3, vmax=3, cmap="RdBu")
        figure.savefig(path, dpi=70)

    @torch.no_grad()
    def roll_out(self, batch: Batch, random: torch.Generator, steps: int = 2) -> Tensor:
        """Latents (B, T, D) sampled one after the other, each on those before it."""
        generator = self.module.generator
        frame, *_ = frames_of(generator, batch)
        window, filled = (state.to(self.device) for state in generator.backbone.initial(len(batch.latents)))
        previous, made = torch.zeros_like(batch.latents[:, 0]), []
        for i in range(batch.ages_s.shape[1]):
            now, age_s = _at(frame, i), batch.ages_s[:, i]
            level = self.config.generator.history_noise
            blurred = previous + level * torch.randn(previous.shape, generator=random).to(self.device)
            context, window, filled = generator.backbone.step(blurred, now, age_s, window, filled)
            noise = torch.randn(previous.shape, generator=random).to(self.device)
            previous = sample(_velocity(generator, context), noise, SCHEDULES[steps])
            made.append(previous)
        return torch.stack(made, dim=1)


def _at(frame: FrameTokens, step: int) -> FrameTokens:
    """What one latent sees, with a step axis of 1."""
    now = slice(step, step + 1)
    return FrameTokens(
        keys=tuple(key[:, now] for key in frame.keys),
        values=tuple(value[:, now] for value in frame.values),
        absent=frame.absent[:, now],
        whole=frame.whole[:, now],
        characters=frame.characters[:, now],
        forecast=frame.forecast[:, now],
        present=frame.present[:, now],
    )


def _velocity(generator: Generator, context: Tensor) -> Callable[[Tensor, float, float], Tensor]:
    def velocity(z: Tensor, r: float, t: float) -> Tensor:
        made: Tensor = generator.flow_head(z, z.new_full((len(z),), r), z.new_full((len(z),), t), context)
        return made

    return velocity
