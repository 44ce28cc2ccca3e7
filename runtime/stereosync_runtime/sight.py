"""What a stream sees of its game, as a pure step: live and offline look with the same eyes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stereosync.cues import Cues, CueSpec, CueState, encode
from stereosync.scene import SceneFrame
from stereosync_runtime.empty_scene import nothing, without_characters
from stereosync_runtime.pacing import STALE_S
from stereosync_runtime.picture_size import shrunk
from stereosync_runtime.stream import CueTokens


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
        """When the frame was captured; `otherwise_s` where there is none, or one too old to have an age."""
        return self.cues.capture_time_s if self.looked and not self.stale else otherwise_s


def unsighted(spec: CueSpec) -> Sight:
    """Before the first frame: an empty scene."""
    return Sight(nothing(spec))


def look(spec: CueSpec, sight: Sight, frame: SceneFrame) -> Sight:
    """The next sight. Every frame is looked at once, in order of capture."""
    state, cues = encode(spec, sight.state, shrunk(frame))
    return Sight(cues, state, looked=True)


def aged(sight: Sight, now_s: float) -> Sight:
    """The sight at a later moment: without its characters once the frame is older than `STALE_S`."""
    if not sight.looked or sight.stale or now_s - sight.cues.capture_time_s <= STALE_S:
        return sight
    return replace(sight, cues=without_characters(sight.cues), tokens=None, stale=True)
