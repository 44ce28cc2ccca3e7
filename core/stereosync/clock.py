"""The one place where rates are written. Every other rate is derived here, and each division is checked."""

from __future__ import annotations

from dataclasses import dataclass


def exact_div(dividend: int, divisor: int) -> int:
    """Integer division that must leave no rest.

    Raises:
        ValueError: the division leaves a rest.
    """
    quotient, rest = divmod(dividend, divisor)
    if rest:
        raise ValueError(f"{dividend} is not a multiple of {divisor}")
    return quotient


@dataclass(frozen=True)
class Clock:
    """Rates of a stream. A chunk is 1 to 5 latents."""

    sample_rate_hz: int = 48_000
    latent_rate_hz: int = 50
    chunk_latents: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.chunk_latents <= 5:
            raise ValueError(f"chunk_latents must be 1 to 5, got {self.chunk_latents}")
        exact_div(self.sample_rate_hz, self.latent_rate_hz)

    @property
    def samples_per_latent(self) -> int:
        return exact_div(self.sample_rate_hz, self.latent_rate_hz)

    @property
    def chunk_samples(self) -> int:
        return self.samples_per_latent * self.chunk_latents

    @property
    def latent_s(self) -> float:
        return 1.0 / self.latent_rate_hz

    @property
    def chunk_s(self) -> float:
        return self.chunk_samples / self.sample_rate_hz

    def seconds(self, samples: int) -> float:
        """Duration of `samples` in seconds."""
        return samples / self.sample_rate_hz
