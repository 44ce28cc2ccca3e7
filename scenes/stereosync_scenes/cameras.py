"""Cameras: what they see, and how they move. Height and tilt stay; a carried camera bobs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import LEAD_S, RATE_HZ, FloatArray, Setting, Track
from stereosync_scenes.routes import View, long_legs
from stereosync_scenes.track import track_times_s
from stereosync_scenes.wandering import Manner, standing_track, walk_track

ASPECT = 16 / 9  # fields of view are chosen for this shape of picture
TALLEST_DISTANCE = 3.5  # an adult of 1.75 m is a quarter of the picture high at this distance over tan(half the fov)
STYLES = {
    "fixed": 0.28, "pan": 0.13, "dolly": 0.13, "turn": 0.08, "follow": 0.16, "approach": 0.14, "orbit": 0.08,
}  # fmt: skip
MET_SHARE = 0.65  # of the view, where those are that a moving camera meets: it has soon passed whoever is at the edge
WALL_ROOM_M = 0.4
LENS_ROOM_M = 1.0  # between people and a moving camera, about
HERO_STYLES = ("follow", "third_near", "shoulder", "third_far", "isometric")  # that come along with one person
CARRIED_STYLES = ("approach", "first_person")
MOVING = (*HERO_STYLES, *CARRIED_STYLES, "orbit")


@dataclass(frozen=True)
class Optics:
    """A camera's style, its field of view (vertical), the fan that it sees well, its height and its downward tilt.

    `gap_m` is how far a following camera stays behind, or an orbiting one from its middle; `beside_m` how far it is
    to the right of whom it follows.
    """

    style: str
    vertical_fov_rad: float
    view: View
    height_m: float
    down_rad: float
    gap_m: float = 0.0
    beside_m: float = 0.0


def draw_optics(rng: np.random.Generator) -> Optics:
    """A camera such that the feet of people in its view are in the picture."""
    style = str(rng.choice(list(STYLES), p=list(STYLES.values())))
    half_horizontal = math.radians(rng.uniform(46, 99)) / 2
    half_vertical = math.atan(math.tan(half_horizontal) / ASPECT)
    far_m = min(14.0, TALLEST_DISTANCE / math.tan(half_vertical))
    across = 0.92 * half_horizontal
    if style == "follow":
        return _over_the_shoulder(half_vertical, far_m, across, rng)
    if style == "approach":
        height_m, down_rad = rng.uniform(1.35, 1.75), rng.uniform(0.25, 0.75) * half_vertical
        return Optics(
            style, 2 * half_vertical, View(min(3.0, 0.5 * far_m), far_m, MET_SHARE * across), height_m, down_rad
        )
    return _from_a_stand(style, half_vertical, far_m, across, rng)


def _from_a_stand(style: str, half_vertical: float, far_m: float, across: float, rng: np.random.Generator) -> Optics:
    """A camera at rest, or one that goes round a middle with the whole view about it."""
    down_rad = rng.uniform(0.35, 0.95) * (half_vertical - math.radians(2))
    steepest = math.tan(min(down_rad + half_vertical - math.radians(2.5), math.radians(48)))
    height_m = float(np.clip(rng.uniform(1.5, 4.4) * steepest, 1.1, 2.4))
    near_m = max(1.6, height_m / steepest)
    view = View(near_m, max(far_m, near_m + 2.5), across)
    if style != "orbit":
        return Optics(style, 2 * half_vertical, view, height_m, down_rad)
    middle_m = 0.5 * (view.near_m + view.far_m)
    reach_m = min(middle_m - view.near_m, middle_m * math.sin(across))
    narrow = View(middle_m - reach_m, middle_m + reach_m, math.asin(min(reach_m / middle_m, 1.0)))
    return Optics(style, 2 * half_vertical, narrow, height_m, down_rad, middle_m)


def _over_the_shoulder(half_vertical: float, far_m: float, across: float, rng: np.random.Generator) -> Optics:
    """Behind one person, feet near the lower edge."""
    gap_m = max(rng.uniform(2.5, 4.5), 1.15 / math.tan(half_vertical))
    height_m = rng.uniform(1.4, 2.1)
    down_rad = max(math.atan(height_m / gap_m) - 0.85 * half_vertical, 0.05)
    return Optics("follow", 2 * half_vertical, View(0.7 * gap_m, far_m, MET_SHARE * across), height_m, down_rad, gap_m)


def resting_track(optics: Optics, people: list[Track], duration_s: float, rng: np.random.Generator) -> Track:
    """Fixed, slow pan, slow dolly, or turning after the people, about the origin."""
    time_s = track_times_s(duration_s)
    position, heading = np.zeros((len(time_s), 2)), np.full(len(time_s), math.pi / 2)
    wave = np.sin(2 * np.pi * time_s / rng.uniform(8, 20) + rng.uniform(0, 2 * np.pi))
    if optics.style == "pan":
        heading += rng.uniform(0.15, 0.5) * optics.view.half_angle_rad * wave
    elif optics.style == "dolly":
        position[:, 0] = rng.uniform(0.2, 1.0) * wave
        position[:, 1] = -rng.uniform(0.0, 0.5) * (1 + wave)
    elif optics.style in ("turn", "cut_scene"):
        heading = _bearing(np.mean([person.position_m for person in people], axis=0))
    return Track(-LEAD_S, position, heading, np.zeros(len(time_s)))


def orbit_track(optics: Optics, duration_s: float, rng: np.random.Generator) -> Track:
    """Round the middle of the view, which it faces."""
    time_s = track_times_s(duration_s)
    turn = -math.pi / 2 + float(rng.choice([-1, 1])) * rng.uniform(0.08, 0.22) * (time_s - 0.5 * duration_s)
    middle = np.array([0.0, optics.gap_m])
    position = middle + optics.gap_m * np.stack([np.cos(turn), np.sin(turn)], -1)
    return Track(-LEAD_S, position, turn + math.pi, np.zeros(len(time_s)))


def carried_track(
    optics: Optics, setting: Setting, margin_m: float, duration_s: float, still: bool, rng: np.random.Generator
) -> Track:
    """The track of a camera that someone carries through the area, slowly if it does not see far."""
    going = long_legs(setting, margin_m, rng)
    if still:
        return standing_track(going(0.0), math.pi / 2, duration_s)
    far_m = optics.view.far_m
    manner = Manner(((0.06 * far_m, min(0.13 * far_m, 1.4)),), turn_rad_s=0.7, pauses=bool(rng.random() < 0.3))
    track = walk_track(going, manner, rng, duration_s)
    glance = rng.uniform(0.0, 0.25) * np.sin(track_times_s(duration_s) * rng.uniform(0.3, 0.9) + rng.uniform(0, 6))
    return Track(track.start_s, track.position_m, _smoothed(track.heading_rad, 25) + glance, track.speed_m_s)


def follower_track(hero: Track, gap_m: float, rng: np.random.Generator) -> Track:
    """Behind `hero` on his own way, looking at him from a little beside it."""
    steps = np.hypot(*np.diff(hero.position_m, axis=0).T)
    gone = np.concatenate([[0.0], np.cumsum(steps)])  # (N,) metres
    first = np.array([math.cos(hero.heading_rad[0]), math.sin(hero.heading_rad[0])])
    way = np.concatenate([[hero.position_m[0] - 2 * gap_m * first], hero.position_m])
    marks = np.concatenate([[-2 * gap_m], gone + np.arange(len(gone)) * 1e-9])
    behind = np.stack([np.interp(gone - gap_m, marks, way[:, axis]) for axis in (0, 1)], -1)
    behind = np.stack([_smoothed(behind[:, axis], 30) for axis in (0, 1)], -1)
    towards = _smoothed(np.unwrap(np.arctan2(*(hero.position_m - behind).T[::-1])), 15)
    beside = rng.uniform(-0.5, 0.5) * np.stack([np.sin(towards), -np.cos(towards)], -1)
    speed = np.concatenate([steps, steps[-1:]]) * RATE_HZ
    return Track(hero.start_s, behind + beside, towards + rng.uniform(-0.12, 0.12), speed)


def beside_people(camera: Track, people: Sequence[Track], setting: Setting) -> Track:
    """The camera's track, moved aside where it would come too near to someone, and out of the walls."""
    push = np.zeros_like(camera.position_m)
    for person in people:
        apart = camera.position_m - person.position_m
        gap = np.maximum(np.hypot(*apart.T), 0.05)[:, None]
        push += apart / gap * np.maximum(1.6 * LENS_ROOM_M - gap, 0.0)
    push = np.stack([_smoothed(push[:, axis], 25) for axis in (0, 1)], -1)
    inside = [setting.inside(float(x), float(y), WALL_ROOM_M) for x, y in camera.position_m + push]
    return dataclasses.replace(camera, position_m=np.array(inside))


def _smoothed(samples: FloatArray, half: int) -> FloatArray:
    """A running mean over `2 half + 1` samples (N,)."""
    padded = np.pad(samples, half, mode="edge")
    return np.asarray(np.convolve(padded, np.full(2 * half + 1, 1 / (2 * half + 1)), mode="valid"))


def _bearing(position_m: FloatArray) -> FloatArray:
    """A lazy look at a moving point (N, 2) from the origin; part of its angle stays, so it is not always central."""
    wanted = np.arctan2(np.maximum(position_m[:, 1], 0.5), position_m[:, 0])
    lazy = np.empty(len(wanted))
    angle, rate = float(wanted[0]), 0.0
    for index, goal in enumerate(wanted):  # a critically damped spring of 0.6 s
        rate += ((goal - angle) / 0.36 - 2 * rate / 0.6) / RATE_HZ
        angle += rate / RATE_HZ
        lazy[index] = angle
    return np.asarray(math.pi / 2 + 0.7 * (lazy - math.pi / 2))
