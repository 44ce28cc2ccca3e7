"""Simulated tracks in, contacts out: `ahead` and the forecast's head of a cue encoder learn, all else stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
from stereosync_training.fit.examples import TrackExamples
from stereosync_training.stages.forecast import contact_loss

OWN_SHARE = 0.35  # of a batch: tracks of the project's own figures, which are not to be forgotten


class FitStage:
    """Trains the forecaster in place."""

    name = "fit"

    def __init__(
        self, encoder: CueEncoder, config: ModelConfig, game: TrackExamples, own: TrackExamples, batch: int
    ) -> None:
        self.encoder, self.batch = encoder, batch
        self.parts = [tuple(map(torch.from_numpy, vars(one).values())) for one in (own, game)]
        encoder.requires_grad_(False)
        for part in (encoder.ahead, encoder.forecast):
            part.requires_grad_(True)

    @property
    def module(self) -> nn.Module:
        return self.encoder

    def loss(self, _step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss."""
        own = round(OWN_SHARE * self.batch)
        drawn = [_rows(part, count, random) for part, count in zip(self.parts, (own, self.batch - own), strict=True)]
        numbers, tracks, wanted = (torch.cat(column) for column in zip(*drawn, strict=True))
        loss = contact_loss(self.encoder.foreseen(numbers, tracks), wanted)
        return loss, {"contact": loss.item()}

    def picture(self, path: Path) -> None:
        """Nothing to look at: the figures say it all."""


def _rows(part: Sequence[Tensor], count: int, random: torch.Generator) -> list[Tensor]:
    chosen = torch.randint(len(part[0]), (count,), generator=random)
    return [column[chosen] for column in part]
