"""Known walks in memory, as the generator learns from them: true arrays of every frame beside the sound's latents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from tqdm import tqdm

from stereosync.writing import whole_file
from stereosync_model.config import ModelConfig
from stereosync_model.patches import Patches
from stereosync_training.data.sound_clips import PCM_SCALE
from stereosync_training.data.walk_data import MIRRORED_PLACEMENT, Surroundings, frame_targets

SMALLEST_STD = 0.05


@dataclass(frozen=True)
class KnownClip:
    """One walk."""

    times_s: Tensor  # (F,)
    contacts: Tensor  # (F, C, K)
    grounds: Tensor  # (F, C), numbers of `GROUNDS` or -1
    force: Tensor  # (F, C), octaves
    placement: Tensor  # (F, C, 4)
    present: Tensor  # (F, C)
    place: int  # a number of `KINDS_OF_PLACE`
    amount: float  # of the place, 0 to 1
    room: Tensor  # (2,): log(1 + size in metres), hardness
    latents: Tensor  # (2, T, R), of the sound as it is and mirrored


class KnownData:
    """Clips in memory. Their latents have unit variance; `std` (R,) is what the codec's own components had."""

    def __init__(self, config: ModelConfig, clips: list[KnownClip], std: Tensor) -> None:
        self.config, self.clips, self.std = config, clips, std

    def __len__(self) -> int:
        return len(self.clips)


def read_known(
    shards: Sequence[Path], config: ModelConfig, patches: Patches, folder: Path, key: str, device: str = "cpu"
) -> KnownData:
    """All clips of some shards. What was made of the same shard under the same `key` is read from `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    clips: list[KnownClip] = []
    for shard in tqdm(shards, desc="known walks", unit="shard"):
        path, own_key = folder / f"{shard.parent.name}-{shard.name}.pt", _key_of(shard, key)
        kept = _kept_clips(path, own_key)
        if kept is None:
            kept = _read_shard(shard, config, patches.to(device), device)
            _keep(path, own_key, kept)
        clips += kept
    std = torch.cat([clip.latents.flatten(0, 1).float() for clip in clips]).std(0).clamp(min=SMALLEST_STD)
    return KnownData(config, [replace(clip, latents=(clip.latents.float() / std).half()) for clip in clips], std)


def _key_of(shard: Path, key: str) -> str:
    """The key with what is true of the shard: another with its name is not it."""
    return f"{key} {hashlib.sha256((shard / 'truth.json').read_bytes()).hexdigest()}"


def _kept_clips(path: Path, key: str) -> list[KnownClip] | None:
    """The clips that are kept in a file; None where there is none, or one of another codec."""
    if not path.is_file():
        return None
    kept = torch.load(path, weights_only=True)
    return [KnownClip(**clip) for clip in kept["clips"]] if kept["key"] == key else None


def _keep(path: Path, key: str, clips: list[KnownClip]) -> None:
    with whole_file(path) as part:
        torch.save({"key": key, "clips": [vars(clip) for clip in clips]}, part)


@torch.no_grad()
def _read_shard(folder: Path, config: ModelConfig, patches: Patches, device: str) -> list[KnownClip]:
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    truths = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return [
        _clip({name: array[i] for name, array in arrays.items()}, truth, config, patches, device)
        for i, truth in enumerate(truths)
    ]


def _clip(
    arrays: dict[str, npt.NDArray[Any]], truth: dict[str, Any], config: ModelConfig, patches: Patches, device: str
) -> KnownClip:
    frames = int(np.isfinite(arrays["times_s"]).sum())
    times_s, ids = np.array(arrays["times_s"][:frames]), np.array(arrays["ids"][:frames])
    targets, around = frame_targets(times_s, ids, truth["contacts"], config), Surroundings.of(truth)
    sound = torch.from_numpy(arrays["sound"].astype(np.float32) / PCM_SCALE)
    both = torch.stack([sound, sound.flip(1)]).to(device)
    return KnownClip(
        times_s=torch.from_numpy(times_s),
        contacts=torch.from_numpy(targets.contacts),
        grounds=torch.from_numpy(targets.grounds.astype(np.int8)),
        force=torch.from_numpy(targets.forces).half(),
        placement=torch.from_numpy(np.array(arrays["placement"][:frames])).half(),
        present=torch.from_numpy(np.array(arrays["present"][:frames])).half(),
        place=around.kind,
        amount=around.amount,
        room=torch.from_numpy(around.room),
        latents=torch.stack([patches(one[None])[0] for one in both]).half().cpu(),
    )


def mirrored(clip: KnownClip) -> KnownClip:
    """Left and right exchanged; the latents of both views stay, the second first."""
    placement = clip.placement.clone()
    placement[..., MIRRORED_PLACEMENT] *= -1
    return replace(clip, placement=placement, latents=clip.latents.flip(0))
