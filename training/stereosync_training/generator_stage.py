"""Second stage of the generator: latents from the tokens of frames, which the forecast stage learned to make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator
from stereosync_model.patches import Patches
from stereosync_training.alignment import Alignment
from stereosync_training.excerpts import Batch, draw_batch, frames_of
from stereosync_training.mean_flow import mean_flow_loss
from stereosync_training.roll_out import roll_out
from stereosync_training.tokens import TokenData

ALIGNMENT_WEIGHT, SPREAD_WEIGHT = 0.05, 0.1
DIFFERENCE_WEIGHT, LIKELIEST_WEIGHT = 8.0, 8.0
MEAN_SHARE, MEAN_FROM = 0.35, 0.3  # of the rows, and from this part of the run on
HISTORY_NOISE, HISTORY_OFFSET, DROPPED_LATENTS, NO_HISTORY_SHARE = (0.3, 1.3), 1.0, 0.3, 0.3


@dataclass(frozen=True)
class GeneratorOptions:
    """How the generator learns. From `own_history_from` of the run on, every `own_history_every`-th step gives a share
    of its excerpts the history that the model itself makes."""

    own_history_from: float = 0.5
    own_history_share: float = 0.5
    own_history_every: int = 2


class GeneratorModule(nn.Module):
    """The generator and what only training has. The cue encoder stands still."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.generator = Generator(config)
        self.alignment = Alignment(config)
        self.generator.cue_encoder.requires_grad_(False)


def importance(patches: Patches) -> Tensor:
    """How much each component counts (R,): as much as it moves the spectrum, those of the difference three times."""
    std = patches.std / patches.std.mean()
    weight = std.clamp(0.3, LIKELIEST_WEIGHT)
    weight[patches.codec.sum_components :] *= DIFFERENCE_WEIGHT
    return weight / weight.mean()


def disturbed_history(latents: Tensor, random: torch.Generator) -> Tensor:
    """The latents before each step (B, T, R) under heavy noise, or left out altogether.

    Neighbouring latents are so alike that a model with a clean history copies it and never looks at the picture; on its
    own history it then wanders. Noise of the size that the runtime adds too (`Bundle.history_noise`) makes the cues
    worth more than the copy, and clips without a history teach what the cues say alone. White noise can be averaged
    away over the backbone's window; so each excerpt also has an offset, as a history that has drifted would: how loud
    it is, and where, has to come from the cues.
    """
    batch, steps, width = latents.shape
    device = latents.device
    least, most = HISTORY_NOISE
    level = least + (most - least) * torch.rand(batch, 1, 1, generator=random).to(device)
    offset = HISTORY_OFFSET * torch.rand(batch, 1, 1, generator=random) * torch.randn(batch, 1, width, generator=random)
    noisy = latents + level * torch.randn(latents.shape, generator=random).to(device) + offset.to(device)
    share = DROPPED_LATENTS * torch.rand(batch, 1, 1, generator=random).to(device)
    dropped = torch.rand(batch, steps, 1, generator=random).to(device) < share
    forgotten = torch.rand(batch, 1, 1, generator=random).to(device) < NO_HISTORY_SHARE
    return noisy.masked_fill(dropped | forgotten, 0.0)


def spread_loss(log_spread: Tensor, square: Tensor) -> Tensor:
    """Negative log-likelihood of squared errors (B, R) under Gaussians of these log deviations, less its constant."""
    return (log_spread + 0.5 * square * (-2 * log_spread).exp()).mean()


class GeneratorStage:
    """Latents of the codec under the tokens of older frames."""

    name = "generator"

    def __init__(
        self,
        config: ModelConfig,
        data: TokenData,
        patches: Patches,
        batch: int,
        total_steps: int,
        excerpt_latents: int = 150,
        options: GeneratorOptions | None = None,
        device: str = "cpu",
    ) -> None:
        self.config, self.data, self.batch, self.total_steps = config, data, batch, total_steps
        self.excerpt_latents, self.device = excerpt_latents, device
        self.options = options or GeneratorOptions()
        self.module = GeneratorModule(config).to(device)
        self.importance = importance(patches).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        longest_lead_s = self.config.generator.max_lead_s
        batch = draw_batch(self.data, self.batch, self.excerpt_latents, random, longest_lead_s, self.device)
        generator = self.module.generator
        frame, targets = frames_of(generator, batch), batch.latents[:, 1:]
        previous = self._history(step, batch, random) if generator.backbone.sees_history else batch.latents[:, :-1]
        context, aligned = generator.backbone(previous, frame, batch.ages_s)
        share = MEAN_SHARE if step >= MEAN_FROM * self.total_steps else 0.0
        order = torch.randperm(context.shape[0] * context.shape[1], generator=random).to(self.device)
        rows, wanted = context.float().flatten(0, 1)[order], targets.flatten(0, 1)[order]
        flow, plain = mean_flow_loss(generator.flow_head, wanted, rows, share, random, self.importance)
        off = (generator.flow_head.expected(rows) - wanted).square()
        expected = (off * self.importance).mean()
        spread = spread_loss(generator.flow_head.log_spread(rows), off.detach())
        contrast, told = self.module.alignment(aligned, targets)
        metrics = {
            "flow": flow,
            "plain": plain,
            "expected": expected,
            "spread": spread,
            "contrast": contrast,
            "told_right": told,
        }
        return flow + expected + SPREAD_WEIGHT * spread + ALIGNMENT_WEIGHT * contrast, {
            name: value.item() for name, value in metrics.items()
        }

    def _history(self, step: int, batch: Batch, random: torch.Generator) -> Tensor:
        """True latents under noise; late in the run some excerpts go on what the model itself made, as it will live."""
        history = batch.latents[:, :-1]
        options = self.options
        late = step >= options.own_history_from * self.total_steps and step % options.own_history_every == 0
        rows = round(options.own_history_share * len(history)) if late else 0
        disturbed = disturbed_history(history[rows:], random)
        if not rows:
            return disturbed
        with torch.autocast(self.device.split(":")[0], enabled=False):
            made = roll_out(self.module.generator, _first(batch, rows), self.config, random)
        return torch.cat([made, disturbed])

    @torch.no_grad()
    def picture(self, path: Path) -> None:
        """Latents of one excerpt, true above, sampled on their own history below."""
        from matplotlib.figure import Figure

        batch = draw_batch(self.data, 1, self.excerpt_latents, torch.Generator().manual_seed(3), 0.1, self.device)
        made = roll_out(self.module.generator, batch, self.config, torch.Generator().manual_seed(4), clean=True)
        figure = Figure(figsize=(12, 6), layout="constrained")
        for axis, latents in zip(figure.subplots(2), (batch.latents[0, 1:].cpu(), made[0].cpu()), strict=True):
            axis.imshow(latents.T.numpy(), aspect="auto", vmin=-3, vmax=3, cmap="RdBu")
        figure.savefig(path, dpi=70)


def _first(batch: Batch, rows: int) -> Batch:
    """The first excerpts of a batch; pictures and frames of the others stay, unseen."""
    seen = ("picture_of", "frame_of", "ages_s", "latents")
    return Batch(**{name: value[:rows] if name in seen else value for name, value in vars(batch).items()})
