"""Records of a stream: what was seen, where it is, what is to be made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from stereosync.cues import Cues
from stereosync.scene import Float32Array
from stereosync.told import NOTHING_TOLD, Told
from stereosync_runners.runner import Array
from stereosync_runtime.foresight import Foresight


@dataclass(frozen=True)
class CueTokens:
    """The cue encoder's outputs for a frame, by name; the frame's time and characters, and what it told besides."""

    arrays: Mapping[str, Array]
    captured_s: float
    ids: tuple[int, ...]  # of the characters, in the order of their slots
    told: Told = NOTHING_TOLD


@dataclass(frozen=True)
class StreamState:
    """The state of a stream between latents."""

    seed: int
    latent_index: int
    memory: Float32Array  # (M, D): what lasts of the sampler's noise
    backbone: object  # states of their runners
    decoder: object
    tail: Float32Array  # (n, 2): the last sound that was made, not concealed
    concealed: int = 0  # samples after it
    foresight: Foresight = field(default_factory=Foresight)  # the contacts that are planned
    made_until_s: float = -math.inf  # on the clock of captures
    broken: int = 0  # latents that were not finite


@dataclass(frozen=True)
class Part:
    """One stream's part in a batch: its state; its frame, as tokens or as cues of which tokens are still to be made;
    and for each latent the time it is heard minus the time that frame was captured."""

    state: StreamState
    newest: Cues | CueTokens
    ages_s: Sequence[float]


class Made(NamedTuple):
    """The outcome of a part: the next state, samples (n, 2) in [-1, 1], the frame's tokens, and how many latents were
    not finite and had to be concealed."""

    state: StreamState
    samples: Float32Array
    tokens: CueTokens
    broken: int


def middle_s(tokens: CueTokens, ages_s: Sequence[float]) -> float:
    """The middle of what is made, on the clock of captures."""
    return tokens.captured_s + sum(ages_s) / max(len(ages_s), 1)
