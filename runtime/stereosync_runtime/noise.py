"""Random numbers as a pure function of seed and place, so that a stream does not depend on how it was cut up."""

from __future__ import annotations

import numpy as np

from stereosync.scene import Float32Array

SAMPLER, DECODER, HISTORY = 0, 1, 2  # who draws: each has its own numbers
MASK = (1 << 64) - 1


def unit_noise(seed: int, latent_index: int, drawer: int, shape: tuple[int, ...]) -> Float32Array:
    """Unit Gaussian noise of one latent. `seed` is taken modulo 2**64.

    Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Philox), keyed by seed and place.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed & MASK, latent_index], counter=[0, 0, 0, drawer]))
    return generator.standard_normal(shape, dtype=np.float32)
