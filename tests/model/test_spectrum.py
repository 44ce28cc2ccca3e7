"""Matrices of the codec: the inverse DFT with its window, mel bands, band interpolation."""

from __future__ import annotations

import pytest
import torch

from stereosync_model.codec import Decoder
from stereosync_model.config import ModelConfig
from stereosync_model.patches import Patches
from stereosync_model.spectrum import inverse_dft, mel_filters, mel_interpolation, mel_points_hz

WINDOW, HOP = 720, 240


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(ModelConfig(), Patches(ModelConfig()))


def sines() -> torch.Tensor:
    """Two tones left, one right, (2, 14 * HOP)."""
    time_s = torch.arange(14 * HOP) / 48_000
    left = torch.sin(2 * torch.pi * 441 * time_s) + 0.3 * torch.sin(2 * torch.pi * 7013 * time_s)
    return torch.stack([left, 0.5 * torch.cos(2 * torch.pi * 130 * time_s)])


def test_inverse_transform_and_overlap_add_return_the_signal(decoder: Decoder) -> None:
    sound = sines()
    spectrum = torch.fft.rfft(sound.unfold(-1, WINDOW, HOP)) / WINDOW**0.5  # (2, 12, bins)
    stacked = torch.cat([spectrum.real, spectrum.imag], dim=-1).transpose(0, 1)[None]  # (1, 12, 2, 2 * bins)
    made, ringing = decoder.overlap_add(stacked @ decoder.inverse, torch.zeros(1, 2, 2, WINDOW))
    settled = slice(2 * HOP, 12 * HOP)  # three windows overlap from here on, and their sum is 3 / 2
    torch.testing.assert_close(made[0, :, settled], 1.5 * sound[:, settled], atol=1e-4, rtol=1e-4)
    assert ringing.shape == (1, 2, 2, WINDOW)


@pytest.mark.parametrize(("power", "total"), [(1, 3 / 2), (2, 9 / 8)])
def test_windows_and_their_squares_overlap_to_a_constant(power: int, total: float) -> None:
    bins = WINDOW // 2 + 1
    constant = torch.zeros(2 * bins)
    constant[0] = WINDOW**0.5
    window = constant @ inverse_dft(WINDOW)
    torch.testing.assert_close(window.pow(power).reshape(3, HOP).sum(0), torch.full((HOP,), total), atol=1e-5, rtol=0)


@pytest.mark.parametrize(("bins", "bands"), [(361, 64), (129, 20), (1025, 80)])
def test_every_mel_band_hears_something_and_weighs_one(bins: int, bands: int) -> None:
    filters = mel_filters(bins, bands, 48_000)
    torch.testing.assert_close(filters.sum(0), torch.ones(bands))
    assert (filters >= 0).all()
    assert (filters.argmax(0).diff() >= 0).all()


def test_interpolated_bands_keep_a_constant_and_their_order() -> None:
    matrix = mel_interpolation(12, 361, 48_000)
    torch.testing.assert_close(matrix.sum(0), torch.ones(361))
    rising = torch.arange(12.0) @ matrix
    assert rising[0] == 0
    assert rising[-1] == pytest.approx(11)
    assert (rising.diff() >= 0).all()
    inside = (rising > 0) & (rising < 11)
    assert (rising.diff()[inside[:-1]] > 0).all()


def test_a_band_has_its_own_value_at_its_centre() -> None:
    bands, bins = 12, 2049
    matrix, centres_hz = mel_interpolation(bands, bins, 48_000), mel_points_hz(bands, 48_000)[1:-1]
    at_centre = matrix[:, [round(hz / 24_000 * (bins - 1)) for hz in centres_hz]]
    torch.testing.assert_close(at_centre, torch.eye(bands), atol=0.05, rtol=0)
