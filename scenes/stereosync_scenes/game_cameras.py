"""Cameras of games: behind a person near, far or over the shoulder, high above, through a player's eyes, close-ups.

They leave feet out of the picture more often than the plain ones, as games do.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from stereosync_scenes.blur import blurred
from stereosync_scenes.cameras import ASPECT, MET_SHARE, Optics, draw_optics, follower_track
from stereosync_scenes.plan import Character, FloatArray, Track
from stereosync_scenes.routes import View
from stereosync_scenes.track import RATE_HZ

GAME_STYLES = {
    "third_near": 0.18, "shoulder": 0.1, "third_far": 0.12, "isometric": 0.12, "first_person": 0.1, "cut_scene": 0.1,
}  # fmt: skip
OPEN_ONLY = ("isometric",)  # a roof or a house would be in the way
ADULT_M = 1.75
FAR_M = 12.0


def draw_game_optics(rng: np.random.Generator, kind: str) -> Optics:
    """A camera of a game, or one of the plain ones, for a setting of this kind."""
    rest = 1 - sum(GAME_STYLES.values())
    style = str(rng.choice(["plain", *GAME_STYLES], p=[rest, *GAME_STYLES.values()]))
    if style == "plain" or (style in OPEN_ONLY and kind != "field"):
        return draw_optics(rng)
    if style == "isometric":
        return _isometric(rng)
    if style == "cut_scene":
        return _close_up(rng)
    half_horizontal = math.radians(rng.uniform(60, 98)) / 2
    half_vertical = math.atan(math.tan(half_horizontal) / ASPECT)
    view = View(2.5, FAR_M, MET_SHARE * 0.92 * half_horizontal)
    if style == "first_person":
        return Optics(style, 2 * half_vertical, view, rng.uniform(1.5, 1.8), rng.uniform(0.0, 0.5) * half_vertical)
    return _behind(style, half_vertical, view, rng)


def _behind(style: str, half_vertical: float, view: View, rng: np.random.Generator) -> Optics:
    """Behind one person of 1.75 m."""
    if style == "third_far":
        gap_m, height_m = rng.uniform(4.0, 7.0), rng.uniform(2.0, 3.4)
        down_rad = math.atan((height_m - 0.9) / gap_m) + rng.uniform(-0.25, 0.15) * half_vertical
        return Optics(style, 2 * half_vertical, view, height_m, down_rad, gap_m)
    near = style == "third_near"
    gap_m = rng.uniform(1.5, 2.6) if near else rng.uniform(0.9, 1.5)
    beside_m = float(rng.choice([-1, 1])) * (rng.uniform(0.0, 0.4) if near else rng.uniform(0.3, 0.55))
    height_m, down_rad = rng.uniform(1.4, 1.9), rng.uniform(0.0, 0.24 if near else 0.14)
    return Optics(style, 2 * half_vertical, view, height_m, down_rad, gap_m, beside_m)


def _isometric(rng: np.random.Generator) -> Optics:
    """High above, 30 to 60 degrees down."""
    half_vertical, down_rad = math.radians(rng.uniform(13, 22)), math.radians(rng.uniform(30, 60))
    away_m = rng.uniform(1.5, 3.2) / math.tan(half_vertical)
    gap_m = away_m * math.cos(down_rad)
    view = View(gap_m - 2.0, gap_m + 2.5, math.atan(1.4 * math.tan(half_vertical)))
    return Optics("isometric", 2 * half_vertical, view, away_m * math.sin(down_rad) + 0.5 * ADULT_M, down_rad, gap_m)


def _close_up(rng: np.random.Generator) -> Optics:
    """Near people, who are rarely seen as a whole."""
    half_horizontal = math.radians(rng.uniform(34, 64)) / 2
    half_vertical = math.atan(math.tan(half_horizontal) / ASPECT)
    view = View(rng.uniform(1.2, 1.8), rng.uniform(3.5, 5.0), 0.9 * half_horizontal)
    return Optics("cut_scene", 2 * half_vertical, view, rng.uniform(0.5, 1.8), rng.uniform(-0.1, 0.22))


def fitted_to(optics: Optics, hero: Character) -> Optics:
    """The camera of a game as near and high as the size of its hero asks for; a plain one as it is."""
    if optics.style == "follow":
        return optics
    size = hero.body.height_m / ADULT_M
    return dataclasses.replace(
        optics, height_m=optics.height_m * size, gap_m=optics.gap_m * size, beside_m=optics.beside_m * size
    )  # fmt: skip


def hero_track(optics: Optics, hero: Character, rng: np.random.Generator) -> Track:
    """The track of a camera that comes along with `hero`."""
    if optics.style == "follow":
        return follower_track(hero.track, optics.gap_m, rng)
    track, lag_s = hero.track, rng.uniform(0.15, 0.5)
    place = blurred(track.position_m, 0.4 * lag_s, RATE_HZ)
    if optics.style == "isometric":
        heading = np.full(len(place), rng.uniform(-math.pi, math.pi))
    else:
        heading = blurred(track.heading_rad, lag_s, RATE_HZ) + rng.uniform(-0.12, 0.12)
    return Track(track.start_s, place + _offset_m(optics, heading), heading, track.speed_m_s)


def _offset_m(optics: Optics, heading: FloatArray) -> FloatArray:
    """From the hero to the camera (N, 2)."""
    ahead = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    right = np.stack([np.sin(heading), -np.cos(heading)], axis=-1)
    return np.asarray(optics.beside_m * right - optics.gap_m * ahead)
