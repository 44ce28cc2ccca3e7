"""Third stage: the generator learns latents from what is known of frames that are older than they are."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync.sampler import SCHEDULES, sample
from stereosync.writing import whole_file
from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator
from stereosync_model.patches import Patches
from stereosync_training.data.excerpts import draw_batch
from stereosync_training.data.known_data import KnownData
from stereosync_training.stages.alignment import Alignment
from stereosync_training.stages.mean_flow import mean_flow_loss

ALIGNMENT_WEIGHT, SPREAD_WEIGHT = 0.05, 0.1
DIFFERENCE_WEIGHT, LIKELIEST_WEIGHT = 8.0, 8.0
MEAN_SHARE, MEAN_FROM = 0.35, 0.3  # of the rows, and from this part of the run on


class GeneratorModule(nn.Module):
    """The generator and what only training has. The cue encoder stands still."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.generator = Generator(config)
        self.alignment = Alignment(config)
        self.generator.cue_encoder.requires_grad_(False)


def importance(patches: Patches) -> Tensor:
    """Weight (R,) of each component, 1 in the mean: as much as it moves the spectrum, those of the difference more."""
    std = patches.std / patches.std.mean()
    weight = std.clamp(0.3, LIKELIEST_WEIGHT)
    weight[patches.codec.sum_components :] *= DIFFERENCE_WEIGHT
    return weight / weight.mean()


def spread_loss(log_spread: Tensor, square: Tensor) -> Tensor:
    """Negative log-likelihood of squared errors (B, R) under Gaussians of these log deviations, less its constant."""
    return (log_spread + 0.5 * square * (-2 * log_spread).exp()).mean()


class GeneratorStage:
    """Latents of the codec under what is known of older frames."""

    name = "generator"

    def __init__(
        self,
        config: ModelConfig,
        data: KnownData,
        patches: Patches,
        batch: int,
        total_steps: int,
        excerpt_latents: int = 150,
        device: str = "cpu",
        grown: bool = False,
    ) -> None:
        """`grown`: the weights that it begins with were trained before, so that few-step sampling is there at once."""
        self.config, self.data, self.batch, self.total_steps = config, data, batch, total_steps
        self.few_steps_from = 0 if grown else MEAN_FROM * total_steps
        self.excerpt_latents, self.device = excerpt_latents, device
        self.module = GeneratorModule(config).to(device)
        self.importance = importance(patches).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        longest_lead_s = self.config.generator.max_lead_s
        batch = draw_batch(self.data, self.batch, self.excerpt_latents, random, longest_lead_s, self.device)
        generator = self.module.generator
        context, aligned = generator.backbone(batch.arrays(), batch.ages_s)
        share = MEAN_SHARE if step >= self.few_steps_from else 0.0
        order = torch.randperm(context.shape[0] * context.shape[1], generator=random).to(self.device)
        rows, wanted = context.float().flatten(0, 1)[order], batch.latents.flatten(0, 1)[order]
        flow, plain = mean_flow_loss(generator.flow_head, wanted, rows, share, random, self.importance)
        off = (generator.flow_head.expected(rows) - wanted).square()
        expected = (off * self.importance).mean()
        spread = spread_loss(generator.flow_head.log_spread(rows), off.detach())
        contrast, told = self.module.alignment(aligned, batch.latents)
        metrics = {
            "flow": flow,
            "plain": plain,
            "expected": expected,
            "spread": spread,
            "contrast": contrast,
            "told_right": told,
        }
        loss = flow + expected + SPREAD_WEIGHT * spread + ALIGNMENT_WEIGHT * contrast
        return loss, {name: value.item() for name, value in metrics.items()}

    @torch.no_grad()
    def picture(self, path: Path) -> None:
        """Latents of one excerpt, true above, sampled in two steps below."""
        from matplotlib.figure import Figure

        random = torch.Generator().manual_seed(3)
        batch = draw_batch(self.data, 1, self.excerpt_latents, random, 0.1, self.device)
        generator = self.module.generator
        context, _ = generator.backbone(batch.arrays(), batch.ages_s)
        start = self.config.generator.sampler_noise * torch.randn(batch.latents[0].shape, generator=random)

        def velocity(z: Tensor, r: float, t: float) -> Tensor:
            made: Tensor = generator.flow_head(z, z.new_full((len(z),), r), z.new_full((len(z),), t), context[0])
            return made

        made = sample(velocity, start.to(self.device), SCHEDULES[2])
        figure = Figure(figsize=(12, 6), layout="constrained")
        for axis, latents in zip(figure.subplots(2), (batch.latents[0], made), strict=True):
            axis.imshow(latents.T.cpu().numpy(), aspect="auto", vmin=-3, vmax=3, cmap="RdBu")
        with whole_file(path) as part:
            figure.savefig(part, dpi=70)
