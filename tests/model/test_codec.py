"""Codec: pieces equal the whole, no sound precedes its latent, left and right noise are as common as they are told."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync_model.codec import CHANNELS, Decoder
from stereosync_model.model import Model

LATENTS, SAMPLES = 9, 960


@pytest.fixture(scope="module")
def decoder(tiny_model: Model) -> Decoder:
    return tiny_model.decoder


def draw(decoder: Decoder, seed: int = 0) -> tuple[Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    latents = torch.randn(2, LATENTS, decoder.codec.latent_dim, generator=random)
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
    torch.testing.assert_close(torch.cat(pieces, dim=-1), whole, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("now", [1, 4, 8])
def test_no_sound_precedes_its_latent(decoder: Decoder, now: int) -> None:
    latents, noise = draw(decoder)
    changed = latents.clone()
    changed[:, now:] += 1
    difference = (decoder.decode(changed, noise) - decoder.decode(latents, noise)).abs()
    assert difference[..., : now * SAMPLES].max() < 1e-7
    assert difference[..., now * SAMPLES : (now + 1) * SAMPLES].max() > 1e-5


@pytest.mark.parametrize(("own_share", "correlation"), [(0.0, 1.0), (0.25, 0.75), (0.5, 0.5), (1.0, 0.0)])
def test_left_and_right_noise_correlate_by_the_common_share(
    decoder: Decoder, own_share: float, correlation: float
) -> None:
    decoder = deepcopy(decoder)
    bands = decoder.codec.noise_bands
    decoder.noise.weight.zero_()
    decoder.noise.bias.zero_()
    decoder.noise.bias[CHANNELS * bands :] = torch.logit(torch.tensor(own_share), eps=1e-6)
    noise = torch.randn(1, 120, 3, 2 * decoder.bins, generator=torch.Generator().manual_seed(1))
    made = decoder.noise_spectrum(torch.zeros(1, 120, decoder.codec.width), noise)  # (1, 120, 2, 2 * bins)
    left, right = made.unbind(2)
    both = torch.corrcoef(torch.stack([left.flatten(), right.flatten()]))
    assert float(both[0, 1]) == pytest.approx(correlation, abs=0.02)
    assert float(left.std()) == pytest.approx(1.0, abs=0.02)


def test_gains_follow_their_channel(decoder: Decoder) -> None:
    decoder = deepcopy(decoder)
    bands = decoder.codec.noise_bands
    decoder.noise.weight.zero_()
    decoder.noise.bias[:bands], decoder.noise.bias[bands : 2 * bands] = -1.0, -3.0
    _, noise = draw(decoder)
    left, right = decoder.noise_spectrum(torch.zeros(2, noise.shape[1], decoder.codec.width), noise).unbind(2)
    assert float((left.std() / right.std()).log()) == pytest.approx(2.0, abs=0.02)


def test_the_encoder_gives_a_latent_for_every_960_samples(tiny_model: Model) -> None:
    sound = 0.1 * torch.randn(2, 7 * SAMPLES, 2, generator=torch.Generator().manual_seed(0))
    mean, log_variance = tiny_model.encoder(sound)
    assert mean.shape == log_variance.shape == (2, 7, tiny_model.config.codec.latent_dim)
    swapped, _ = tiny_model.encoder(sound.flip(2))
    assert (swapped - mean).abs().max() > 1e-3
