"""Losses of the codec: log-mel at several resolutions on left, right, mid and side, and where the sound sits."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from stereosync_model.spectrum import mel_filters

RESOLUTIONS = ((256, 20), (512, 40), (1024, 64), (2048, 80))  # window samples, mel bands
WINDOWS = tuple(window for window, _ in RESOLUTIONS)
LOG_FLOOR = 1e-5
LEVEL_BANDS = 8
LEVEL_WINDOW_S = 0.08


class MultiResolutionMel(nn.Module):
    """Mean absolute difference of log-mel spectra of left, right, mid and side at four resolutions.

    Source: Yamamoto et al., "Parallel WaveGAN", arXiv 1910.11480 (multi-resolution STFT loss), here on mel bands.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        super().__init__()
        for window, bands in RESOLUTIONS:
            self.register_buffer(f"window_{window}", torch.hann_window(window), persistent=False)
            filters = mel_filters(window // 2 + 1, bands, sample_rate_hz)
            self.register_buffer(f"filters_{window}", filters, persistent=False)

    def log_mel(self, sound: Tensor, window: int) -> Tensor:
        """sound (B, C, samples) -> natural log of mel amplitude (B, C, T, bands)."""
        taper: Tensor = getattr(self, f"window_{window}")
        filters: Tensor = getattr(self, f"filters_{window}")
        frames = sound.unfold(-1, window, window // 2)  # (B, C, T, window)
        spectrum = torch.view_as_real(torch.fft.rfft(frames * taper))
        power = spectrum.square().sum(-1) / window
        return 0.5 * (power @ filters + LOG_FLOOR**2).log()

    def forward(self, made: Tensor, true: Tensor, windows: Sequence[int] = WINDOWS) -> Tensor:
        """made, true (B, 2, samples) -> scalar; `windows` names the resolutions that count this time."""
        made, true = with_mid_side(made), with_mid_side(true)
        losses = []
        for window in windows:
            with torch.no_grad():
                target = self.log_mel(true, window)
            losses.append((self.log_mel(made, window) - target).abs().mean())
        return torch.stack(losses).mean()


def with_mid_side(stereo: Tensor) -> Tensor:
    """(B, 2, samples) -> (B, 4, samples): left, right, mid, side."""
    left, right = stereo.unbind(1)
    return torch.stack([left, right, (left + right) / 2, (left - right) / 2], dim=1)


class LevelDifference(nn.Module):
    """Error of the right-left level difference in bands and short windows, weighted by how loud the truth is there."""

    filters: Tensor  # (bins, bands)

    def __init__(self, sample_rate_hz: int) -> None:
        super().__init__()
        self.window_samples = round(LEVEL_WINDOW_S * sample_rate_hz)
        bins = self.window_samples // 2 + 1
        self.register_buffer("filters", mel_filters(bins, LEVEL_BANDS, sample_rate_hz), persistent=False)

    def levels(self, sound: Tensor) -> Tensor:
        """Natural log of band power, (B, 2, samples) -> (B, 2, T, bands)."""
        frames = sound.unfold(-1, self.window_samples, self.window_samples // 2)
        power = torch.view_as_real(torch.fft.rfft(frames)).square().sum(-1) / self.window_samples
        return (power @ self.filters + LOG_FLOOR**2).log()

    def forward(self, made: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
        """made, true (B, 2, samples) -> weighted error of the difference, and of the levels themselves."""
        made_level, true_level = self.levels(made), self.levels(true)
        loud = (true_level.amax(1) + 14).clamp(0, 10) / 10  # 0 at about -60 dB, 1 at about -17 dB
        difference = (made_level - true_level).diff(dim=1).squeeze(1).abs()
        return (difference * loud).mean() / loud.mean().clamp(min=0.05), (made_level - true_level).abs().mean()
