"""Flow head: the mean velocity of one latent between two times, given the backbone's context. Runs once per step.

An MLP with adaptive norms, after Li et al., "Autoregressive Image Generation without Vector Quantization",
arXiv 2406.11838; mean velocity after MeanFlow, arXiv 2505.13447. What the context already decides is regressed and only
what is left is sampled, after the data-dependent prior of Grad-TTS (arXiv 2105.06337): with x = m + x', z_t - (1 - t) m
runs from the noise to x', and the velocity of x is that of x' less m. If x' were Gaussian, its mean velocity would be
known (`gaussian_velocity`); the MLP learns the difference to that.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.layers import fourier

TIME_FREQUENCIES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LOG_SPREAD = (-4.0, 1.0)


def gaussian_velocity(z: Tensor, r: Tensor, t: Tensor, spread: Tensor) -> Tensor:
    """Mean velocity from t to r of z_t = (1 - t) x + t e where x has zero mean and standard deviation `spread`.

    z and spread (B, D), r and t (B, 1). z_t has the deviation s_t, s_t^2 = t^2 + (1 - t)^2 spread^2, and its flow keeps
    z_t / s_t: z_r = z_t s_r / s_t. The quotient (z_t - z_r) / (t - r) is written so that it holds for r = t too.
    """
    variance = spread.square()
    at_t, at_r = ((time.square() + (1 - time).square() * variance).sqrt() for time in (t, r))
    return z * ((t + r) - variance * (2 - t - r)) / (at_t * (at_t + at_r))


class Block(nn.Module):
    """Feed-forward under a norm whose shift, scale and gate the condition sets."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.adapt = nn.Linear(width, 3 * width)
        self.feed = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        shift, scale, gate = self.adapt(condition).chunk(3, dim=-1)
        out: Tensor = x + gate * self.feed(self.norm(x) * (1 + scale) + shift)
        return out


class FlowHead(nn.Module):
    """u(z, r, t | context)."""

    frequencies: Tensor  # (F,)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, latent_dim = config.generator.head_width, config.codec.components
        self.register_buffer("frequencies", torch.tensor(TIME_FREQUENCIES), persistent=False)
        self.latent = nn.Linear(latent_dim, width)
        self.time = nn.Linear(4 * len(TIME_FREQUENCIES), width)
        self.context = nn.Linear(2 * config.generator.width, width)
        self.blocks = nn.ModuleList([Block(width) for _ in range(config.generator.head_blocks)])
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.out = nn.Linear(width, latent_dim)
        self.expect, self.spread = (nn.Linear(config.generator.width, latent_dim) for _ in range(2))
        for layer in (self.out, self.expect, self.spread):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def expected(self, context: Tensor) -> Tensor:
        """The expected latent: context (B, 2 * width) -> (B, D)."""
        made: Tensor = self.expect(context.chunk(2, dim=-1)[1])
        return made

    def log_spread(self, context: Tensor) -> Tensor:
        """Log standard deviation of what the context leaves open: context (B, 2 * width) -> (B, D)."""
        made: Tensor = self.spread(context.chunk(2, dim=-1)[0])
        return made.clamp(*LOG_SPREAD)

    def forward(self, z: Tensor, r: Tensor, t: Tensor, context: Tensor) -> Tensor:
        """z (B, D), r and t (B,) with r <= t, context (B, 2 * width) -> mean velocity (B, D)."""
        times = torch.cat([fourier(t, self.frequencies), fourier(t - r, self.frequencies)], dim=-1)
        condition = nn.functional.silu(self.context(context) + self.time(times))
        expected, spread = (  # only their own losses teach them
            made.detach() for made in (self.expected(context), self.log_spread(context).exp())
        )
        left = z - (1 - t[:, None]) * expected
        x = self.latent(left)
        for block in self.blocks:
            x = block(x, condition)
        known = gaussian_velocity(left, r[:, None], t[:, None], spread) - expected
        velocity: Tensor = self.out(self.norm(x)) + known
        return velocity
