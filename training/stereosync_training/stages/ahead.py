"""Tracks in, contacts out: `ahead` and the forecast's head of a cue encoder learn, all else stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from stereosync_model.cue_encoder import CueEncoder
from stereosync_training.data.track_examples import TrackExamples
from stereosync_training.stages.forecast import contact_loss

Part = tuple[TrackExamples, float]  # and its share of a batch, of the sum of all


class AheadStage:
    """Trains the forecaster in place on examples of several worlds, each with its share of every batch."""

    name = "ahead"

    def __init__(self, encoder: CueEncoder, parts: Sequence[Part], batch: int, device: str = "cpu") -> None:
        self.encoder, self.device = encoder.to(device), device
        self.parts = [tuple(map(torch.from_numpy, vars(examples).values())) for examples, _ in parts]
        shares = np.array([share for _, share in parts])
        ends = np.round(batch * np.cumsum(shares) / shares.sum()).astype(int)
        self.counts = np.diff(ends, prepend=0).tolist()
        encoder.requires_grad_(False)
        for part in (encoder.ahead, encoder.forecast):
            part.requires_grad_(True)

    @property
    def module(self) -> nn.Module:
        return self.encoder

    def loss(self, _step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss."""
        drawn = [_rows(part, count, random) for part, count in zip(self.parts, self.counts, strict=True)]
        numbers, tracks, wanted = (torch.cat(column).to(self.device) for column in zip(*drawn, strict=True))
        loss = contact_loss(self.encoder.foreseen(numbers, tracks), wanted)
        return loss, {"contact": loss.item()}

    def picture(self, path: Path) -> None:
        """Nothing to look at: the figures say it all."""


def _rows(part: Sequence[Tensor], count: int, random: torch.Generator) -> list[Tensor]:
    chosen = torch.randint(len(part[0]), (count,), generator=random)
    return [column[chosen] for column in part]
