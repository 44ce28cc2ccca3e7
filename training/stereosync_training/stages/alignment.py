"""Time-shift contrast: what the frames say about a moment must fit the sound of that moment and of no other.

After the synchronisation losses of SparseSync (arXiv 2210.07055) and the contrastive form of InfoNCE (arXiv
1807.03748): the sound of the same clip a few latents earlier or later, and that of another clip of the batch, are the
wrong answers.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig

SHIFTS = (0, -20, -14, -9, -6, -4, -3, 3, 4, 6, 9, 14, 20)  # latents; the first is the right one
AROUND = 2  # latents each side of the moment that are its sound
DIM = 64
TEMPERATURE = 0.1


class Alignment(nn.Module):
    """Scores of aligned frame features against the sound around shifted moments. Only training has it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, sound = config.generator.width, (2 * AROUND + 1) * config.codec.components
        self.frames = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, DIM))
        self.sound = nn.Sequential(nn.Linear(sound, width), nn.GELU(), nn.Linear(width, DIM))

    def forward(self, aligned: Tensor, latents: Tensor) -> tuple[Tensor, Tensor]:
        """aligned (B, T, width), latents (B, T, R) -> cross-entropy, share of moments told right."""
        reach = max(map(abs, SHIFTS))
        near = torch.cat([latents.roll(-step, dims=1) for step in range(-AROUND, AROUND + 1)], dim=-1)
        heard = nn.functional.normalize(self.sound(near).float(), dim=-1)  # (B, T, 64)
        seen = nn.functional.normalize(self.frames(aligned).float(), dim=-1)
        inner = slice(reach, latents.shape[1] - reach)
        shifted = torch.stack([heard.roll(-shift, dims=1) for shift in SHIFTS], dim=2)[:, inner]  # (B, T', S, 64)
        others = heard.roll(1, dims=0)[:, inner, None]
        answers = torch.cat([shifted, others], dim=2)
        scores = (answers * seen[:, inner, None]).sum(-1).flatten(0, 1) / TEMPERATURE
        right = torch.zeros(len(scores), dtype=torch.long, device=scores.device)
        return nn.functional.cross_entropy(scores, right), (scores.argmax(-1) == 0).float().mean()
