"""Records of a stream: what was seen, where it is, what is to be made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stereosync.scene import Float32Array
from stereosync.told import NOTHING_TOLD, Told
from stereosync_runners.runner import Array
from stereosync_runtime.foresight import Foresight


@dataclass(frozen=True)
class CueTokens:
    """What the cue encoder made of a frame, by the name of its output, whose frame it was, and what it told besides."""

    arrays: Mapping[str, Array]
    captured_s: float
    ids: tuple[int, ...]  # of the characters, in the order of their slots
    told: Told = NOTHING_TOLD


@dataclass(frozen=True)
class StreamState:
    """Where a stream is.

    `memory` (M, D): what lasts of the sampler's noise; `backbone` and `decoder`: states of their
    engines; `foresight`: the contacts that are planned, where sound is made up to `made_until_s`; `tail` (n, 2) is the
    last of that sound; `concealed` samples came after it.
    """

    seed: int
    latent_index: int
    memory: Float32Array
    backbone: object
    decoder: object
    tail: Float32Array
    concealed: int = 0
    foresight: Foresight = field(default_factory=Foresight)
    made_until_s: float = -math.inf


@dataclass(frozen=True)
class Part:
    """One stream's part in a batch: its state, its frame's tokens, and for each latent the time it is heard minus the
    time that frame was captured."""

    state: StreamState
    tokens: CueTokens
    ages_s: Sequence[float]

    @property
    def middle_s(self) -> float:
        """The middle of what is made, on the clock of captures."""
        return self.tokens.captured_s + sum(self.ages_s) / max(len(self.ages_s), 1)
