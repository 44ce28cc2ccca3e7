"""The generator's view of the codec's latents: their principal components, each at unit variance.

A codec's latents are correlated, and some of their directions carry nothing. A generator whose loss counts every
number alike would count loudness ten times and the pan once; among principal components each counts once.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import CodecConfig


class LatentScale(nn.Module):
    """Latents (..., D) to components (..., R) and back."""

    mean: Tensor  # (D,)
    basis: Tensor  # (R, D): components to latents
    inverse: Tensor  # (D, R)

    def __init__(self, codec: CodecConfig) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(codec.latent_dim))
        self.register_buffer("basis", torch.eye(codec.components, codec.latent_dim))
        self.register_buffer("inverse", torch.eye(codec.latent_dim, codec.components))

    @torch.no_grad()
    def fit(self, latents: Tensor) -> None:
        """Set mean and basis from latents (..., D); the strongest component first."""
        rows = latents.flatten(0, -2).double()
        mean = rows.mean(0)
        values, vectors = torch.linalg.eigh(torch.cov((rows - mean).T))
        strongest = values.argsort(descending=True)[: len(self.basis)]
        std = values[strongest].clamp(min=1e-8).sqrt()
        self.mean.copy_(mean)
        self.basis.copy_((vectors[:, strongest] * std).T)
        self.inverse.copy_(vectors[:, strongest] / std)

    def components(self, latents: Tensor) -> Tensor:
        """(..., D) -> (..., R)."""
        return (latents - self.mean) @ self.inverse

    def latents(self, components: Tensor) -> Tensor:
        """(..., R) -> (..., D)."""
        return components @ self.basis + self.mean
