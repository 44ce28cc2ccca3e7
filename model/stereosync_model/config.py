"""Sizes of the model. Frozen, written into every checkpoint; unknown keys are errors."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from stereosync.clock import Clock, exact_div
from stereosync.cues import CueSpec
from stereosync.errors import UserError


@dataclass(frozen=True)
class CodecConfig:
    """Stereo codec. A latent: the first principal components of a log-mel patch of `frames_per_latent` STFT frames."""

    sum_components: int = 24  # how loud and of what colour; see `patches.py`
    difference_components: int = 8  # where
    frames_per_latent: int = 4
    mel_bands: int = 32
    overlap: int = 3  # STFT window length in hops; 3 or more keeps shaped noise free of a hop-rate ripple
    width: int = 192  # at the STFT frame rate
    latent_width: int = 192  # at the latent rate
    blocks: int = 3
    latent_blocks: int = 1
    kernel: int = 5
    expansion: int = 2

    @property
    def components(self) -> int:
        return self.sum_components + self.difference_components

    def hop_samples(self, clock: Clock) -> int:
        return exact_div(clock.samples_per_latent, self.frames_per_latent)

    def window_samples(self, clock: Clock) -> int:
        return self.hop_samples(clock) * self.overlap


@dataclass(frozen=True)
class GeneratorConfig:
    """Cue encoder, backbone and flow head."""

    width: int = 224
    layers: int = 4
    heads: int = 7
    window_latents: int = 100  # how far back the backbone sees: 2 s
    expansion: int = 3
    cross_layers: tuple[int, ...] = (1, 3)  # backbone layers that look at the tokens of what is known
    token_dim: int = 160
    head_width: int = 320
    head_blocks: int = 3
    forecast_steps: int = 18
    forecast_step_s: float = 0.02  # one forecast bin is one latent long
    forecast_start_s: float = -0.06
    max_lead_s: float = 0.2
    sampler_noise: float = 0.4  # standard deviation of the noise that the runtime starts from (decision 0021)
    noise_memory_s: tuple[float, ...] = (8.0, 0.12)  # how long the parts of that noise last that are not drawn anew


@dataclass(frozen=True)
class ModelConfig:
    """The whole model."""

    clock: Clock = field(default_factory=Clock)
    cue_spec: CueSpec = field(default_factory=CueSpec)
    codec: CodecConfig = field(default_factory=CodecConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)

    def to_dict(self) -> dict[str, Any]:
        """Plain nested dictionaries, as JSON has them."""
        return asdict(self)


Record = TypeVar("Record")


def from_dict(kind: type[Record], data: dict[str, Any], what: str) -> Record:
    """A configuration dataclass from a dictionary.

    Raises:
        ValueError: a key is unknown.
    """
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(data) - known)
    if unknown:
        raise UserError(f"unknown keys in {what}: {unknown}; known are {sorted(known)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})


def model_config(data: dict[str, Any]) -> ModelConfig:
    """`ModelConfig` from nested dictionaries; missing sections take their defaults."""
    kinds: dict[str, type[Any]] = {
        "clock": Clock,
        "cue_spec": CueSpec,
        "codec": CodecConfig,
        "generator": GeneratorConfig,
    }
    unknown = sorted(set(data) - set(kinds))
    if unknown:
        raise UserError(f"unknown sections in the model configuration: {unknown}; known are {sorted(kinds)}")
    return ModelConfig(**{name: from_dict(kind, data.get(name, {}), name) for name, kind in kinds.items()})
