"""Shapes, channels and bounds of the cue arrays: what training stores, the bundle declares and the live path feeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from stereosync.clearance import channels
from stereosync.scene import Float32Array, UInt8Array
from stereosync.told import NOTHING_TOLD, Told

PICTURE_CHANNELS = ("red", "green", "blue", "log_depth", "depth_known", "boxes", "difference")
CROP_CHANNELS = ("red", "green", "blue", "relative_depth", "difference")
NUMBERS = (
    "azimuth_rad", "elevation_rad", "log_distance", "width_rad", "height_rad", "azimuth_rad_per_s",
    "elevation_rad_per_s", "log_distance_per_s", "depth_known", "tight",
)  # fmt: skip
# Corners relative to the box now, in its heights; legs as `planes.leg_features` sees them in the crop of each moment.
# Behind them comes the clearance, where a bundle wants it: see `clearance.clearances`.
TRACK_CHANNELS = ("x0", "y0", "x1", "y1", "log_depth", "leg_spread", "leg_split", "leg_motion", "known")
FEET_CHANNELS = (
    "left_height", "left_rise", "left_speed", "right_height", "right_rise", "right_speed", "stride", "told",
)  # fmt: skip

NEAREST_M, FARTHEST_M = 0.1, 1000.0


@dataclass(frozen=True)
class CueSpec:
    """Shapes of the cue arrays; part of every bundle."""

    picture_height_px: int = 72
    picture_width_px: int = 128
    crop_px: int = 32
    max_characters: int = 6
    track_steps: int = 32
    track_interval_s: float = 0.04
    clearance_places: int = 0  # each way; none in bundles from before there was clearance

    @cached_property
    def picture_shape(self) -> tuple[int, int, int]:
        return (len(PICTURE_CHANNELS), self.picture_height_px, self.picture_width_px)

    @cached_property
    def crops_shape(self) -> tuple[int, int, int, int]:
        return (self.max_characters, len(CROP_CHANNELS), self.crop_px, self.crop_px)

    @cached_property
    def numbers_shape(self) -> tuple[int, int]:
        return (self.max_characters, len(NUMBERS))

    @cached_property
    def tracks_shape(self) -> tuple[int, int, int]:
        return (self.max_characters, self.track_steps, len(TRACK_CHANNELS) + channels(self.clearance_places))

    @cached_property
    def feet_shape(self) -> tuple[int, int, int]:
        return (self.max_characters, self.track_steps, len(FEET_CHANNELS))


@dataclass(frozen=True)
class Cues:
    """One frame as the model sees it. Slots beyond the characters present are zero."""

    capture_time_s: float
    picture: UInt8Array  # (7, H, W)
    crops: UInt8Array  # (C, 5, P, P)
    numbers: Float32Array  # (C, 10), see `NUMBERS`
    tracks: Float32Array  # (C, K, 9 and clearance), see `TRACK_CHANNELS`
    feet: Float32Array  # (C, K, 8), see `FEET_CHANNELS`
    present: Float32Array  # (C,), 1 where a character is
    ids: tuple[int, ...] = ()  # of the characters, by slot
    told: Told = NOTHING_TOLD
