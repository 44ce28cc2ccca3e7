"""What a bundle's manifest says, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec

SCHEMA = "1.0"
MANIFEST = "bundle.json"
GRAPHS = ("cue_encoder", "backbone", "flow_head", "decoder")


class BundleError(ValueError):
    """A bundle that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class TensorSpec:
    """Name, static shape and dtype (numpy name) of a graph's input or output."""

    name: str
    shape: tuple[int, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class GraphSpec:
    """One graph's signature. `states` pairs each state input with the output that replaces it; states start at zero."""

    file: str
    sha256: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    states: tuple[tuple[str, str], ...] = ()
    precision: str = "fp32"
    opset: int = 20


@dataclass(frozen=True)
class NoiseMemory:
    """A part of the sampler's noise that lasts: its time constant, and its share (D,) of each number's power."""

    seconds: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Forecast:
    """The bins of the cue encoder's output "forecast" (1, C, K): chances that a foot comes down. Bin k lies
    `start_s + k * step_s` after the frame."""

    start_s: float
    step_s: float


@dataclass(frozen=True)
class Bundle:
    """What `bundle.json` says. `folder` is where it was read from and is not written.

    `schedules` maps a step count (as text, as JSON has it) to sampler times; `max_lead_s` is the largest age of a frame
    that training saw; `history_noise` is the standard deviation of the noise that the backbone's own past is put under,
    `sampler_noise` that of the noise from which the sampler starts: less than 1 keeps to what is likeliest.
    `noise_memory` says what of that noise lasts longer than a latent. Where there is a `forecast`, the runtime plans
    contacts from it and gives them to the backbone as "contacts".
    """

    name: str
    version: str
    clock: Clock
    cue_spec: CueSpec
    latent_dim: int
    schedules: dict[str, tuple[float, ...]]
    graphs: dict[str, GraphSpec]
    max_lead_s: float
    history_noise: float = 0.0
    sampler_noise: float = 1.0
    noise_memory: tuple[NoiseMemory, ...] = ()
    forecast: Forecast | None = None
    parity: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    licences: tuple[dict[str, str], ...] = ()
    schema: str = SCHEMA
    folder: Path = field(default=Path(), compare=False)
