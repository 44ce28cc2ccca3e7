"""The manifest of a bundle as frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec
from stereosync.errors import StereoSyncError

SCHEMA = "1.3"  # 1.3: tracks may have a clearance; 1.2: a decoder may take "contact_samples"; 1.1: forms
MANIFEST = "bundle.json"
CARD = "CARD.md"
LONGEST_NAME = 128  # characters; the wire tells clients the name
GRAPHS = ("cue_encoder", "backbone", "flow_head", "decoder")
PRECISIONS = ("fp32", "fp16", "int8")
DEVICES = ("cpu", "cuda", "ort-tensorrt", "tensorrt", "rtx")  # what can run a graph; the runtime knows how
BATCH, POOL, CHARACTERS = "batch", "pool", "characters"  # free dimensions of graph files


class BundleError(StereoSyncError, ValueError):
    """A bundle that cannot be used; the message says why and what to do."""


def check_bundle_name(name: object) -> None:
    """Refuse a name that the wire does not take.

    Raises:
        BundleError: it is no printable text of 1 to 128 characters.
    """
    if not (isinstance(name, str) and name.isprintable() and 1 <= len(name) <= LONGEST_NAME):
        raise BundleError(
            f"the bundle's name {name!r:.80} is not printable text of 1 to {LONGEST_NAME} characters: export it into a "
            "folder with such a name"
        )


@dataclass(frozen=True)
class TensorSpec:
    """Name, static shape and dtype (numpy name) of a graph's input or output."""

    name: str
    shape: tuple[int, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class GraphForm:
    """A form of a graph besides its plain one: the same signature in another precision or opset, for `devices`.

    A `pooled` form keeps its states where it runs. For each state S it has, instead of S and its next value, an input
    `pool_S` (pool, ...) and an output `next_pool_S`; `slots` (batch,) int64 says which row of the pools each row of the
    batch goes on from, and where `fresh` (batch,) bool is true it starts from zero. A `trimmed` form of the cue encoder
    takes any number of `characters`: empty slots at the end may be left out of what has one row for each.
    """

    file: str
    sha256: str
    precision: str
    opset: int
    devices: tuple[str, ...]
    pooled: bool = False
    trimmed: bool = False


@dataclass(frozen=True)
class GraphSpec:
    """One graph's signature and forms. Shapes are those of one stream."""

    file: str  # the plain form, which runs on every device
    sha256: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    states: tuple[tuple[str, str], ...] = ()  # each state input and the output that replaces it; they start at zero
    precision: str = "fp32"
    opset: int = 20
    batched: bool = False  # takes any number of streams along the first dimension, which its file calls `batch`
    variants: tuple[GraphForm, ...] = ()  # other forms; a device runs the first that names it, by default


@dataclass(frozen=True)
class WeightsFile:
    """The large tensors that the graph files of a bundle share."""

    file: str
    sha256: str


@dataclass(frozen=True)
class ParityLimit:
    """Limits of a precision's distance from PyTorch: largest relative error of a graph that is fed PyTorch's own
    values; over a stream on its own, log-mel distance and level difference in dB; on walks, onset F1 and level error in
    dB."""

    graph: float
    log_mel_db: float
    level_db: float
    onset_f1: float
    level_error_db: float


PARITY_LIMITS = {
    "fp32": ParityLimit(graph=1e-3, log_mel_db=0.05, level_db=0.02, onset_f1=0.005, level_error_db=0.02),
    "fp16": ParityLimit(graph=1e-2, log_mel_db=0.5, level_db=0.1, onset_f1=0.01, level_error_db=0.1),
    "int8": ParityLimit(graph=5e-2, log_mel_db=1.0, level_db=0.25, onset_f1=0.01, level_error_db=0.1),
}


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
    """The manifest `bundle.json`."""

    name: str
    version: str
    clock: Clock
    cue_spec: CueSpec
    latent_dim: int
    schedules: dict[str, tuple[float, ...]]  # sampler times by step count, which is text as JSON has it
    graphs: dict[str, GraphSpec]
    max_lead_s: float  # the largest age of a frame that training saw
    sampler_noise: float = 1.0  # deviation of the noise that the sampler starts from; less keeps to what is likeliest
    noise_memory: tuple[NoiseMemory, ...] = ()  # what of that noise lasts longer than a latent
    forecast: Forecast | None = None  # if any, contacts are planned from it and given to the backbone as "contacts"
    # Words that can be told. With `grounds` the cue encoder's outputs "grounds" (1, C, grounds) and "force" (1, C, 1),
    # with `places` its outputs "place" (1, places + 1) and "room" (1, 2) are what is seen, until something is told.
    grounds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    weights: WeightsFile | None = None  # what the graph files refer to
    parity: dict[str, Any] = field(default_factory=dict)  # measured against PyTorch, beside the limits
    provenance: dict[str, Any] = field(default_factory=dict)
    licences: tuple[dict[str, str], ...] = ()
    schema: str = SCHEMA
    folder: Path = field(default=Path(), compare=False)  # where it was read from; not written
