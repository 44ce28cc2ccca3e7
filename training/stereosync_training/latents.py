"""Latents of the rendered walks, as the generator sees them; made once by the trained codec and kept beside the run."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from stereosync_model.config import ModelConfig
from stereosync_model.latent_scale import LatentScale
from stereosync_training.codec_stage import Codec
from stereosync_training.loop import load_average
from stereosync_training.walk_data import WalkData


@torch.no_grad()
def walk_latents(folder: Path, config: ModelConfig, data: WalkData, device: str) -> Tensor:
    """Components of all clips, plain and with left and right swapped: (clips, 2, T, R) float32.

    Kept in `folder/latents.pt` with their scale; made anew when the clips, the codec or the components change.
    """
    path = folder / "latents.pt"
    codec = Codec(config).to(device).eval()
    key = [load_average(folder / "codec.pt", codec, device), len(data), config.codec.components]
    if path.is_file():
        kept = torch.load(path, weights_only=True)
        if kept["key"] == key:
            return torch.as_tensor(kept["components"]).float()
    rows = []
    for clip in tqdm(range(len(data)), desc="latents", unit="clip"):
        sound = data.sound(clip)
        mean, _ = codec.encoder(torch.stack([sound, sound.flip(1)]).to(device))
        rows.append(mean.cpu())
    latents, scale = torch.stack(rows), LatentScale(config.codec)
    scale.fit(latents)
    components = scale.components(latents)
    torch.save({"components": components.half(), "scale": scale.state_dict(), "key": key}, path)
    return components


def load_scale(folder: Path, scale: LatentScale) -> None:
    """Load the scale that `walk_latents` fitted."""
    scale.load_state_dict(torch.load(folder / "latents.pt", weights_only=True)["scale"])
