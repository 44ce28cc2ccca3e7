"""What the model is shown when there is nothing to show: no scene at all, or a scene that is too old to trust."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from stereosync.cues import PICTURE_CHANNELS, Cues, CueSpec, CueState, encode
from stereosync.scene import Camera, SceneFrame

NEUTRAL = 128  # a signed plane's zero
BOXES, DIFFERENCE = PICTURE_CHANNELS.index("boxes"), PICTURE_CHANNELS.index("difference")


def nothing(spec: CueSpec) -> Cues:
    """Cues of a black picture of unknown depth without characters."""
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
