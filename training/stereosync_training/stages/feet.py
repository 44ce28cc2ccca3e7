"""Told feet to contacts ahead: trained on courses without pictures, beside the forecast from what is seen."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync.cues import FEET_CHANNELS
from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import FeetEncoder
from stereosync_training.data.feet_courses import FeetExamples
from stereosync_training.stages.forecast import contact_loss

STRIDE = FEET_CHANNELS.index("stride")
SHORTEST_SHARE = 0.2  # of the rows are cut to a short past: the feet were told only just now
DROPPED = 0.15  # odds of each channel but the last, so that none is all that is looked at


class FeetStage:
    """Feet in, contacts out."""

    name = "feet"

    def __init__(self, config: ModelConfig, examples: FeetExamples, batch: int, device: str = "cpu") -> None:
        self.feet, self.contacts = (torch.from_numpy(part) for part in (examples.feet, examples.contacts))
        self.batch, self.device = batch, device
        self.encoder = FeetEncoder(config.cue_spec.track_steps, config.generator.forecast_steps).to(device)

    @property
    def module(self) -> nn.Module:
        return self.encoder

    def loss(self, _step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss."""
        rows = torch.randint(len(self.feet), (self.batch,), generator=random)
        feet, wanted = self.feet[rows].float(), self.contacts[rows].float()
        feet = _dropped(_cut_short(_swapped(feet, random), random), random)
        loss = contact_loss(self.encoder(feet.to(self.device)), wanted.to(self.device))
        return loss, {"contact": loss.item()}

    def picture(self, path: Path) -> None:
        """Nothing to look at: the log's curve says it all."""


def _swapped(feet: Tensor, random: torch.Generator) -> Tensor:
    """Half of the rows (N, K, 8) with left and right exchanged."""
    other = torch.cat(
        [feet[..., 3:6], feet[..., 0:3], -feet[..., STRIDE : STRIDE + 1], feet[..., STRIDE + 1 :]], dim=-1
    )
    chosen = torch.rand(len(feet), 1, 1, generator=random) < 0.5
    return torch.where(chosen, other, feet)


def _dropped(feet: Tensor, random: torch.Generator) -> Tensor:
    """Some rows without some channel."""
    kept = torch.rand(len(feet), 1, feet.shape[-1], generator=random) >= DROPPED
    kept[..., -1] = True
    return feet * kept


def _cut_short(feet: Tensor, random: torch.Generator) -> Tensor:
    """Some rows know less of the past; the newest moment stays."""
    steps = feet.shape[1]
    kept = torch.randint(1, steps + 1, (len(feet), 1), generator=random)
    kept[torch.rand(len(feet), 1, generator=random) >= SHORTEST_SHARE] = steps
    return feet * (torch.arange(steps)[None] < kept).unsqueeze(-1)
