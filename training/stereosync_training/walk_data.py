"""Rendered walks as training batches: excerpts with a lead drawn anew each time, half of them mirrored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stereosync.cues import NUMBERS
from stereosync_model.config import ModelConfig
from stereosync_scenes.walk import GROUNDS
from stereosync_training.walk_clips import PICTURE_EVERY

MIRRORED_NUMBERS = tuple(NUMBERS.index(name) for name in ("azimuth_rad", "azimuth_rad_per_s"))
PICTURE_DIFFERENCE_ZERO = 128


@dataclass
class Shard:
    """One folder's arrays, read from disk as they are needed, with the targets computed from its truth."""

    arrays: dict[str, npt.NDArray[Any]]
    contacts: npt.NDArray[np.float16]  # (N, F, C, K)
    grounds: npt.NDArray[np.int64]  # (N, F, C), -1 where unknown


@dataclass(frozen=True)
class Batch:
    """`count` excerpts of `steps` latents. Frames are those of the excerpt only.

    pictures (P, 7, H, W), picture_of (B, T); crops (M, 5, S, S), numbers, tracks of the M characters present;
    character_of (B, T, C) index into M (or M for nobody); present (B, T, C); ages_s (B, T); latents (B, T + 1, D), the
    one before the excerpt first; contacts (M, K); grounds (M,).
    """

    pictures: Tensor
    picture_of: Tensor
    crops: Tensor
    numbers: Tensor
    tracks: Tensor
    character_of: Tensor
    present: Tensor
    ages_s: Tensor
    latents: Tensor
    contacts: Tensor
    grounds: Tensor


def contact_targets(
    times_s: npt.NDArray[np.floating],
    ids: npt.NDArray[np.integer],
    contacts: list[dict[str, Any]],
    config: ModelConfig,
) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int64]]:
    """Contact density (F, C, K) at the forecast's bins after each frame, and the ground under each character (F, C)."""
    generator = config.generator
    bins_s = generator.forecast_start_s + generator.forecast_step_s * np.arange(generator.forecast_steps)
    density = np.zeros((*ids.shape, len(bins_s)), np.float16)
    grounds = np.full(ids.shape, -1, np.int64)
    for character in {int(value) for value in ids[ids >= 0]}:
        own = [contact for contact in contacts if contact["character_id"] == character]
        if not own:
            continue
        moments_s = np.array([contact["time_s"] for contact in own])
        kinds = np.array([GROUNDS.index(contact["ground"]) for contact in own])
        frames, slots = np.nonzero(ids == character)
        moments = times_s[frames, None, None] + bins_s[None, :, None] - moments_s  # (n, K, contacts)
        density[frames, slots] = np.clip(1 - np.abs(moments) / generator.forecast_step_s, 0, 1).max(-1)
        nearest = np.abs(times_s[frames, None] - moments_s).argmin(-1)
        close = np.abs(times_s[frames] - moments_s[nearest]) < 0.7
        grounds[frames, slots] = np.where(close, kinds[nearest], -1)
    return density, grounds


def read_shard(folder: Path, config: ModelConfig) -> Shard:
    """A shard's arrays (memory-mapped) and targets."""
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    truths = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    targets = [
        contact_targets(arrays["times_s"][i], arrays["ids"][i], truth["contacts"], config)
        for i, truth in enumerate(truths)
    ]
    return Shard(arrays, np.stack([t[0] for t in targets]), np.stack([t[1] for t in targets]))


def mirror_cues(parts: dict[str, npt.NDArray[Any]]) -> None:
    """Mirror left and right in place: pictures, crops, numbers and tracks of one clip."""
    parts["pictures"] = parts["pictures"][..., ::-1]
    parts["crops"] = parts["crops"][..., ::-1]
    parts["numbers"] = parts["numbers"].copy()
    parts["numbers"][..., MIRRORED_NUMBERS] *= -1
    tracks = parts["tracks"].copy()
    tracks[..., 0], tracks[..., 2] = -parts["tracks"][..., 2], -parts["tracks"][..., 0]
    parts["tracks"] = tracks


