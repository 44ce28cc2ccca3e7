"""Walks that nobody has drawn: plausible contacts of imaginary characters, for training the audio codec."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_scenes.walk import Contact, Room, WalkTruth

NEAREST_M, FARTHEST_M = 1.0, 12.0
QUIET_SHARE = 0.15  # of the places, without ambience
HIDDEN_SHARE = 0.2  # of the characters, behind something
WIDEST_AZIMUTH_RAD = math.pi / 3


@dataclass(frozen=True)
class Gait:
    """A way of going: steps per second, speed and force, each drawn between two values."""

    cadence_hz: tuple[float, float]
    speed_m_s: tuple[float, float]
    force: tuple[float, float]
    weight: float


GAITS = (
    Gait((1.0, 1.5), (0.5, 0.9), (0.4, 0.6), 0.15),  # sneaking
    Gait((1.6, 2.1), (1.1, 1.7), (0.8, 1.2), 0.65),  # walking
    Gait((2.5, 3.1), (2.6, 4.0), (1.6, 2.2), 0.20),  # running
)


def random_truth(seed: int, duration_s: float = 6.0) -> WalkTruth:
    """The truth of a walk of 1-3 characters, 1-12 m away within +-60 degrees. Equal seeds give equal walks."""
    rng = np.random.default_rng(seed)
    common_ground = str(rng.choice(GROUNDS))
    camera_height_m = rng.uniform(0.5, 1.8)
    contacts: list[Contact] = []
    for character_id in range(int(rng.choice((1, 2, 3), p=(0.45, 0.35, 0.2)))):
        ground = common_ground if rng.random() < 0.6 else str(rng.choice(GROUNDS))
        contacts += _character(character_id, ground, camera_height_m, duration_s, rng)
    contacts.sort(key=lambda contact: contact.time_s)
    room, place = _room(rng), "" if rng.random() < QUIET_SHARE else str(rng.choice(PLACES))
    return WalkTruth(seed, duration_s, tuple(contacts), room, place, float(rng.random()))


def _room(rng: np.random.Generator) -> Room:
    if rng.random() < 0.45:
        return Room(0.0, 0.0)
    size_m = float(np.exp(rng.uniform(math.log(3), math.log(30))))
    return Room(size_m, float(np.clip(0.25 + 0.05 * size_m * rng.uniform(0.4, 1.6), 0.2, 2.2)))


def _character(
    character_id: int, ground: str, camera_height_m: float, duration_s: float, rng: np.random.Generator
) -> list[Contact]:
    gait = GAITS[rng.choice(len(GAITS), p=[gait.weight for gait in GAITS])]
    period_s = 1 / rng.uniform(*gait.cadence_hz)
    speed_m_s, force = rng.uniform(*gait.speed_m_s), rng.uniform(*gait.force)
    distance_m = math.exp(rng.uniform(math.log(NEAREST_M), math.log(FARTHEST_M)))
    azimuth_rad = rng.uniform(-WIDEST_AZIMUTH_RAD, WIDEST_AZIMUTH_RAD)
    x_m, z_m = distance_m * math.sin(azimuth_rad), distance_m * math.cos(azimuth_rad)
    heading_rad = rng.uniform(-math.pi, math.pi)
    start_s, end_s = _moving_span(duration_s, rng)
    occlusion = float(rng.uniform(0.3, 1.0)) if rng.random() < HIDDEN_SHARE else 0.0
    contacts = []
    time_s, index = start_s + rng.uniform(0, period_s), int(rng.integers(2))
    while time_s < end_s:
        x_m, z_m = _bounded(x_m, z_m)
        foot = ("left", "right")[index % 2]
        position_m = _position(x_m, z_m, camera_height_m)
        hard = force * rng.uniform(0.85, 1.15)
        contacts.append(Contact(time_s, character_id, foot, ground, position_m, hard, occlusion))
        heading_rad += rng.normal(0, 0.1)
        x_m += speed_m_s * period_s * math.sin(heading_rad)
        z_m += speed_m_s * period_s * math.cos(heading_rad)
        time_s, index = time_s + period_s * rng.uniform(0.96, 1.04), index + 1
    return contacts


def _moving_span(duration_s: float, rng: np.random.Generator) -> tuple[float, float]:
    """The span of a walk: most often all of it, else one stands before or after, so that there is silence."""
    if rng.random() < 0.6:
        return 0.0, duration_s
    start_s = rng.uniform(0, 0.5 * duration_s)
    return start_s, rng.uniform(start_s + 0.3 * duration_s, duration_s)


def _bounded(x_m: float, z_m: float) -> tuple[float, float]:
    """The nearest point of the ground within +-60 degrees and 1-12 m."""
    azimuth_rad = float(np.clip(math.atan2(x_m, z_m), -WIDEST_AZIMUTH_RAD, WIDEST_AZIMUTH_RAD))
    distance_m = float(np.clip(math.hypot(x_m, z_m), NEAREST_M, FARTHEST_M))
    return distance_m * math.sin(azimuth_rad), distance_m * math.cos(azimuth_rad)


def _position(x_m: float, z_m: float, camera_height_m: float) -> tuple[float, float, float]:
    """The foot in camera space, kept within 12 m also when the camera's height counts."""
    scale = min(1.0, FARTHEST_M / math.hypot(x_m, camera_height_m, z_m))
    return x_m * scale, -camera_height_m * scale, z_m * scale
