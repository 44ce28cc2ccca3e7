"""Fixed transforms as matrices: the inverse DFT (ONNX has no inverse STFT), mel bands, band interpolation."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def inverse_dft(samples: int) -> Tensor:
    """Matrix (2 * bins, samples) that turns stacked real and imaginary parts into a windowed frame.

    The Hann window is part of it. With an overlap of three or more hops, both the window and its square sum to a
    constant, so neither tones nor independent noise frames ripple at the hop rate.
    """
    bins = samples // 2 + 1
    phase = 2 * np.pi * np.outer(np.arange(bins), np.arange(samples)) / samples
    weight = np.full((bins, 1), 2.0)
    weight[0] = 1.0
    if samples % 2 == 0:
        weight[-1] = 1.0
    window = np.hanning(samples + 1)[:-1]
    matrix = np.concatenate([weight * np.cos(phase), -weight * np.sin(phase)]) * window / np.sqrt(samples)
    return torch.from_numpy(matrix.astype(np.float32))


def mel_filters(bins: int, bands: int, sample_rate_hz: int, low_hz: float = 40.0) -> Tensor:
    """Triangular filters (bins, bands), each of unit sum, evenly spaced in mel (O'Shaughnessy's formula)."""

    def mel(hz: float) -> float:
        return float(2595 * np.log10(1 + hz / 700))

    edges_hz = 700 * (10 ** (np.linspace(mel(low_hz), mel(sample_rate_hz / 2), bands + 2) / 2595) - 1)
    hz = np.linspace(0, sample_rate_hz / 2, bins)[:, None]
    low, mid, high = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    filters = np.clip(np.minimum((hz - low) / (mid - low), (high - hz) / (high - mid)), 0, None)
    nearest = np.abs(hz - mid).argmin(axis=0)
    filters[nearest, np.arange(bands)] += filters.sum(axis=0) == 0  # a band narrower than one bin takes the nearest
    return torch.from_numpy((filters / filters.sum(axis=0)).astype(np.float32))


def band_interpolation(bands: int, bins: int, sample_rate_hz: int) -> Tensor:
    """Matrix (bands, bins) that draws a straight line on the mel axis between band values."""
    hz = np.linspace(0, sample_rate_hz / 2, bins)
    position = np.log1p(hz / 700) / np.log1p(sample_rate_hz / 2 / 700) * (bands - 1)
    distance = np.abs(position[None, :] - np.arange(bands)[:, None])
    return torch.from_numpy(np.clip(1 - distance, 0, None).astype(np.float32))