class WalkData:
    """All shards of a split; `latents` (clips, 2, T, D), plain and mirrored, come from the codec."""

    def __init__(self, folder: Path, config: ModelConfig) -> None:
        shards = sorted(path for path in folder.glob("shard-????") if path.is_dir())
        if not shards:
            raise FileNotFoundError(f"{folder} holds no shards; render them with stereosync-walks")
        self.config = config
        self.shards = [read_shard(path, config) for path in shards]
        self.places = [(s, i) for s, shard in enumerate(self.shards) for i in range(len(shard.contacts))]
        self.latents: Tensor | None = None

    def __len__(self) -> int:
        return len(self.places)

    def sound(self, clip: int) -> Tensor:
        """(samples, 2) float32."""
        shard, index = self.places[clip]
        return torch.from_numpy(self.shards[shard].arrays["sound"][index].astype(np.float32) / 32767)

    def batch(self, count: int, steps: int, random: torch.Generator, longest_lead_s: float) -> Batch:
        """Excerpts for one training step; see `Batch`."""
        picker = np.random.default_rng(int(torch.randint(2**31, (1,), generator=random)))
        clips = picker.integers(len(self.places), size=count)
        parts = [self._excerpt(int(clip), steps, picker, longest_lead_s) for clip in clips]
        return collate(parts)

    def _excerpt(
        self, clip: int, steps: int, rng: np.random.Generator, longest_lead_s: float
    ) -> dict[str, npt.NDArray[Any]]:
        shard_index, index = self.places[clip]
        shard = self.shards[shard_index]
        clock = self.config.clock
        times_s = shard.arrays["times_s"][index]
        total = shard.arrays["sound"].shape[1] // clock.samples_per_latent
        begin = int(rng.integers(round(0.3 * clock.latent_rate_hz), total - steps + 1))
        moments_s = (begin + np.arange(steps)) * clock.latent_s
        frame_of = newest_frames(times_s, moments_s, rng, longest_lead_s, clock.latent_s)
        first, last = int(frame_of.min()), int(frame_of.max()) + 1
        first_picture = first // PICTURE_EVERY
        pictures = slice(first_picture, (last - 1) // PICTURE_EVERY + 1)
        part: dict[str, npt.NDArray[Any]] = {
            "pictures": shard.arrays["pictures"][index, pictures],
            "picture_of": frame_of // PICTURE_EVERY - first_picture,
            "frame_of": frame_of - first,
            "ages_s": (moments_s - times_s[frame_of]).astype(np.float32),
            "contacts": shard.contacts[index, first:last],
            "grounds": shard.grounds[index, first:last],
        }
        for name in ("crops", "numbers", "tracks", "present"):
            part[name] = shard.arrays[name][index, first:last]
        mirrored = bool(rng.random() < 0.5)
        if mirrored:
            mirror_cues(part)
        if self.latents is not None:
            own = self.latents[clip, int(mirrored)].numpy()
            before = np.zeros_like(own[:1]) if begin == 0 else own[begin - 1 : begin]
            part["latents"] = np.concatenate([before, own[begin : begin + steps]])
        else:
            part["latents"] = np.zeros((steps + 1, self.config.codec.components), np.float32)
        return part


def newest_frames(
    times_s: npt.NDArray[np.floating],
    moments_s: npt.NDArray[np.floating],
    rng: np.random.Generator,
    longest_lead_s: float,
    latent_s: float,
) -> npt.NDArray[np.int64]:
    """Index of the newest frame for each latent, as a service has it: one frame per chunk, a lead, some jitter."""
    chunk = int(rng.integers(1, 4))
    lead_s = rng.uniform(0, longest_lead_s)
    starts_s = moments_s - (np.arange(len(moments_s)) % chunk) * latent_s
    jitter_s = np.repeat(rng.uniform(0, 0.02, len(moments_s)), chunk)[: len(moments_s)]
    return np.maximum(np.searchsorted(times_s, starts_s - lead_s - jitter_s, side="right") - 1, 0)


def collate(parts: list[dict[str, npt.NDArray[Any]]]) -> Batch:
    """Excerpts to one batch; characters that are not present are left out of the encoder's work."""
    picture_start = np.cumsum([0, *(len(part["pictures"]) for part in parts)])
    masks = [part["present"] > 0 for part in parts]
    total = sum(int(mask.sum()) for mask in masks)
    character_of, offset = [], 0
    for part, mask in zip(parts, masks, strict=True):
        numbering = np.full(mask.shape, total, np.int64)
        numbering[mask] = offset + np.arange(int(mask.sum()))
        offset += int(mask.sum())
        character_of.append(numbering[part["frame_of"]])

    def present_of(name: str, dtype: torch.dtype) -> Tensor:
        chosen = np.concatenate([part[name][mask] for part, mask in zip(parts, masks, strict=True)])
        return torch.from_numpy(np.ascontiguousarray(chosen)).to(dtype)

    return Batch(
        pictures=torch.from_numpy(np.concatenate([part["pictures"] for part in parts])),
        picture_of=torch.from_numpy(
            np.stack([part["picture_of"] + start for part, start in zip(parts, picture_start, strict=False)])
        ),
        crops=present_of("crops", torch.uint8),
        numbers=present_of("numbers", torch.float32),
        tracks=present_of("tracks", torch.float32),
        character_of=torch.from_numpy(np.stack(character_of)),
        present=torch.from_numpy(np.stack([p["present"][p["frame_of"]] for p in parts])),
        ages_s=torch.from_numpy(np.stack([part["ages_s"] for part in parts])),
        latents=torch.from_numpy(np.stack([part["latents"] for part in parts])),
        contacts=present_of("contacts", torch.float32),
        grounds=present_of("grounds", torch.int64),
    )
