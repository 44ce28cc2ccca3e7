"""What the trained cue encoder sees in every walk, kept beside the run: the generator learns from tokens, not pictures.

The cue encoder stands still while the generator learns, so each frame passes it once instead of once per step. Every
clip is kept twice, plain and mirrored, each with its own draw of cues that are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
from stereosync_model.patches import Patches
from stereosync_training.walk_data import Arrays, Clip, drawn_drops, drop_cues, mirror_cues, read_shard

VIEWS = 2  # plain, mirrored
SMALLEST_STD = 0.05


@dataclass(frozen=True)
class ClipTokens:
    """One view of one clip. times_s (F,); pictures (P, 8 + 1, D), the whole last; characters (F, C, D), true contacts
    (F, C, K), placement (F, C, 4), present (F, C); latents (T, R)."""

    times_s: Tensor
    pictures: Tensor
    characters: Tensor
    contacts: Tensor
    placement: Tensor
    present: Tensor
    latents: Tensor


class TokenData:
    """Tokens and latents of all clips, both views, in memory.

    The latents have unit variance here; `std` (R,) is what the codec's own components had.
    """

    def __init__(self, config: ModelConfig, clips: list[tuple[ClipTokens, ...]], std: Tensor) -> None:
        self.config, self.clips, self.std = config, clips, std

    def __len__(self) -> int:
        return len(self.clips)


@torch.no_grad()
def encode_walks(
    shards: Sequence[Path],
    config: ModelConfig,
    encoder: CueEncoder,
    patches: Patches,
    path: Path,
    key: str,
    device: str = "cpu",
) -> TokenData:
    """Tokens of all clips, one shard in memory at a time; from `path` when it was made under the same `key`."""
    key = hashlib.sha256(json.dumps([key, *(str(shard) for shard in shards)]).encode()).hexdigest()
    if path.is_file():
        kept = torch.load(path, weights_only=True)
        if kept["key"] == key:
            known = [tuple(ClipTokens(**view) for view in views) for views in kept["clips"]]
            return TokenData(config, known, kept["std"])
    encoder, patches = encoder.to(device).eval(), patches.to(device)
    clips: list[tuple[ClipTokens, ...]] = []
    for shard in tqdm(shards, desc="tokens", unit="shard"):
        for clip in read_shard(shard, config):
            rng = np.random.default_rng(len(clips))
            clips.append(tuple(_encode_view(clip, bool(view), encoder, patches, rng, device) for view in range(VIEWS)))
    std = torch.cat([view.latents.float() for views in clips for view in views]).std(0).clamp(min=SMALLEST_STD)
    clips = [tuple(replace(view, latents=(view.latents.float() / std).half()) for view in views) for views in clips]
    fresh = path.with_suffix(".part")
    torch.save({"key": key, "std": std, "clips": [[vars(view) for view in views] for views in clips]}, fresh)
    fresh.replace(path)
    return TokenData(config, clips, std)


def _encode_view(
    clip: Clip, mirrored: bool, encoder: CueEncoder, patches: Patches, rng: np.random.Generator, device: str
) -> ClipTokens:
    parts = clip.cues(np.arange(clip.frames), np.arange(clip.pictures))
    if mirrored:
        mirror_cues(parts)
    drop_cues(parts, drawn_drops(rng))
    sound = clip.waveform()
    latents = patches((sound.flip(1) if mirrored else sound)[None].to(device))[0]
    regions, whole = encoder.picture(_tensor(parts, "pictures", device))
    return ClipTokens(
        times_s=torch.from_numpy(clip.times_s).float(),
        pictures=torch.cat([regions, whole[:, None]], dim=1).half().cpu(),
        characters=_characters(parts, encoder, device).half().cpu(),
        contacts=torch.from_numpy(clip.targets.contacts),
        placement=torch.from_numpy(parts["numbers"][..., encoder.placement].astype(np.float32)),
        present=torch.from_numpy(np.array(parts["present"])),
        latents=latents.half().cpu(),
    )


def _characters(parts: Arrays, encoder: CueEncoder, device: str) -> Tensor:
    """Tokens (F, C, D), zero where nobody is."""
    shown = torch.from_numpy(parts["present"] > 0)
    arrays = [_tensor(parts, name, device)[shown.to(device)] for name in ("crops", "numbers", "tracks")]
    token, _ = encoder.characters(*arrays)
    tokens = torch.zeros(*shown.shape, token.shape[-1], device=device)
    tokens[shown] = token.float()
    return tokens


def _tensor(parts: Arrays, name: str, device: str) -> Tensor:
    array = np.ascontiguousarray(parts[name])
    tensor = torch.from_numpy(array)
    return (tensor if name in ("pictures", "crops") else tensor.float()).to(device)
