"""Detections of single pictures to characters: who is who over time, gaps bridged, boxes between pictures.

A small tracker by detection: constant velocity, overlap as the cost, one-to-one assignment (A. Bewley et al., "Simple
online and realtime tracking", ICIP 2016), weak detections only go on with a track that strong ones began (Y. Zhang et
al., "ByteTrack", ECCV 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from stereosync_training.measures.onsets import FloatArray

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrackOptions:
    """Options of tracking. Times are counted in pictures of the video."""

    strong: float = 0.42  # a score that begins a track
    weak: float = 0.22  # a score that goes on with one
    same_overlap: float = 0.45  # two detections that overlap more are one
    least_overlap: float = 0.15  # with where the track should be now
    longest_gap: int = 12  # pictures without a detection
    shortest: int = 10  # pictures; what is seen for less is dropped
    least_travel: float = 0.8  # in heights; what moves less from end to end is a thing, not a walker
    speed_over: int = 6  # sightings that tell the speed


@dataclass(frozen=True)
class BoxTrack:
    """One character: `corners_px` (n, 4) as x0, y0, x1, y1 in pictures from `first` on; bridged where not `seen`."""

    id: int
    first: int
    corners_px: FloatArray
    seen: npt.NDArray[np.bool_]

    @property
    def last(self) -> int:
        return self.first + len(self.corners_px) - 1

    def at(self, picture: float) -> FloatArray | None:
        """Corners (4,) at a fraction of a picture, linear between two; None outside the track."""
        place = picture - self.first
        if not 0 <= place <= len(self.corners_px) - 1:
            return None
        low = min(int(place), len(self.corners_px) - 2) if len(self.corners_px) > 1 else 0
        high = min(low + 1, len(self.corners_px) - 1)
        share = place - low
        return np.asarray((1 - share) * self.corners_px[low] + share * self.corners_px[high])


@dataclass
class _Live:
    """A track that may still go on."""

    id: int
    pictures: list[int] = field(default_factory=list)
    corners: list[FloatArray] = field(default_factory=list)

    def add(self, picture: int, corners: FloatArray) -> None:
        self.pictures.append(picture)
        self.corners.append(corners)

    def expected(self, picture: int, over: int) -> FloatArray:
        """The box (4,) that is expected: the newest box, moved at the speed of the last `over` sightings."""
        newest = self.corners[-1]
        if len(self.pictures) < 2:
            return newest
        times = np.array(self.pictures[-over:], dtype=np.float64)
        middles = np.array([(box[:2] + box[2:]) / 2 for box in self.corners[-over:]])  # (m, 2)
        centred = times - times.mean()
        speed = centred @ middles / (centred @ centred)  # px a picture
        return np.asarray(newest + np.tile(speed * (picture - self.pictures[-1]), 2))


def overlaps(one: FloatArray, two: FloatArray) -> FloatArray:
    """Intersection over union (n, m) of boxes (n, 4) and (m, 4)."""
    low = np.maximum(one[:, None, :2], two[None, :, :2])
    high = np.minimum(one[:, None, 2:4], two[None, :, 2:4])
    inside = np.prod(np.maximum(high - low, 0), axis=-1)
    areas = [np.prod(boxes[:, 2:4] - boxes[:, :2], axis=-1) for boxes in (one, two)]
    return np.asarray(inside / np.maximum(areas[0][:, None] + areas[1][None, :] - inside, 1e-9))


def suppressed(found: FloatArray, options: TrackOptions) -> FloatArray:
    """Of detections (k, 5) x0, y0, x1, y1, score those that are not weak and not a better one's double, best first."""
    rest = found[found[:, 4] >= options.weak]
    rest = rest[np.argsort(-rest[:, 4], kind="stable")]
    kept: list[FloatArray] = []
    while len(rest):
        kept.append(rest[0])
        rest = rest[1:][overlaps(rest[:1], rest[1:])[0] <= options.same_overlap]
    return np.array(kept, dtype=np.float64).reshape(-1, 5)


def follow(pictures: Sequence[FloatArray], options: TrackOptions | None = None) -> list[BoxTrack]:
    """Detections (k, 5) of each picture to the tracks of those who walk, ids counted from 1 in order of entry."""
    options = options or TrackOptions()
    live: list[_Live] = []
    ended: list[_Live] = []
    for picture, raw in enumerate(pictures):
        found = suppressed(raw, options)
        ended += [track for track in live if picture - track.pictures[-1] > options.longest_gap]
        live = [track for track in live if picture - track.pictures[-1] <= options.longest_gap]
        fresh = _go_on(live, found, picture, options)
        for row in fresh[fresh[:, 4] >= options.strong]:
            live.append(_Live(len(live) + len(ended) + 1))
            live[-1].add(picture, row[:4])
    tracks = (_bridged(track) for track in sorted(ended + live, key=lambda track: track.id))
    return _numbered([track for track in tracks if is_walker(track, options)])


def _go_on(live: list[_Live], found: FloatArray, picture: int, options: TrackOptions) -> FloatArray:
    """Give detections to tracks, strong ones first; those that are left over (k, 5)."""
    left = np.ones(len(found), dtype=bool)
    waiting = list(live)
    for chosen in (found[:, 4] >= options.strong, found[:, 4] < options.strong):
        rows = np.flatnonzero(chosen)
        if not waiting or not len(rows):
            continue
        expected = np.array([track.expected(picture, options.speed_over) for track in waiting])
        shared = overlaps(expected, found[rows])
        pairs = [
            pair for pair in zip(*linear_sum_assignment(-shared), strict=True) if shared[pair] >= options.least_overlap
        ]
        for track, column in pairs:
            waiting[track].add(picture, found[rows[column], :4])
            left[rows[column]] = False
        served = {int(track) for track, _ in pairs}
        waiting = [track for number, track in enumerate(waiting) if number not in served]
    return np.asarray(found[left])


def _bridged(track: _Live) -> BoxTrack:
    """Every picture from first to last, corners linear across gaps."""
    times = np.arange(track.pictures[0], track.pictures[-1] + 1)
    corners = np.array(track.corners)  # (n, 4)
    filled = np.stack([np.interp(times, track.pictures, corners[:, side]) for side in range(4)], axis=1)
    return BoxTrack(track.id, track.pictures[0], filled, np.isin(times, track.pictures))


def is_walker(track: BoxTrack, options: TrackOptions) -> bool:
    """Whether a track lasts, and its foot point moves: stones and signs that a detector takes for people do neither."""
    feet = np.stack([(track.corners_px[:, 0] + track.corners_px[:, 2]) / 2, track.corners_px[:, 3]], axis=1)  # (n, 2)
    height_px = float(np.median(track.corners_px[:, 3] - track.corners_px[:, 1]))
    reach_px = float(np.hypot(*np.ptp(feet, axis=0)))
    return len(track.corners_px) >= options.shortest and reach_px >= options.least_travel * height_px


def _numbered(tracks: list[BoxTrack]) -> list[BoxTrack]:
    return [BoxTrack(number, track.first, track.corners_px, track.seen) for number, track in enumerate(tracks, 1)]
