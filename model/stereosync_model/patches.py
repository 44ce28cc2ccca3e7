"""Latents: principal components of log-mel patches. The codec's encoder is a fixed linear map, fitted once.

A patch is what one latent (20 ms) spans: the log-mel spectra of its STFT frames, as the mean of both channels ("sum",
how loud and of what colour) and half their difference ("difference", where it is). Sum and difference have components
of their own, so that swapping left and right changes the sign of the difference components and nothing else.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.spectrum import mel_filters

LOG_FLOOR = 5e-5  # amplitude, about -86 dB: what is softer is silence
CHANNELS = 2


class Patches(nn.Module):
    """Sound (B, samples, 2) to components (B, T, R) of unit variance, and components back to log-mel spectra."""

    taper: Tensor  # (window,)
    filters: Tensor  # (bins, bands)
    mean: Tensor  # (2, P): sum and difference patches, P = frames of a latent times bands
    std: Tensor  # (R,) of each component, in nepers over the whole patch
    sum_basis: Tensor  # (sum components, P), orthonormal rows
    difference_basis: Tensor  # (difference components, P)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        codec, clock = config.codec, config.clock
        self.codec = codec
        self.hop_samples, self.window_samples = codec.hop_samples(clock), codec.window_samples(clock)
        self.register_buffer("taper", torch.hann_window(self.window_samples), persistent=False)
        filters = mel_filters(self.window_samples // 2 + 1, codec.mel_bands, clock.sample_rate_hz)
        self.register_buffer("filters", filters, persistent=False)
        size = codec.frames_per_latent * codec.mel_bands
        self.register_buffer("mean", torch.zeros(2, size))
        self.register_buffer("std", torch.ones(codec.components))
        self.register_buffer("sum_basis", torch.eye(codec.sum_components, size))
        self.register_buffer("difference_basis", torch.eye(codec.difference_components, size))

    def spectra(self, sound: Tensor) -> Tensor:
        """Natural log of mel amplitude per STFT frame: (B, samples, 2), whole latents long -> (B, F, 2, bands)."""
        planes = nn.functional.pad(sound.transpose(1, 2), (0, self.window_samples - self.hop_samples))
        frames = planes.unfold(-1, self.window_samples, self.hop_samples)  # (B, 2, F, window)
        power = torch.view_as_real(torch.fft.rfft(frames * self.taper)).square().sum(-1) / self.window_samples
        return 0.5 * (power @ self.filters + LOG_FLOOR**2).log().transpose(1, 2)

    def patches(self, sound: Tensor) -> Tensor:
        """Sum and difference patches (B, T, 2, P)."""
        left, right = self.spectra(sound).unbind(2)  # (B, F, bands)
        pair = torch.stack([(left + right) / 2, (right - left) / 2], dim=2)  # (B, F, 2, bands)
        per_latent = torch.unflatten(pair, 1, (-1, self.codec.frames_per_latent))  # (B, T, frames, 2, bands)
        return per_latent.transpose(2, 3).flatten(3)

    @torch.no_grad()
    def fit(self, patches: Tensor) -> None:
        """Set means and bases from training patches (N, 2, P). The difference's mean is zero: no side is preferred."""
        rows = patches.double()
        self.mean[0] = rows[:, 0].mean(0)
        stds = []
        for part, basis in enumerate((self.sum_basis, self.difference_basis)):
            centred = rows[:, part] - self.mean[part].double()
            values, vectors = torch.linalg.eigh(centred.T @ centred / len(rows))
            strongest = values.argsort(descending=True)[: len(basis)]
            basis.copy_(_upright(vectors[:, strongest].T))
            stds.append(values[strongest].clamp(min=1e-8).sqrt())
        self.std.copy_(torch.cat(stds))

    def forward(self, sound: Tensor) -> Tensor:
        """sound (B, samples, 2), whole latents long -> components (B, T, R), the difference's last."""
        mean, difference = (self.patches(sound) - self.mean).unbind(2)
        return torch.cat([mean @ self.sum_basis.T, difference @ self.difference_basis.T], dim=-1) / self.std

    def inverse(self, components: Tensor) -> Tensor:
        """Components (B, T, R) -> the log-mel spectra they stand for (B, F, 2, bands)."""
        scaled = components * self.std
        loudness = scaled[..., : self.codec.sum_components] @ self.sum_basis + self.mean[0]
        difference = scaled[..., self.codec.sum_components :] @ self.difference_basis
        pair = torch.stack([loudness - difference, loudness + difference], dim=2)  # (B, T, 2, P)
        frames = torch.unflatten(pair, 3, (self.codec.frames_per_latent, self.codec.mel_bands))
        return frames.transpose(2, 3).flatten(1, 2)

    def swapped(self, components: Tensor) -> Tensor:
        """The components of the same sound with left and right swapped."""
        sign = torch.ones_like(self.std)
        sign[self.codec.sum_components :] = -1
        return components * sign


def _upright(rows: Tensor) -> Tensor:
    """Eigenvectors with a sign that does not depend on the solver: the sum of each is not negative."""
    return rows * torch.where(rows.sum(1, keepdim=True) < 0, -1.0, 1.0)
