"""Pan: the level difference after each known contact, beside the one that its place asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stereosync.stereo import expected_level_difference_db, level_db, level_difference_db
from stereosync_tools.audition.performance import Performance

WINDOW_S = 0.080
SIDE_AZIMUTH_RAD = math.radians(10)  # nearer to the middle, a wrong side cannot be heard
SILENT_DB = -60.0


@dataclass(frozen=True)
class PanPoint:
    """Level differences right minus left, dB, in the 80 ms after a contact; `heard` is False for near silence."""

    time_s: float
    azimuth_rad: float
    expected_db: float
    measured_db: float
    heard: bool


@dataclass(frozen=True)
class PanScore:
    """`right_side`: share of heard contacts beyond 10 degrees on the right side; None without any such contact."""

    contacts: int
    heard: int
    right_side: float | None
    mean_error_db: float | None


def pan_points(performance: Performance) -> tuple[PanPoint, ...]:
    """One point for each contact whose window was kept whole."""
    points = []
    length = round(WINDOW_S * performance.sample_rate_hz)
    for contact in performance.contacts:
        start = round((contact.time_s - performance.start_s) * performance.sample_rate_hz)
        window = performance.samples[max(start, 0) : start + length]
        if len(window) < length:
            continue
        expected_db = expected_level_difference_db(contact.azimuth_rad)
        heard = level_db(window) > SILENT_DB
        points.append(PanPoint(contact.time_s, contact.azimuth_rad, expected_db, level_difference_db(window), heard))
    return tuple(points)


def pan_score(points: tuple[PanPoint, ...]) -> PanScore:
    """The share of contacts on their right side and the mean error in dB, over all points that are heard."""
    heard = [point for point in points if point.heard]
    aside = [point for point in heard if abs(point.azimuth_rad) > SIDE_AZIMUTH_RAD]
    right = [point.measured_db * point.expected_db > 0 for point in aside]
    errors_db = [abs(point.measured_db - point.expected_db) for point in heard]
    return PanScore(
        contacts=len(points),
        heard=len(heard),
        right_side=float(np.mean(right)) if right else None,
        mean_error_db=float(np.mean(errors_db)) if errors_db else None,
    )
