"""Random numbers as a pure function of seed and place, so that a stream does not depend on how it was cut up."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stereosync.bundle import Bundle
from stereosync.scene import Float32Array

SAMPLER, DECODER, MEMORY = 0, 1, 3  # who draws: each has its own numbers, for good
MASK = (1 << 64) - 1


def unit_noise(seed: int, latent_index: int, drawer: int, shape: tuple[int, ...]) -> Float32Array:
    """Unit Gaussian noise of one latent. `seed` is taken modulo 2**64.

    Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox), keyed by seed and place.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed & MASK, latent_index], counter=[0, 0, 0, drawer]))
    return generator.standard_normal(shape, dtype=np.float32)


class LatentNoise(NamedTuple):
    """Unit Gaussian noise of one latent: for the sampler (1, D), for the decoder, and what lasts of it (M, D)."""

    sampler: Float32Array
    decoder: Float32Array
    memory: Float32Array


class Noise:
    """The random numbers of a bundle's streams.

    Some of the sampler's noise lasts: each of its M parts is a first-order autoregression. Noise that is alike from
    latent to latent makes latents that are alike: what the cues leave open - the shoe, the wind of this minute - stays
    as it was drawn. After "PYoCo" (Ge et al., "Preserve your own correlation", arXiv 2305.10474), which does the same
    along the frames of a video.
    """

    def __init__(self, bundle: Bundle) -> None:
        parts, dim = bundle.noise_memory, bundle.latent_dim
        keep = np.array([math.exp(-bundle.clock.latent_s / part.seconds) for part in parts], np.float32)[:, None]
        shares = np.array([part.shares for part in parts], np.float32).reshape(-1, dim)
        self._keep, self._renew = keep, np.sqrt(1 - keep**2)  # of each part in a latent, (M, 1)
        self._shares = np.sqrt(shares)  # amplitudes of the parts, (M, D)
        self._white = np.sqrt(np.maximum(1 - shares.sum(0, keepdims=True), 0))  # and of the rest, (1, D)
        self._shape = (1 + len(parts), dim)
        self._decoder_shape = next(
            (one.shape for one in bundle.graphs["decoder"].inputs if one.name == "noise"), (1, 0)
        )

    def initial_memory(self, seed: int) -> Float32Array:
        """The lasting parts (M, D) of a stream's sampler noise before its first latent."""
        parts, dim = self._shape
        return unit_noise(seed, 0, MEMORY, (parts - 1, dim))

    def of_latent(self, seed: int, latent_index: int, memory: Float32Array) -> LatentNoise:
        """The noise of a latent; `memory` is what lasts of that of the latent before."""
        fresh = unit_noise(seed, latent_index, SAMPLER, self._shape)
        parts = self._keep * memory + self._renew * fresh[1:]
        sampler = (self._shares * parts).sum(0, keepdims=True) + self._white * fresh[:1]
        decoder = unit_noise(seed, latent_index, DECODER, self._decoder_shape)
        return LatentNoise(sampler.astype(np.float32), decoder, parts.astype(np.float32))
