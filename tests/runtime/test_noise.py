"""Noise: the same numbers for a seed for ever, and memory that follows its formula."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from stereosync.bundle import Bundle, GraphSpec, NoiseMemory, TensorSpec
from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec
from stereosync_runtime.noise import DECODER, SAMPLER, Noise, unit_noise

SHARES = ((0.5, 0.0, 0.9), (0.25, 0.75, 0.3))  # of the last number there is more than all
TIMES_S = (8.0, 0.12)


def noise_of(shares: tuple[tuple[float, ...], ...] = SHARES) -> Noise:
    memory = tuple(NoiseMemory(seconds, row) for seconds, row in zip(TIMES_S, shares, strict=False))
    decoder = GraphSpec("d.onnx", "", (TensorSpec("noise", (1, 2, 2)),), ())
    return Noise(
        Bundle("b", "1", Clock(), CueSpec(), 3, {}, {"decoder": decoder}, 0.2, noise_memory=memory, folder=Path())
    )


def test_a_seed_draws_the_numbers_that_it_always_drew() -> None:
    assert unit_noise(5, 7, DECODER, (2, 2)) == pytest.approx(
        np.array([[-0.8559868, 0.0539478], [-0.0806697, -1.2276818]]), abs=1e-6
    )
    assert unit_noise(5, 7, DECODER, (2, 2)).dtype == np.float32


def test_a_longer_draw_begins_like_a_shorter_one() -> None:
    assert np.array_equal(unit_noise(5, 7, DECODER, (4, 25))[0], unit_noise(5, 7, DECODER, (25,)))


def test_lasting_noise_is_the_sum_of_its_parts() -> None:
    before = noise_of().initial_memory(5)
    drawn = noise_of().of_latent(5, 7, before)
    fresh = unit_noise(5, 7, SAMPLER, (3, 3)).astype(np.float64)
    for part, old, new, seconds in zip(drawn.memory, before, fresh[1:], TIMES_S, strict=True):
        keep = math.exp(-Clock().latent_s / seconds)
        assert part == pytest.approx(keep * old + math.sqrt(1 - keep**2) * new, abs=1e-6)
    white = np.sqrt(np.maximum(1 - np.sum(SHARES, 0), 0))
    expected = (np.sqrt(SHARES) * drawn.memory).sum(0, keepdims=True) + white * fresh[:1]
    assert drawn.sampler == pytest.approx(expected, abs=1e-6)
    assert (drawn.sampler.shape, drawn.sampler.dtype, drawn.memory.dtype) == ((1, 3), np.float32, np.float32)


def test_the_decoders_noise_has_the_shape_that_its_graph_takes() -> None:
    noise = noise_of()
    drawn = noise.of_latent(5, 7, noise.initial_memory(5))
    assert np.array_equal(drawn.decoder, unit_noise(5, 7, DECODER, (1, 2, 2)))


def test_each_bundle_has_its_own_memory() -> None:
    memory = noise_of().initial_memory(5)
    first = noise_of().of_latent(5, 7, memory).sampler
    other = noise_of(((0.1, 0.1, 0.1), (0.1, 0.1, 0.1))).of_latent(5, 7, memory).sampler
    again = noise_of().of_latent(5, 7, memory).sampler
    assert not np.allclose(first, other)
    assert np.array_equal(first, again)


def test_without_memory_the_noise_is_drawn_afresh() -> None:
    drawn = noise_of(()).of_latent(5, 7, noise_of(()).initial_memory(5))
    assert np.array_equal(drawn.sampler, unit_noise(5, 7, SAMPLER, (1, 3)))
    assert drawn.memory.shape == (0, 3)
