"""First stage of the generator: the cue encoder learns when feet will come down and on what, without any sound."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
from stereosync_scenes.walk import GROUNDS
from stereosync_training.walk_data import Batch, WalkData

GROUND_WEIGHT = 0.3


class CueHeads(nn.Module):
    """The cue encoder with a ground classifier that only training has."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.encoder = CueEncoder(config)
        dim = config.generator.token_dim
        self.ground = nn.Linear(dim, len(GROUNDS))
        self.place_ground = nn.Linear(dim, len(GROUNDS))


def forecast_loss(logits: Tensor, density: Tensor) -> Tensor:
    """Binary cross-entropy of the contact forecast (M, K), where contacts are rare and count for more."""
    weight = 1 + 4 * density
    return nn.functional.binary_cross_entropy_with_logits(logits.float(), density, weight=weight)


def ground_loss(heads: CueHeads, token: Tensor, whole: Tensor, grounds: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of the ground read from each character's token and from the picture; and how often it is right."""
    known = grounds >= 0
    if not bool(known.any()):
        return token.sum() * 0, token.sum() * 0
    near, far = heads.ground(token).float()[known], heads.place_ground(whole).float()[known]
    loss = nn.functional.cross_entropy(near, grounds[known]) + nn.functional.cross_entropy(far, grounds[known])
    return loss, (near.argmax(-1) == grounds[known]).float().mean()


class ForecastStage:
    """Frames in, contact density and ground out."""

    name = "forecast"

    def __init__(self, config: ModelConfig, data: WalkData, batch: int, steps: int = 10, device: str = "cpu") -> None:
        self.data, self.batch, self.steps, self.device = data, batch, steps, device
        self.module = CueHeads(config).to(device)

    def loss(self, _step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        batch = to_device(self.data.batch(self.batch, self.steps, random, longest_lead_s=0.0), self.device)
        token, logits = self.module.encoder.characters(batch.crops, batch.numbers, batch.tracks)
        _, whole = self.module.encoder.picture(batch.pictures)
        contact = forecast_loss(logits, batch.contacts)
        ground, right = ground_loss(self.module, token, whole[picture_of_characters(batch)], batch.grounds)
        metrics = {"contact": contact.item(), "ground": ground.item(), "ground_right": right.item()}
        return contact + GROUND_WEIGHT * ground, metrics

    def picture(self, path: Path) -> None:
        """Nothing to look at in this stage: the log's curve says it all."""


def picture_of_characters(batch: Batch) -> Tensor:
    """For each present character (M,) the index of a picture it can be seen in."""
    picture = torch.zeros(len(batch.numbers) + 1, dtype=torch.long, device=batch.numbers.device)
    expanded = batch.picture_of.unsqueeze(-1).expand_as(batch.character_of)
    return picture.scatter(0, batch.character_of.flatten(), expanded.flatten())[:-1]


def to_device(batch: Batch, device: str) -> Batch:
    """The batch's tensors on `device`."""
    return Batch(**{name: value.to(device, non_blocking=True) for name, value in vars(batch).items()})
