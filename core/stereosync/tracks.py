"""Tracks: a character's place, and the movement of its box of late. Sub-pixel corners over time carry the gait."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stereosync.cue_spec import TRACK_CHANNELS, CueSpec
from stereosync.scene import Box, Float32Array, SceneFrame

DEPTH_RANK = 0.25  # of the pixels inside a box: the body, not the background beside it
TRACK_BOUND = 8.0
MOST_POINTS = 512  # of a track, however little time lies between frames
SPEED_OVER_S = 0.1


class TrackPoint(NamedTuple):
    """A box at one time."""

    time_s: float
    x0: float  # corners as tangents of the viewing angles, x right, y down
    y0: float
    x1: float
    y1: float
    depth_m: float
    leg_spread: float  # the legs as `planes.leg_features` gives them
    leg_split: float
    leg_motion: float
    azimuth_rad: float
    elevation_rad: float
    distance_m: float


Track = npt.NDArray[np.float64]  # (N, 12 and clearance): track points, newest last
TIME, CORNERS, DEPTH, SEEN = 0, slice(1, 5), 5, slice(1, 9)  # columns of a track; what was seen is what the model gets
POINT, CLEARANCE = slice(len(TrackPoint._fields)), slice(len(TrackPoint._fields), None)
KNOWN = TRACK_CHANNELS.index("known")


def depth_known(depth_m: Float32Array) -> npt.NDArray[np.bool_]:
    """True for pixels whose depth is known: finite and positive."""
    return np.isfinite(depth_m) & (depth_m > 0)


def box_depth_m(frame: SceneFrame, box: Box) -> float | None:
    """Depth of a box's character in metres: the sent position's z, else a low percentile of the depth in the box."""
    if box.position_m is not None and box.position_m[2] > 0:
        return box.position_m[2]
    return depth_in_box_m(frame, box)


def depth_in_box_m(frame: SceneFrame, box: Box) -> float | None:
    """A low percentile of the depth in a box, in metres; None where nothing in it is known."""
    y_scale, x_scale = np.divide(frame.depth_m.shape, frame.picture.shape[:2])
    top, bottom = sorted((int(box.y0 * y_scale), math.ceil(box.y1 * y_scale)))
    left, right = sorted((int(box.x0 * x_scale), math.ceil(box.x1 * x_scale)))
    inside = frame.depth_m[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    values = inside[depth_known(inside)]
    return _low_value(values) if values.size else None


def _low_value(values: Float32Array) -> float:
    """The value at `DEPTH_RANK`, between its neighbours where it falls between them: `np.percentile`, but faster."""
    place = DEPTH_RANK * (values.size - 1)
    below, above = int(place), math.ceil(place)
    ordered = np.partition(values, (below, above))
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def track_point(frame: SceneFrame, box: Box, depth_m: float, legs: tuple[float, float, float]) -> TrackPoint:
    """The box of this frame as angles and distance; a sent position wins for the azimuth."""
    height_px, width_px = frame.picture.shape[:2]
    y_half = frame.camera.tan_half_vertical
    x_half = frame.camera.aspect * y_half
    x_tan = [(2 * x / width_px - 1) * x_half for x in (box.x0, box.x1)]
    y_tan = [(2 * y / height_px - 1) * y_half for y in (box.y0, box.y1)]
    x_mid, y_mid = sum(x_tan) / 2, sum(y_tan) / 2
    if box.position_m is not None and box.position_m[2] > 0:
        x_mid = box.position_m[0] / box.position_m[2]
    return TrackPoint(
        frame.capture_time_s,
        *(x_tan[0], y_tan[0], x_tan[1], y_tan[1]),
        depth_m,
        *legs,
        azimuth_rad=math.atan(x_mid),
        elevation_rad=math.atan2(-y_mid, math.hypot(1.0, x_mid)),
        distance_m=depth_m * math.sqrt(1 + x_mid**2 + y_mid**2),
    )


def extend_track(spec: CueSpec, track: Track | None, point: TrackPoint, clearance: npt.NDArray[np.floating]) -> Track:
    """The track with a new point, of which the clearance (2 * places,) is this. Points too old to matter, and any that
    are not older than the new one, go."""
    newest = np.concatenate((point, clearance))[None]
    if track is None:
        return newest
    times_s = track[:, TIME]
    oldest_s = point.time_s - spec.track_steps * spec.track_interval_s
    kept = track[(times_s >= oldest_s) & (times_s < point.time_s)]
    return np.concatenate((kept[1 - MOST_POINTS :], newest))


def track_array(spec: CueSpec, track: Track) -> Float32Array:
    """The track at fixed intervals back from now: (K, 9 and clearance), corners relative to the newest box in its
    heights."""
    x0, y0, x1, y1 = track[-1, CORNERS].tolist()
    seen = track[:, SEEN].copy()  # (N, 8)
    seen[:, :4] -= ((x0 + x1) / 2, (y0 + y1) / 2) * 2
    seen[:, :4] /= max(y1 - y0, 1e-4)
    seen[:, 4] = np.log(seen[:, 4] / track[-1, DEPTH])
    history_s = track[:, TIME]
    times_s = history_s[-1] - np.arange(spec.track_steps) * spec.track_interval_s
    out = np.ones((spec.tracks_shape[-1], spec.track_steps))
    out[:KNOWN] = [np.interp(times_s, history_s, values) for values in seen.T]
    for channel, values in enumerate(track[:, CLEARANCE].T, KNOWN + 1):
        out[channel] = np.interp(times_s, history_s, values)
    known = times_s >= history_s[0] - 1e-6
    bounded: Float32Array = np.clip(out * known, -TRACK_BOUND, TRACK_BOUND).T.astype(np.float32)
    return bounded


def box_numbers(track: Track, depth_is_known: bool, tight: bool) -> Float32Array:
    """The newest box as the ten numbers of `NUMBERS`; rates per second are taken over at least `SPEED_OVER_S`."""
    now = TrackPoint(*track[-1, POINT].tolist())
    long_ago = np.flatnonzero(now.time_s - track[:, TIME] >= SPEED_OVER_S)
    before = TrackPoint(*track[long_ago[-1] if len(long_ago) else 0, POINT].tolist())
    elapsed_s = max(now.time_s - before.time_s, 1e-3)
    return np.array(
        [
            now.azimuth_rad,
            now.elevation_rad,
            math.log(now.distance_m),
            math.atan(now.x1 - now.x0),
            math.atan(now.y1 - now.y0),
            (now.azimuth_rad - before.azimuth_rad) / elapsed_s,
            (now.elevation_rad - before.elevation_rad) / elapsed_s,
            math.log(now.distance_m / before.distance_m) / elapsed_s,
            float(depth_is_known),
            float(tight),
        ],
        dtype=np.float32,
    )
