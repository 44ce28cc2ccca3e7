"""Where a character is and how its box moved of late. Sub-pixel corners over time carry the gait."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.cue_spec import TRACK_CHANNELS, CueSpec
from stereosync.scene import Box, Float32Array, SceneFrame

DEPTH_PERCENTILE = 25.0  # of the pixels inside a box: the body, not the background beside it
TRACK_BOUND = 8.0
SPEED_OVER_S = 0.1


@dataclass(frozen=True)
class TrackPoint:
    """Where a box was: corners as tangents of the viewing angles (x right, y down), distances in metres.

    `legs` are spread, split and motion as `planes.leg_features` gives them.
    """

    time_s: float
    corners: tuple[float, float, float, float]  # x0, y0, x1, y1
    azimuth_rad: float
    elevation_rad: float
    depth_m: float
    distance_m: float
    legs: tuple[float, float, float] = (0.0, 0.0, 0.0)


Track = tuple[TrackPoint, ...]  # newest last


def depth_known(depth_m: Float32Array) -> npt.NDArray[np.bool_]:
    """Which pixels have a depth: finite and positive."""
    return np.isfinite(depth_m) & (depth_m > 0)


def box_depth_m(frame: SceneFrame, box: Box) -> float | None:
    """Depth of a box's character in metres: the sent position's z, else a low percentile of the depth in the box."""
    if box.position_m is not None and box.position_m[2] > 0:
        return box.position_m[2]
    rows, columns = frame.depth_m.shape
    x_scale, y_scale = columns / frame.width_px, rows / frame.height_px
    top, bottom = sorted((int(box.y0 * y_scale), math.ceil(box.y1 * y_scale)))
    left, right = sorted((int(box.x0 * x_scale), math.ceil(box.x1 * x_scale)))
    inside = frame.depth_m[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    values = inside[depth_known(inside)]
    return float(np.percentile(values, DEPTH_PERCENTILE)) if values.size else None


def track_point(frame: SceneFrame, box: Box, depth_m: float, legs: tuple[float, float, float]) -> TrackPoint:
    """The box of this frame as angles and distance; a sent position wins for the azimuth."""
    camera = frame.camera
    x_tan = [(2 * x / frame.width_px - 1) * camera.tan_half_horizontal for x in (box.x0, box.x1)]
    y_tan = [(2 * y / frame.height_px - 1) * camera.tan_half_vertical for y in (box.y0, box.y1)]
    x_mid, y_mid = sum(x_tan) / 2, sum(y_tan) / 2
    if box.position_m is not None and box.position_m[2] > 0:
        x_mid = box.position_m[0] / box.position_m[2]
    return TrackPoint(
        time_s=frame.capture_time_s,
        corners=(x_tan[0], y_tan[0], x_tan[1], y_tan[1]),
        azimuth_rad=math.atan(x_mid),
        elevation_rad=math.atan2(-y_mid, math.hypot(1.0, x_mid)),
        depth_m=depth_m,
        distance_m=depth_m * math.sqrt(1 + x_mid**2 + y_mid**2),
        legs=legs,
    )


def extend_track(spec: CueSpec, track: Track, point: TrackPoint) -> Track:
    """The track with a new point; points too old to matter, and any that are not older than the new one, go."""
    oldest_s = point.time_s - spec.track_steps * spec.track_interval_s
    kept = tuple(old for old in track if oldest_s <= old.time_s < point.time_s)
    return (*kept, point)


def track_array(spec: CueSpec, track: Track) -> Float32Array:
    """The track at fixed intervals back from now: (K, 9), corners relative to the newest box in its heights."""
    now = track[-1]
    x0, y0, x1, y1 = now.corners
    height = max(y1 - y0, 1e-4)
    centre = ((x0 + x1) / 2, (y0 + y1) / 2) * 2
    times_s = now.time_s - np.arange(spec.track_steps) * spec.track_interval_s
    known = times_s >= track[0].time_s - 1e-6
    history_s = [point.time_s for point in track]
    out = np.ones((len(TRACK_CHANNELS), spec.track_steps))
    for channel in range(4):
        corner = [point.corners[channel] for point in track]
        out[channel] = (np.interp(times_s, history_s, corner) - centre[channel]) / height
    out[4] = np.interp(times_s, history_s, [math.log(point.depth_m / now.depth_m) for point in track])
    for channel in range(3):
        out[5 + channel] = np.interp(times_s, history_s, [point.legs[channel] for point in track])
    bounded: Float32Array = np.clip(out * known, -TRACK_BOUND, TRACK_BOUND).T.astype(np.float32)
    return bounded


def box_numbers(track: Track, depth_is_known: bool, tight: bool) -> Float32Array:
    """The newest box as the ten numbers of `NUMBERS`; rates per second are taken over at least `SPEED_OVER_S`."""
    now = track[-1]
    before = next((point for point in reversed(track[:-1]) if now.time_s - point.time_s >= SPEED_OVER_S), track[0])
    elapsed_s = max(now.time_s - before.time_s, 1e-3)
    return np.array(
        [
            now.azimuth_rad,
            now.elevation_rad,
            math.log(now.distance_m),
            math.atan(now.corners[2] - now.corners[0]),
            math.atan(now.corners[3] - now.corners[1]),
            (now.azimuth_rad - before.azimuth_rad) / elapsed_s,
            (now.elevation_rad - before.elevation_rad) / elapsed_s,
            math.log(now.distance_m / before.distance_m) / elapsed_s,
            float(depth_is_known),
            float(tight),
        ],
        dtype=np.float32,
    )
