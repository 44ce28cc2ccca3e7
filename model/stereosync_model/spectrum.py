"""Fixed transforms as matrices: the inverse DFT (ONNX has no inverse STFT), mel bands, interpolation between them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

FloatArray = npt.NDArray[np.float64]


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


def mel_points_hz(bands: int, sample_rate_hz: int, low_hz: float = 40.0) -> FloatArray:
    """Edges and centres of `bands` triangular filters (bands + 2,), evenly spaced in mel (O'Shaughnessy's formula)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (low_hz, sample_rate_hz / 2))
    points: FloatArray = 700 * (10 ** (np.linspace(low, high, bands + 2) / 2595) - 1)
    return points


def mel_filters(bins: int, bands: int, sample_rate_hz: int) -> Tensor:
    """Triangular filters (bins, bands), each of unit sum."""
    points_hz = mel_points_hz(bands, sample_rate_hz)
    hz = np.linspace(0, sample_rate_hz / 2, bins)[:, None]
    low, mid, high = points_hz[:-2], points_hz[1:-1], points_hz[2:]
    filters = np.clip(np.minimum((hz - low) / (mid - low), (high - hz) / (high - mid)), 0, None)
    nearest = np.abs(hz - mid).argmin(axis=0)
    filters[nearest, np.arange(bands)] += filters.sum(axis=0) == 0  # a band narrower than one bin takes the nearest
    return torch.from_numpy((filters / filters.sum(axis=0)).astype(np.float32))


def mel_interpolation(bands: int, bins: int, sample_rate_hz: int) -> Tensor:
    """Matrix (bands, bins) that draws straight lines, in mel, between values at the centres of `mel_filters`."""
    centres = np.log1p(mel_points_hz(bands, sample_rate_hz)[1:-1] / 700)
    at = np.clip(np.log1p(np.linspace(0, sample_rate_hz / 2, bins) / 700), centres[0], centres[-1])
    weights = np.stack([np.interp(at, centres, row) for row in np.eye(bands)])
    return torch.from_numpy(weights.astype(np.float32))
