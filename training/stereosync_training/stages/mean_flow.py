"""Flow matching and mean flow on the flow head.

Source: Geng et al., "Mean Flows for One-step Generative Modeling", arXiv 2505.13447, algorithm 1. Most rows are plain
flow matching (r = t); the rest learn the mean velocity, so that 1, 2 and 4 steps come from one set of weights.
"""

from __future__ import annotations

import torch
from torch import Tensor

from stereosync_model.flow_head import FlowHead

TIME_MEAN, TIME_SPREAD = -0.4, 1.0  # of the logit-normal that times are drawn from
WEIGHT_FLOOR, WEIGHT_POWER = 1e-2, 0.5


def draw_times(count: int, random: torch.Generator, device: str) -> tuple[Tensor, Tensor]:
    """Pairs r <= t in (0, 1), each (count,)."""
    pair = (TIME_MEAN + TIME_SPREAD * torch.randn(count, 2, generator=random)).sigmoid()
    wide = torch.rand(count, generator=random) < 0.3  # few-step sampling needs the whole way from noise
    pair[wide] = torch.rand(int(wide.sum()), 2, generator=random) * 0.5 + torch.tensor([0.0, 0.5])
    ordered = pair.sort(dim=1).values.to(device)
    return ordered[:, 0], ordered[:, 1]


def mean_flow_loss(
    head: FlowHead,
    latents: Tensor,
    context: Tensor,
    mean_share: float,
    random: torch.Generator,
    importance: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """latents (B, D), context (B, C), importance of each number (D,) -> loss, error of the flow-matching rows.

    The first `mean_share` of the rows learn mean velocities: u = v - (t - r) du/dt, the derivative taken forward.
    """
    device = str(latents.device)
    noise = torch.randn(latents.shape, generator=random).to(device)
    r, t = draw_times(len(latents), random, device)
    mean_rows = int(mean_share * len(latents))
    r = torch.cat([r[:mean_rows], t[mean_rows:]])
    z = (1 - t[:, None]) * latents + t[:, None] * noise
    velocity = noise - latents
    target = velocity.clone()
    if mean_rows:
        target[:mean_rows] -= _bend(
            head, z[:mean_rows], r[:mean_rows], t[:mean_rows], context[:mean_rows].detach(), velocity[:mean_rows]
        )
    square = (head(z, r, t, context).float() - target).square()
    error = square.mean(-1) if importance is None else (square * importance).mean(-1)
    weight = (error.detach() + WEIGHT_FLOOR).pow(-WEIGHT_POWER)
    return (weight * error).mean(), error[mean_rows:].mean()


def _bend(head: FlowHead, z: Tensor, r: Tensor, t: Tensor, context: Tensor, velocity: Tensor) -> Tensor:
    """(t - r) du/dt along the path, without gradient: (B, D)."""
    tangents = (velocity, torch.zeros_like(r), torch.ones_like(t))
    with torch.no_grad(), torch.autocast(z.device.type, enabled=False):
        slope = torch.func.jvp(lambda z, r, t: head(z, r, t, context), (z, r, t), tangents)[1]
        bend: Tensor = (t - r)[:, None] * slope
    return bend.clamp(-8, 8)
