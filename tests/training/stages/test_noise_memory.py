"""The memory of the sampler's noise: fitted to known autoregressions, drawn with the correlation that was fitted."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from stereosync.bundle import Bundle, GraphSpec, NoiseMemory
from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec
from stereosync_model.model import Model
from stereosync_runtime.noise import Noise
from stereosync_training.stages import noise_memory

LATENT_S = Clock().latent_s
TIMES_S = (8.0, 0.12)
SHARES = np.array([[0.6, 0.0, 0.0], [0.3, 0.8, 0.0]])  # what remains of one is white


def drawn(latents: int, streams: int = 300) -> np.ndarray:
    """(streams, latents, 3) of the runtime's noise."""
    memory = tuple(NoiseMemory(seconds, tuple(row)) for seconds, row in zip(TIMES_S, SHARES.tolist(), strict=True))
    graphs = {"decoder": GraphSpec("d.onnx", "", (), ())}
    noise = Noise(Bundle("b", "1", Clock(), CueSpec(), 3, {}, graphs, 0.2, noise_memory=memory, folder=Path()))
    out = np.zeros((streams, latents, 3))
    for seed in range(streams):
        state = noise.initial_memory(seed)
        for index in range(latents):
            drawn = noise.of_latent(seed, index, state)
            out[seed, index], state = drawn.sampler[0], drawn.memory
    return out


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return drawn(60)


def test_noise_keeps_unit_variance_from_the_first_latent_on(noise: np.ndarray) -> None:
    assert noise[:, 0].std(0) == pytest.approx(1, abs=0.15)
    assert noise[:, -1].std(0) == pytest.approx(1, abs=0.15)


def test_noise_lasts_as_long_as_its_shares_say(noise: np.ndarray) -> None:
    found = noise_memory.autocorrelation(noise, np.array([1, 10, 40]))
    keep = np.exp(-LATENT_S / np.array(TIMES_S))
    expected = [[float((SHARES[:, k] * keep**lag).sum()) for k in range(3)] for lag in (1, 10, 40)]
    assert found == pytest.approx(np.array(expected), abs=0.1)


def test_shares_are_found_again(monkeypatch: pytest.MonkeyPatch, tiny_model: Model) -> None:
    left = drawn(150)
    monkeypatch.setattr(noise_memory, "residuals", lambda *_: left)
    found = noise_memory.fit_noise_memory(tiny_model.generator, None, tiny_model.config, 150)  # type: ignore[arg-type]
    assert found.numpy() == pytest.approx(SHARES, abs=0.12)
    assert math.isclose(float(found[:, 2].sum()), 0, abs_tol=0.05)


def test_shares_never_exceed_the_whole(monkeypatch: pytest.MonkeyPatch, tiny_model: Model) -> None:
    monkeypatch.setattr(noise_memory, "residuals", lambda *_: np.ones((2, 150, 3)))
    found = noise_memory.fit_noise_memory(tiny_model.generator, None, tiny_model.config, 150)  # type: ignore[arg-type]
    assert torch.all(found.sum(0) <= 1 + 1e-6)
    assert torch.all(found >= 0)
