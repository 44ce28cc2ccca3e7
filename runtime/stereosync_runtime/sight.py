"""A stream's sight of its game, as a pure step: live and offline look with the same eyes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from stereosync.cues import PICTURE_CHANNELS, Cues, CueSpec, CueState, encode
from stereosync.scene import Camera, SceneFrame
from stereosync_runtime.stream import CueTokens

NEUTRAL = 128  # a signed plane's zero
BOXES, DIFFERENCE = PICTURE_CHANNELS.index("boxes"), PICTURE_CHANNELS.index("difference")
STALE_S = 1.0  # a scene older than this has nothing to say of now


@dataclass(frozen=True)
class Sight:
    """The newest frame of a stream, as cues, and as tokens once the pipeline made them."""

    cues: Cues
    state: CueState = field(default_factory=CueState)  # of the cue code, between frames
    tokens: CueTokens | None = None
    looked: bool = False  # at any frame
    stale: bool = False  # the frame is too old: only its place remains

    @property
    def newest(self) -> Cues | CueTokens:
        """The tokens, or the cues where there are none yet."""
        return self.cues if self.tokens is None else self.tokens

    def captured_s(self, otherwise_s: float) -> float:
        """The time of the frame's capture; `otherwise_s` where there is none, or one too old to have an age."""
        return self.cues.capture_time_s if self.looked and not self.stale else otherwise_s


def unsighted(spec: CueSpec) -> Sight:
    """Before the first frame: an empty scene."""
    return Sight(nothing(spec))


def look(spec: CueSpec, sight: Sight, frame: SceneFrame) -> Sight:
    """The next sight. Every frame is looked at once, in order of capture."""
    state, cues = encode(spec, sight.state, frame)
    return Sight(cues, state, looked=True)


def aged(sight: Sight, now_s: float) -> Sight:
    """The sight at a later moment: without its characters once the frame is older than `STALE_S`."""
    if not sight.looked or sight.stale or now_s - sight.cues.capture_time_s <= STALE_S:
        return sight
    return replace(sight, cues=without_characters(sight.cues), tokens=None, stale=True)


def latent_ages(
    heard_at_s: float, capture_s: float, latents: int, latent_s: float, max_lead_s: float
) -> tuple[tuple[float, ...], int]:
    """The age of the frame at each latent of a chunk, bounded to [0, max_lead_s], and how many had to be bounded."""
    ages_s = [heard_at_s + index * latent_s - capture_s for index in range(latents)]
    bounded = tuple(min(max(age_s, 0.0), max_lead_s) for age_s in ages_s)
    return bounded, sum(abs(a - b) > 1e-9 for a, b in zip(ages_s, bounded, strict=True))


@lru_cache(maxsize=4)
def nothing(spec: CueSpec) -> Cues:
    """Cues of a black picture of unknown depth without characters. Shared between calls: read only."""
    height_px, width_px = spec.picture_height_px, spec.picture_width_px
    black = np.zeros((height_px, width_px, 3), dtype=np.uint8)
    unknown_m = np.full((height_px, width_px), np.nan, dtype=np.float32)
    frame = SceneFrame(0, 0.0, Camera(math.radians(60), width_px / height_px), black, unknown_m)
    return encode(spec, CueState(), frame)[1]


def without_characters(cues: Cues) -> Cues:
    """The same place with nobody in it and nothing moving: what can still be said when no frames come."""
    picture = cues.picture.copy()
    picture[BOXES], picture[DIFFERENCE] = 0, NEUTRAL
    return replace(
        cues,
        picture=picture,
        crops=np.zeros_like(cues.crops),
        numbers=np.zeros_like(cues.numbers),
        tracks=np.zeros_like(cues.tracks),
        feet=np.zeros_like(cues.feet),
        present=np.zeros_like(cues.present),
        ids=(),
        told=replace(cues.told, contacts={}, feet=frozenset(), grounds={}),
    )
