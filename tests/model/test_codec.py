"""Decoder: pieces equal the whole, no sound precedes its latent, and an untrained one has loudness, colour, side."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync_model.codec import CHANNELS, NOISE_LEVEL, Decoder
from stereosync_model.config import CodecConfig, ModelConfig
from stereosync_model.model import Model
from stereosync_model.patches import Patches
from stereosync_model.spectrum import inverse_dft

LATENTS, SAMPLES = 9, 960
LOG_TO_DB = 8.685889638  # amplitude, natural logarithm


@pytest.fixture(scope="module")
def decoder(tiny_model: Model) -> Decoder:
    return tiny_model.decoder


def draw(decoder: Decoder, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Components (2, T, R) and noise."""
    random = torch.Generator().manual_seed(seed)
    latents = torch.randn(2, LATENTS, decoder.codec.components, generator=random)
    return latents, torch.randn(2, *decoder.noise_shape(LATENTS), generator=random)


@pytest.mark.parametrize("cuts", [[1] * 9, [2, 2, 2, 2, 1], [4, 5], [1, 7, 1]], ids=str)
def test_decoded_pieces_equal_the_whole(decoder: Decoder, cuts: list[int]) -> None:
    latents, noise = draw(decoder)
    whole = decoder.decode(latents, noise)
    assert whole.shape == (2, CHANNELS, LATENTS * SAMPLES)
    frames = [count * decoder.codec.frames_per_latent for count in cuts]
    history, pieces = decoder.initial(2), []
    for latent, part in zip(latents.split(cuts, dim=1), noise.split(frames, dim=1), strict=True):
        sound, history = decoder(latent, part, history)
        pieces.append(sound)
    peak = float(whole.abs().max())
    torch.testing.assert_close(torch.cat(pieces, dim=-1), whole, atol=1e-5 * peak, rtol=1e-4)


@pytest.mark.parametrize("now", [1, 4, 8])
def test_no_sound_precedes_its_latent(decoder: Decoder, now: int) -> None:
    latents, noise = draw(decoder)
    changed = latents.clone()
    changed[:, now:] += 1
    difference = (decoder.decode(changed, noise) - decoder.decode(latents, noise)).abs()
    assert difference[..., : now * SAMPLES].max() < 1e-7
    assert difference[..., now * SAMPLES : (now + 1) * SAMPLES].max() > 1e-5


def coloured_noise(clips: int, latents: int, seed: int) -> Tensor:
    """Noise (clips, samples, 2) that falls with frequency; each clip has a loudness and a side of its own."""
    random = torch.Generator().manual_seed(seed)
    white = torch.randn(clips, latents * SAMPLES, 2, generator=random)
    hz = torch.fft.rfftfreq(latents * SAMPLES, 1 / 48_000)
    colour = 1 / (1 + (hz / 800).square()).sqrt() + 0.03
    level = torch.empty(clips, 1, 2).uniform_(-4.5, -2.0, generator=random).exp()
    return level * torch.fft.irfft(torch.fft.rfft(white, dim=1) * colour[:, None], n=white.shape[1], dim=1)


def test_an_untrained_decoder_has_the_loudness_colour_and_side_of_what_it_was_fitted_to() -> None:
    torch.manual_seed(1)
    config = ModelConfig(codec=CodecConfig(width=32, latent_width=32, blocks=1))
    patches = Patches(config)
    patches.fit(patches.patches(coloured_noise(60, 30, seed=0)).flatten(0, 1))
    decoder = Decoder(config, patches).requires_grad_(False)
    true = coloured_noise(6, 40, seed=1)
    noise = torch.randn(6, *decoder.noise_shape(40), generator=torch.Generator().manual_seed(2))
    made = decoder.decode(patches(true), noise).transpose(1, 2)
    settled = slice(4, -4)  # STFT frames; where sound begins or ends, windows are not full
    ours, theirs = (patches.spectra(sound)[:, settled].mean(1) * LOG_TO_DB for sound in (made, true))
    assert float((ours - theirs).abs().max()) < 2  # every band, channel and clip
    sides = [(sound.square().mean(1).log10() * 10).diff(dim=1)[:, 0] for sound in (made, true)]
    torch.testing.assert_close(sides[0], sides[1], atol=2, rtol=0)
    assert float(sides[1].abs().max()) > 6  # some clips are on one side


