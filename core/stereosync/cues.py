"""Cues of a frame: arrays of fixed shape that the model sees, made by the same code in training and live.

Pictures are uint8 so that what training stores is exactly what the live path feeds. `encode` is a pure step: the
state it takes and returns holds the previous picture, the previous crops, a short track of each character's box and of
its feet, where the engine tells them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from stereosync.cue_spec import (
    CROP_CHANNELS,
    FARTHEST_M,
    FEET_CHANNELS,
    NEAREST_M,
    NUMBERS,
    PICTURE_CHANNELS,
    TRACK_CHANNELS,
    Cues,
    CueSpec,
)
from stereosync.feet import feet_array
from stereosync.listening import Listening, listen
from stereosync.planes import encode_crops, encode_picture
from stereosync.scene import Float32Array, SceneFrame
from stereosync.tracks import Track, box_depth_m, box_numbers, extend_track, track_array, track_point

__all__ = [
    "CROP_CHANNELS",
    "FEET_CHANNELS",
    "NUMBERS",
    "PICTURE_CHANNELS",
    "TRACK_CHANNELS",
    "CueSpec",
    "CueState",
    "Cues",
    "encode",
    "encode_picture",
]

UNKNOWN_DEPTH_M = 10.0


@dataclass(frozen=True)
class CueState:
    """The state that `encode` carries from frame to frame."""

    luma: Float32Array | None = None  # (H, W) in [0, 1]
    crop_lumas: dict[int, Float32Array] = field(default_factory=dict)  # by box id, (P, P)
    tracks: dict[int, Track] = field(default_factory=dict)  # by box id
    listening: Listening = field(default_factory=Listening)


def encode(spec: CueSpec, state: CueState, frame: SceneFrame) -> tuple[CueState, Cues]:
    """One frame to cue arrays; of more than `max_characters` boxes the tallest are kept."""
    picture, luma = encode_picture(spec, frame, state.luma)
    crops = np.zeros(spec.crops_shape, dtype=np.uint8)
    numbers = np.zeros(spec.numbers_shape, dtype=np.float32)
    tracks = np.zeros(spec.tracks_shape, dtype=np.float32)
    feet = np.zeros(spec.feet_shape, dtype=np.float32)
    present = np.zeros(spec.max_characters, dtype=np.float32)
    listening, told = listen(state.listening, frame)
    boxes = sorted(frame.boxes, key=lambda box: box.y0 - box.y1)[: spec.max_characters]
    ids, used = tuple(box.id for box in boxes), len(boxes)
    measured_m = [box_depth_m(frame, box) for box in boxes]
    depths_m = [min(max(depth_m or UNKNOWN_DEPTH_M, NEAREST_M), FARTHEST_M) for depth_m in measured_m]
    previous = [state.crop_lumas.get(box_id) for box_id in ids]
    seen = encode_crops(spec, frame, boxes, depths_m, previous)
    crops[:used] = seen.planes
    next_state = CueState(luma, dict(zip(ids, seen.lumas, strict=True)), listening=listening)
    for slot, box in enumerate(boxes):
        point = track_point(frame, box, depths_m[slot], seen.legs[slot])
        track = extend_track(spec, state.tracks.get(box.id), point, seen.clearance[slot])
        numbers[slot] = box_numbers(track, measured_m[slot] is not None, box.tight)
        tracks[slot] = track_array(spec, track)
        feet[slot] = feet_array(spec, listening.feet.get(box.id))
        next_state.tracks[box.id] = track
    present[:used] = 1.0
    return next_state, Cues(frame.capture_time_s, picture, crops, numbers, tracks, feet, present, ids, told)
