"""Random numbers as a pure function of seed and place, so that a stream does not depend on how it was cut up."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from stereosync.bundle import Bundle, NoiseMemory
from stereosync.scene import Float32Array

SAMPLER, DECODER, MEMORY = 0, 1, 3  # who draws: each has its own numbers, for good
MASK = (1 << 64) - 1


def unit_noise(seed: int, latent_index: int, drawer: int, shape: tuple[int, ...]) -> Float32Array:
    """Unit Gaussian noise of one latent. `seed` is taken modulo 2**64.

    Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox), keyed by seed and place.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed & MASK, latent_index], counter=[0, 0, 0, drawer]))
    return generator.standard_normal(shape, dtype=np.float32)


def initial_memory(bundle: Bundle, seed: int) -> Float32Array:
    """The lasting parts (M, D) of a stream's sampler noise before its first latent."""
    return unit_noise(seed, 0, MEMORY, (len(bundle.noise_memory), bundle.latent_dim))


def lasting_noise(
    bundle: Bundle, seed: int, latent_index: int, memory: Float32Array
) -> tuple[Float32Array, Float32Array]:
    """One latent's unit Gaussian noise (1, D) for the sampler, and its lasting parts (M, D) from those of the latent
    before.

    Each part is a first-order autoregression. Noise that is alike from latent to latent makes latents that are alike:
    what the cues leave open - the shoe, the wind of this minute - stays as it was drawn. After "PYoCo" (Ge et al.,
    "Preserve your own correlation", arXiv 2305.10474), which does the same along the frames of a video.
    """
    keep, renew, shares, white = _weights(bundle.noise_memory, bundle.clock.latent_s, bundle.latent_dim)
    fresh = unit_noise(seed, latent_index, SAMPLER, (1 + len(memory), bundle.latent_dim))
    parts = keep * memory + renew * fresh[1:]
    return (shares * parts).sum(0, keepdims=True) + white * fresh[:1], parts


@lru_cache(maxsize=8)
def _weights(parts: tuple[NoiseMemory, ...], latent_s: float, latent_dim: int) -> tuple[Float32Array, ...]:
    """What a latent keeps of each part and what is new in it, (M, 1), and amplitudes of the parts (M, D) and the rest
    (1, D). Shared between calls: read only.
    """
    keep = np.array([math.exp(-latent_s / part.seconds) for part in parts], np.float32)[:, None]
    shares = np.array([part.shares for part in parts], np.float32).reshape(-1, latent_dim)
    white = np.maximum(1 - shares.sum(0, keepdims=True), 0)
    return keep, np.sqrt(1 - keep**2), np.sqrt(shares), np.sqrt(white)
