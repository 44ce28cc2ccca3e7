"""First stage of the generator: the cue encoder learns to see, without any sound.

From each character: when its feet will come down, how hard and on what. From the whole picture: the ground, what can be
heard of the place, and how large and hard the room is. All of it is known exactly in rendered walks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
from stereosync_training.data.tempo import change_tempo, contacts_at_tempo, drawn_tempo
from stereosync_training.data.walk_data import WalkData, drawn_drops, drop_cues, jitter_light, mirror_cues

GROUND_WEIGHT, FORCE_WEIGHT, PLACE_WEIGHT, ROOM_WEIGHT = 0.2, 0.1, 0.1, 0.1
FRAMES_PER_CLIP = 6
RARE_CONTACT_WEIGHT = 4.0


@dataclass(frozen=True)
class FrameBatch:
    """Frames of P clips, one each, with M characters in them, and the targets."""

    pictures: Tensor  # (P, 7, H, W)
    crops: Tensor  # (M, 5, S, S)
    numbers: Tensor  # (M, 10)
    tracks: Tensor  # (M, K, 9)
    picture_of: Tensor  # (M,), each character's frame
    contacts: Tensor  # targets (M, bins)
    grounds: Tensor  # (M,)
    forces: Tensor  # (M,)
    kinds: Tensor  # (P,), of places
    amounts: Tensor  # (P,)
    rooms: Tensor  # (P, 2)


def frame_batch(data: WalkData, clips: int, random: torch.Generator, without: Sequence[str] = ()) -> FrameBatch:
    """Frames of random clips at random tempo and light, half mirrored, some without a cue, all without `without`."""
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=random)))
    columns: dict[str, list[np.ndarray]] = {name: [] for name in FrameBatch.__dataclass_fields__}
    for place, number in enumerate(data.draw(clips, rng).tolist()):
        clip = data.clips[number]
        frames = np.sort(rng.choice(clip.frames, FRAMES_PER_CLIP, replace=False))
        picture = rng.integers(clip.pictures, size=1)
        parts = clip.cues(frames, picture)
        jitter_light(parts, rng)
        tempo = drawn_tempo(rng)
        change_tempo(parts, tempo)
        if rng.random() < 0.5:
            mirror_cues(parts)
        drop_cues(parts, (*drawn_drops(rng), *without))
        shown = parts["present"] > 0  # (frames, C)
        for name in ("crops", "numbers", "tracks"):
            columns[name].append(parts[name][shown])
        columns["contacts"].append(contacts_at_tempo(clip, frames, tempo, data.config)[shown])
        for name in ("grounds", "forces"):
            columns[name].append(getattr(clip.targets, name)[frames][shown])
        columns["picture_of"].append(np.full(int(shown.sum()), place))
        columns["pictures"].append(parts["pictures"])
        columns["kinds"].append(np.array([clip.surroundings.kind]))
        columns["amounts"].append(np.array([clip.surroundings.amount], np.float32))
        columns["rooms"].append(clip.surroundings.room[None])
    return FrameBatch(**{name: _tensor(np.concatenate(parts)) for name, parts in columns.items()})


def _tensor(array: np.ndarray) -> Tensor:
    """Half precision becomes float32, the rest stays."""
    wide = array.astype(np.float32) if array.dtype == np.float16 else array
    return torch.from_numpy(np.ascontiguousarray(wide))


class ForecastStage:
    """Frames in; contacts, forces, grounds and places out."""

    name = "forecast"

    def __init__(
        self, config: ModelConfig, data: WalkData, batch: int, device: str = "cpu", without: Sequence[str] = ()
    ) -> None:
        self.data, self.batch, self.device, self.without = data, batch, device, without
        self.module = CueEncoder(config).to(device)
        self.module.feet.requires_grad_(False)  # which a stage of its own trains

    def loss(self, _step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        batch = to_device(frame_batch(self.data, self.batch, random, self.without), self.device)
        losses, right = forecast_losses(self.module, batch)
        loss = (
            losses["contact"]
            + GROUND_WEIGHT * losses["ground"]
            + FORCE_WEIGHT * losses["force"]
            + PLACE_WEIGHT * losses["place"]
            + ROOM_WEIGHT * losses["room"]
        )
        return loss, {name: value.item() for name, value in (losses | right).items()}

    def picture(self, path: Path) -> None:
        """Nothing to look at in this stage: the log's curve says it all."""


def forecast_losses(encoder: CueEncoder, batch: FrameBatch) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parts of the loss, and how often ground and place are told right."""
    _, whole = encoder.picture(batch.pictures)
    seen = (batch.crops, batch.numbers, batch.tracks)
    grounds, force = (part.float() for part in encoder.trodden(*seen, whole[batch.picture_of]))
    places, around = encoder.place(whole).float(), encoder.surroundings(whole).float()
    known = batch.grounds >= 0
    losses = {
        "contact": contact_loss(encoder.foreseen(batch.numbers, batch.tracks), batch.contacts),
        "ground": _cross_entropy(grounds, batch.grounds, known),
        "force": (known * (force[:, 0] - batch.forces).abs()).mean(),
        "place": functional.cross_entropy(places, batch.kinds),
        "room": surroundings_loss(around, batch),
    }
    right = {
        "ground_right": (grounds.argmax(-1) == batch.grounds)[known].float().mean(),
        "place_right": (places.argmax(-1) == batch.kinds).float().mean(),
    }
    return losses, right


def surroundings_loss(around: Tensor, batch: FrameBatch) -> Tensor:
    """Loss of amount, hardness and log size (P, 3); how much there is of nothing is not asked."""
    amount = ((around[:, 0].sigmoid() - batch.amounts).abs() * (batch.kinds > 0)).mean()
    hardness = (around[:, 1].sigmoid() - batch.rooms[:, 1]).abs().mean()
    return amount + hardness + (around[:, 2] - batch.rooms[:, 0]).abs().mean()


def contact_loss(logits: Tensor, density: Tensor) -> Tensor:
    """Binary cross-entropy of the contact forecast (M, K), where contacts are rare and count for more."""
    weight = 1 + RARE_CONTACT_WEIGHT * density
    return functional.binary_cross_entropy_with_logits(logits.float(), density, weight=weight)


def _cross_entropy(logits: Tensor, kinds: Tensor, known: Tensor) -> Tensor:
    each = functional.cross_entropy(logits, kinds.clamp(min=0), reduction="none")
    return (each * known).sum() / known.sum().clamp(min=1)


def to_device(batch: FrameBatch, device: str) -> FrameBatch:
    """The batch's tensors on `device`."""
    return FrameBatch(**{name: value.to(device, non_blocking=True) for name, value in vars(batch).items()})
