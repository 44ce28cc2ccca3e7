"""The memory of the sampler's noise, read from the walks: how long what the cues leave open stays as it was."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import nnls
from torch import Tensor

from stereosync_model.config import ModelConfig
from stereosync_model.model import Generator
from stereosync_training.data.excerpts import draw_batch
from stereosync_training.data.known_data import KnownData

EXCERPTS = 96
LEAD_S = 0.1


def fit_noise_memory(generator: Generator, data: KnownData, config: ModelConfig, steps: int) -> Tensor:
    """Shares (M, R) of each of `noise_memory_s` in what lies between the latents and what the cues lead to expect.

    The autocorrelation of a sum of independent first-order autoregressions is the sum of theirs; shares are fitted to
    that of the walks, in excerpts of `steps` latents, by least squares, none below zero and no sum above one.
    """
    left = residuals(generator, data, steps)
    lags = np.arange(1, left.shape[1] // 3 + 1)
    keep = np.array([math.exp(-config.clock.latent_s / seconds) for seconds in config.generator.noise_memory_s])
    curves = keep ** lags[:, None]  # (lags, M)
    shares = np.stack([nnls(curves, column)[0] for column in autocorrelation(left, lags).T], axis=1)
    return torch.from_numpy(shares / np.maximum(shares.sum(0), 1.0)).float()


@torch.no_grad()
def residuals(generator: Generator, data: KnownData, steps: int) -> npt.NDArray[np.float64]:
    """Latents of random excerpts less what the cues alone lead to expect: (N, steps, R)."""
    batch = draw_batch(data, EXCERPTS, steps, torch.Generator().manual_seed(9), LEAD_S)
    context, _ = generator.backbone(batch.arrays(), batch.ages_s)
    return np.asarray((batch.latents - generator.flow_head.expected(context)).double().numpy())


def autocorrelation(values: npt.NDArray[np.float64], lags: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Autocorrelation (lags, R) of (N, T, R) about zero, over all N."""
    power = np.square(values).mean((0, 1))
    products = [(values[:, lag:] * values[:, :-lag]).mean((0, 1)) for lag in lags]
    return np.asarray(np.stack(products) / np.maximum(power, 1e-12))
