"""Spatial AV-Align: is what sounds where somebody is in the picture?

Source of the measure: K. Shimada et al., "SAVGBench", arXiv 2412.13462. Its localiser is a trained network; here it is
the level difference of what an onset adds, through the inverse of the pan law. Sound-event frames at 10 per second,
pictures at 4 per second, azimuth as a column in [0, 256).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stereosync.scene import Float32Array, SceneFrame
from stereosync.stereo import FULL_PAN_AZIMUTH_RAD
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray, detect_onsets

LOCALISER = "level difference of what each onset adds, inverse pan law"
WIDTH_PX = 256
REACH_PX = 40.0
EVENT_RATE_HZ, PICTURE_RATE_HZ = 10, 4
AFTER_S = 0.08  # of the onset: what is heard
BEFORE_S = 0.06  # of the onset: what was there already
GAP_S = 0.01  # between both: an onset is known to within some milliseconds

Spans = tuple[tuple[float, float], ...]  # left and right column of each box


@dataclass(frozen=True)
class Sight:
    """The sight of a walk's pictures: the boxes' columns in [0, 256), four times a second from time 0 on."""

    tan_half_horizontal: float
    spans: tuple[Spans, ...]


@dataclass(frozen=True)
class AlignCounts:
    """Sound events of one clip that a box explains, all its events, and how many chance would explain."""

    hit: int
    events: int
    by_chance: float


def sight_of(frames: Iterable[SceneFrame], duration_s: float) -> Sight:
    """The boxes of the frames nearest to each quarter of a second."""
    seen = list(frames)
    times_s = np.array([frame.capture_time_s for frame in seen])
    grid_s = np.arange(math.ceil(duration_s * PICTURE_RATE_HZ)) / PICTURE_RATE_HZ
    nearest = [seen[int(np.abs(times_s - time_s).argmin())] for time_s in grid_s]
    return Sight(seen[0].camera.tan_half_horizontal, tuple(_columns(frame) for frame in nearest))


def _columns(frame: SceneFrame) -> Spans:
    scale = WIDTH_PX / frame.width_px
    return tuple((box.x0 * scale, box.x1 * scale) for box in frame.boxes)


def pan_azimuth_rad(left_power: float, right_power: float) -> float:
    """Azimuth of a source from its power on each side: the inverse of `stereosync.stereo.pan_gains`."""
    turn = math.atan2(math.sqrt(right_power), math.sqrt(left_power)) * 4 / math.pi - 1
    return turn * FULL_PAN_AZIMUTH_RAD


def column_px(azimuth_rad: float, tan_half_horizontal: float) -> float:
    """Column in [0, 256) of a direction; one beyond the picture is at its edge."""
    column = (math.tan(azimuth_rad) / tan_half_horizontal + 1) / 2 * WIDTH_PX
    return float(np.clip(column, 0, WIDTH_PX - 1))


def localise(stereo: Float32Array) -> dict[int, float]:
    """Azimuth in radians of the first sound event of each tenth of a second of (n, 2) samples, by its number."""
    events: dict[int, float] = {}
    for onset_s in detect_onsets(stereo).tolist():
        left, right = _added_power(stereo, onset_s)
        if left + right > 0:
            events.setdefault(max(int(onset_s * EVENT_RATE_HZ), 0), pan_azimuth_rad(left, right))
    return events


def _added_power(stereo: Float32Array, onset_s: float) -> FloatArray:
    """Mean power (2,) after an onset less that before it."""
    after = _power(stereo, onset_s, onset_s + AFTER_S)
    before = _power(stereo, onset_s - BEFORE_S, onset_s - GAP_S)
    return np.maximum(after - before, 0.0)


def _power(stereo: Float32Array, start_s: float, stop_s: float) -> FloatArray:
    start, stop = (max(round(time_s * SAMPLE_RATE_HZ), 0) for time_s in (start_s, stop_s))
    heard = np.asarray(stereo[start:stop], dtype=np.float64)
    return np.square(heard).mean(axis=0) if len(heard) else np.zeros(2)


def count_aligned(stereo: Float32Array, sight: Sight) -> AlignCounts:
    """Events of (n, 2) samples against the boxes of the pictures around them."""
    hit, by_chance = 0, 0.0
    events = localise(stereo)
    for number, azimuth_rad in events.items():
        picture = int((number + 0.5) / EVENT_RATE_HZ * PICTURE_RATE_HZ)
        around = [span for spans in sight.spans[max(picture - 1, 0) : picture + 2] for span in spans]
        column = column_px(azimuth_rad, sight.tan_half_horizontal)
        hit += any(x0 - REACH_PX <= column <= x1 + REACH_PX for x0, x1 in around)
        by_chance += _covered_share(around)
    return AlignCounts(hit, len(events), by_chance)


def _covered_share(spans: Sequence[tuple[float, float]]) -> float:
    """Share of [0, 256) in which an event would be explained by one of the boxes; for one box of width w in the
    middle it is (w + 80) / 256."""
    covered, until = 0.0, 0.0
    for x0, x1 in sorted(spans):
        low, high = max(x0 - REACH_PX, until), min(x1 + REACH_PX, WIDTH_PX)
        covered += max(high - low, 0.0)
        until = max(until, high)
    return covered / WIDTH_PX


def align_scores(counts: Sequence[AlignCounts]) -> dict[str, float]:
    """Share of events that a box explains, pooled over clips, and what chance would reach; NaN without events."""
    events = sum(count.events for count in counts)
    if not events:
        return {"av_align": math.nan, "av_align_chance": math.nan}
    hit, by_chance = sum(count.hit for count in counts), sum(count.by_chance for count in counts)
    return {"av_align": hit / events, "av_align_chance": by_chance / events}
