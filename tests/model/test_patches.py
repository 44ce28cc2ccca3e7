"""Components of sounds: the way back, the strongest first, and left and right that are a matter of sign."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stereosync_model.config import CodecConfig, ModelConfig
from stereosync_model.patches import Patches

LATENTS, SAMPLES = 7, 960
CODEC = CodecConfig(sum_components=5, difference_components=3, mel_bands=12)
SIZE = CODEC.frames_per_latent * CODEC.mel_bands
MEAN = -4.0
SUM_STD = torch.tensor([9.0, 7.0, 5.0, 3.0, 2.0])
DIFFERENCE_STD = torch.tensor([6.0, 4.0, 1.5])


def directions(count: int, seed: int) -> Tensor:
    """Orthonormal rows (count, P)."""
    square = torch.randn(SIZE, SIZE, generator=torch.Generator().manual_seed(seed))
    return torch.linalg.qr(square)[0][:count]


def low_rank(count: int = 4000, seed: int = 0) -> Tensor:
    """Patches (N, 2, P) that as many independent components make as the codec has."""
    random = torch.Generator().manual_seed(seed)
    parts = [
        (torch.randn(count, len(std), generator=random) * std) @ directions(len(std), seed=7 + len(std))
        for std in (SUM_STD, DIFFERENCE_STD)
    ]
    return torch.stack([parts[0] + MEAN, parts[1]], dim=1)


@pytest.fixture(scope="module")
def patches() -> Patches:
    patches = Patches(ModelConfig(codec=CODEC))
    patches.fit(low_rank())
    return patches


def components_of(patches: Patches, rows: Tensor) -> Tensor:
    """What `forward` makes of patches (N, 2, P)."""
    mean, difference = (rows - patches.mean).unbind(1)
    return torch.cat([mean @ patches.sum_basis.T, difference @ patches.difference_basis.T], dim=-1) / patches.std


def sound_of(patches: Patches, seed: int = 3) -> Tensor:
    """Noise (2, samples, 2), each channel of each latent as loud as is drawn."""
    random = torch.Generator().manual_seed(seed)
    gain = torch.randn(2, LATENTS, 1, 2, generator=random).exp() * 0.02
    noise = torch.randn(2, LATENTS, SAMPLES, 2, generator=random)
    assert patches.hop_samples * CODEC.frames_per_latent == SAMPLES
    return (gain * noise).flatten(1, 2)


def test_components_of_the_fitted_patches_have_unit_variance_and_no_correlation(patches: Patches) -> None:
    made = components_of(patches, low_rank())
    for part in made.split([CODEC.sum_components, CODEC.difference_components], dim=1):
        torch.testing.assert_close(part.T @ part / len(part), torch.eye(part.shape[1]), atol=1e-3, rtol=0)


def test_the_strongest_comes_first(patches: Patches) -> None:
    torch.testing.assert_close(patches.std, torch.cat([SUM_STD, DIFFERENCE_STD]), atol=0, rtol=0.06)


def test_what_the_bases_span_comes_back(patches: Patches) -> None:
    """Patches of low rank that the fit has not seen, as spectra of left and right."""
    rows = low_rank(count=LATENTS, seed=5)
    made = patches.inverse(components_of(patches, rows)[None])  # (1, F, 2, bands)
    left, right = rows[:, 0] - rows[:, 1], rows[:, 0] + rows[:, 1]
    expected = torch.stack([left, right], dim=1).unflatten(2, (CODEC.frames_per_latent, CODEC.mel_bands))
    torch.testing.assert_close(made[0], expected.transpose(1, 2).flatten(0, 1), atol=1e-3, rtol=1e-3)


def test_with_every_component_the_spectra_of_any_sound_come_back() -> None:
    codec = CodecConfig(sum_components=SIZE, difference_components=SIZE, mel_bands=CODEC.mel_bands)
    patches, sound = Patches(ModelConfig(codec=codec)), sound_of(Patches(ModelConfig(codec=CODEC)))
    patches.fit(patches.patches(sound_of(patches, seed=9)).flatten(0, 1) + low_rank(count=2 * LATENTS))
    assert patches(sound).shape == (2, LATENTS, 2 * SIZE)
    patches.std.clamp_(min=1.0)  # directions that a small fit has not seen would be blown up by rounding
    torch.testing.assert_close(patches.inverse(patches(sound)), patches.spectra(sound), atol=2e-3, rtol=2e-3)


def test_left_and_right_swapped_turn_the_difference_and_nothing_else(patches: Patches) -> None:
    sound = sound_of(patches)
    plain, other = patches(sound), patches(sound.flip(2))
    assert plain.shape == (2, LATENTS, CODEC.components)
    torch.testing.assert_close(other, patches.swapped(plain), atol=1e-4, rtol=1e-4)
    loudness, difference = (other - plain).split([CODEC.sum_components, CODEC.difference_components], dim=-1)
    assert float(loudness.abs().max()) < 1e-3
    assert float(difference.abs().min()) > 1e-3


def test_what_is_on_the_right_has_a_positive_difference(patches: Patches) -> None:
    sound = sound_of(patches) * torch.tensor([0.1, 1.0])
    _, difference = patches.patches(sound).unbind(2)
    assert float(difference.mean()) > 0
    left, right = patches.spectra(sound).unbind(2)
    assert float(right.mean()) > float(left.mean())


def test_a_channel_ten_times_as_loud_is_20_db_up(patches: Patches) -> None:
    sound = sound_of(patches)
    left, right = patches.spectra(torch.stack([sound[..., 0], 10 * sound[..., 0]], dim=-1)).unbind(2)
    assert float((right - left).median()) == pytest.approx(2.3026, abs=0.01)


def test_a_latent_knows_nothing_of_sound_after_its_last_frame(patches: Patches) -> None:
    sound = sound_of(patches)
    changed = sound.clone()
    reach = patches.window_samples - patches.hop_samples
    changed[:, 3 * SAMPLES + reach :] *= -2
    torch.testing.assert_close(patches(changed)[:, :3], patches(sound)[:, :3])
    assert float((patches(changed)[:, 4] - patches(sound)[:, 4]).abs().max()) > 1e-2


def test_patches_without_any_variation_stay_finite() -> None:
    patches = Patches(ModelConfig(codec=CODEC))
    patches.fit(torch.full((50, 2, SIZE), MEAN))
    assert torch.isfinite(patches(torch.zeros(1, SAMPLES, 2))).all()


def test_the_fit_does_not_depend_on_which_side_is_which(patches: Patches) -> None:
    mirrored = Patches(ModelConfig(codec=CODEC))
    mirrored.fit(low_rank() * torch.tensor([1.0, -1.0])[:, None])
    for name, value in patches.state_dict().items():
        torch.testing.assert_close(mirrored.state_dict()[name], value, atol=1e-4, rtol=1e-3)
