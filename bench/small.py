"""The sampler and decoder of Stable Audio Open Small's architecture with random weights: a figure of speed, no sound.

Text encoder and conditioners are left out, which is in its favour, and so is that no guidance is assumed.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

CONFIG = (
    "huggingface.co/FastVideo/stable-audio-open-small-Diffusers (converted from stabilityai/stable-audio-open-small)"
)
SOURCES = {
    "transformer": f"io_channels 64, embed_dim 1024, depth 16, 8 heads, condition 768, global 768: {CONFIG}",
    "decoder": "Oobleck as in Stable Audio Open 1.0, 2048 samples a latent: the same repository, vae/config.json",
    "condition": "64 tokens of text and one of duration: the same repository, conditioner/config.json",
    "length": "sample_size 524288 at 44.1 kHz is 256 latents, 11.9 s: as a service that runs the model reports it",
    "steps": "8, sampler pingpong: huggingface.co/spaces/hugggof/saos, README; no guidance is assumed",
    "weights": "random, so this is a figure of speed only",
    "left out": "text encoder, conditioners, and the norm of queries and keys, which diffusers' transformer has not",
}


@dataclass(frozen=True)
class SmallSizes:
    """The model's sizes; smaller ones are for trying the bench out."""

    latents: int = 256
    channels: int = 64
    layers: int = 16
    heads: int = 8
    head_dim: int = 128
    condition_dim: int = 768
    condition_tokens: int = 65
    decoder_channels: int = 128
    multiples: tuple[int, ...] = (1, 2, 4, 8, 16)
    strides: tuple[int, ...] = (2, 4, 4, 8, 8)
    steps: int = 8
    sample_rate_hz: int = 44_100

    @property
    def audio_s(self) -> float:
        samples = self.latents
        for stride in self.strides:
            samples *= stride
        return samples / self.sample_rate_hz


class Small:
    """Transformer and decoder, made of random numbers.

    Raises:
        ImportError: diffusers is not installed; the message says how to.
    """

    def __init__(self, sizes: SmallSizes) -> None:
        import torch

        self.sizes = sizes
        torch.manual_seed(0)
        self._transformer = _transformer(sizes).eval().requires_grad_(False)
        self._decoder = _decoder(sizes).eval().requires_grad_(False)
        shape = (1, sizes.condition_tokens, sizes.condition_dim)
        self._condition, self._global = torch.randn(shape), torch.randn(1, 1, sizes.condition_dim)

    @property
    def parameters(self) -> dict[str, int]:
        """Numbers of weights that are used."""
        used = {"transformer": self._transformer, "decoder": self._decoder}
        return {name: sum(weights.numel() for weights in module.parameters()) for name, module in used.items()}

    def make(self) -> dict[str, float]:
        """One clip; the seconds of its parts. Nothing can be heard before all of it is done."""
        import torch

        with torch.inference_mode():
            began_s = time.perf_counter()
            latents = self._sample()
            sampled_s = time.perf_counter()
            self._decoder(latents)
            return {"sampler_s": sampled_s - began_s, "decoder_s": time.perf_counter() - sampled_s}

    def _sample(self) -> Any:
        """Noise to latents (1, channels, latents): denoise, then put under less noise, step after step."""
        import torch
        from diffusers.models.embeddings import get_1d_rotary_pos_embed

        sizes = self.sizes
        rotary = get_1d_rotary_pos_embed(sizes.head_dim // 2, sizes.latents + 1, use_real=True)
        times = torch.linspace(1.0, 0.0, sizes.steps + 1)
        z = torch.randn(1, sizes.channels, sizes.latents)
        for now, then in pairwise(times):
            velocity = self._transformer(
                z, now[None], self._condition, self._global, rotary_embedding=rotary, return_dict=False
            )[0]
            z = (1 - then) * (z - now * velocity) + then * torch.randn_like(z)
        return z


def _transformer(sizes: SmallSizes) -> Any:
    try:
        from diffusers.models.transformers.stable_audio_transformer import StableAudioDiTModel
    except ImportError as error:
        raise ImportError(f"this peer needs diffusers ({error}): pip install diffusers") from error
    return StableAudioDiTModel(
        sample_size=sizes.latents,
        in_channels=sizes.channels,
        out_channels=sizes.channels,
        num_layers=sizes.layers,
        attention_head_dim=sizes.head_dim,
        num_attention_heads=sizes.heads,
        num_key_value_attention_heads=sizes.heads,
        cross_attention_dim=sizes.heads * sizes.head_dim,
        cross_attention_input_dim=sizes.condition_dim,
        global_states_input_dim=sizes.condition_dim,
    )


def _decoder(sizes: SmallSizes) -> Any:
    """The decoder with its weights' norms folded in, as for serving; the encoder is not used."""
    from diffusers.models.autoencoders.autoencoder_oobleck import AutoencoderOobleck
    from torch.nn.utils import remove_weight_norm

    with warnings.catch_warnings(action="ignore", category=FutureWarning):  # diffusers uses the older weight_norm
        decoder = AutoencoderOobleck(
            encoder_hidden_size=8,
            downsampling_ratios=list(sizes.strides),
            channel_multiples=list(sizes.multiples),
            decoder_channels=sizes.decoder_channels,
            decoder_input_channels=sizes.channels,
        ).decoder
        for module in decoder.modules():
            if hasattr(module, "weight_g"):
                remove_weight_norm(module)
    return decoder