def silent_networks(decoder: Decoder) -> Decoder:
    """A copy whose mending says nothing, so that a test can write into its bias."""
    decoder = deepcopy(decoder)
    decoder.mend.weight.zero_()
    decoder.mend.bias.zero_()
    return decoder


def noise_of(decoder: Decoder, levels: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Left and right noise spectra (1, frames, 2 * bins) at log levels (2, bands) of a decoder without features."""
    noise = torch.randn(1, frames, 3, 2 * decoder.bins, generator=torch.Generator().manual_seed(1))
    features = torch.zeros(1, frames, decoder.codec.width)
    left, right = decoder.noise_spectrum(features, levels.expand(1, frames, -1, -1), noise).unbind(2)
    return left, right


@pytest.mark.parametrize(("own_share", "correlation"), [(0.0, 1.0), (0.25, 0.75), (0.5, 0.5), (1.0, 0.0)])
def test_left_and_right_noise_correlate_by_the_common_share(
    decoder: Decoder, own_share: float, correlation: float
) -> None:
    decoder = silent_networks(decoder)
    bands = decoder.codec.mel_bands
    decoder.mend.bias[CHANNELS * bands :] = torch.logit(torch.tensor(own_share), eps=1e-6)
    left, right = noise_of(decoder, torch.full((CHANNELS, bands), -NOISE_LEVEL), 120)
    both = torch.corrcoef(torch.stack([left.flatten(), right.flatten()]))
    assert float(both[0, 1]) == pytest.approx(correlation, abs=0.02)
    assert float(left.std()) == pytest.approx(1.0, abs=0.02)


def test_noise_gains_follow_their_channel(decoder: Decoder) -> None:
    bands = decoder.codec.mel_bands
    levels = torch.stack([torch.full((bands,), -1.0), torch.full((bands,), -3.0)])
    left, right = noise_of(silent_networks(decoder), levels, 60)
    assert float((left.std() / right.std()).log()) == pytest.approx(2.0, abs=0.02)


def test_tones_are_placed_like_the_noise_of_their_band(decoder: Decoder) -> None:
    levels = torch.stack([torch.full((decoder.codec.mel_bands,), level) for level in (-1.0, -3.0)])
    x = torch.randn(1, 5, decoder.codec.width, generator=torch.Generator().manual_seed(3))
    left, right = decoder.tone_spectrum(x, levels.expand(1, 5, -1, -1)).unbind(2)
    torch.testing.assert_close(left, right * torch.tensor(2.0).exp(), atol=1e-5, rtol=1e-4)
    assert left.abs().max() > 1e-4


def test_promised_powers_are_those_of_the_spectra(decoder: Decoder) -> None:
    random = torch.Generator().manual_seed(4)
    x = torch.randn(1, 2, decoder.codec.width, generator=random)
    levels = torch.randn(1, 2, CHANNELS, decoder.codec.mel_bands, generator=random) - 4
    tone, noise = decoder.powers(x, levels)
    draws = torch.randn(400, *decoder.noise_shape(1), generator=random)[:, :2]
    made = decoder.noise_spectrum(x.expand(400, -1, -1), levels.expand(400, -1, -1, -1), draws)
    assert float(made.square().sum() / 400 / noise.sum()) == pytest.approx(1, abs=0.02)
    sharp = decoder.tone_spectrum(x, levels).unflatten(-1, (2, -1)).square().sum(-2)
    torch.testing.assert_close(sharp.sum(-1), tone.sum(-1), atol=0, rtol=0.01)


def test_the_window_of_the_inverse_is_as_long_as_the_decoders(decoder: Decoder) -> None:
    torch.testing.assert_close(decoder.inverse, inverse_dft(decoder.window_samples))
    assert decoder.inverse.shape == (2 * decoder.bins, decoder.window_samples)
