"""Few-step sampling of one latent over any average-velocity function.

Time runs from 1 (noise) to 0 (data): z_t = (1 - t) x + t e. A flow head gives u(z, r, t), the mean of the velocity
e - x along the way from t to r, so that one long step is as lawful as several short ones.
Source: Geng et al., "Mean Flows for One-step Generative Modeling", arXiv 2505.13447, equation 12.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, Self, TypeVar


class Vector(Protocol):
    """The operations that the sampler uses of an array: numpy arrays and torch tensors both fit."""

    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: float, /) -> Self: ...


ArrayT = TypeVar("ArrayT", bound=Vector)


def even_schedule(steps: int) -> tuple[float, ...]:
    """Times from 1 to 0 in `steps` equal steps."""
    return tuple(1 - step / steps for step in range(steps + 1))


SCHEDULES: dict[int, tuple[float, ...]] = {steps: even_schedule(steps) for steps in (1, 2, 4)}


def sample(velocity: Callable[[ArrayT, float, float], ArrayT], noise: ArrayT, schedule: Sequence[float]) -> ArrayT:
    """Carry `noise` down the falling times of `schedule`; `velocity(z, r, t)` is the mean velocity from t to r."""
    z = noise
    for start, end in pairwise(schedule):
        z = z - velocity(z, end, start) * (start - end)
    return z
