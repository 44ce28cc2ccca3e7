"""Moods: light, sky and air that fit the place."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable

import numpy as np

from stereosync_scenes.plan import Colour, Mood

ABOVE = (0.1, 0.1, 0.99)


def draw_mood(kind: str, place: str, amount: float, rng: np.random.Generator) -> Mood:
    """The light of a place, stronger or weaker by its amount."""
    turn, height = rng.uniform(0, 2 * math.pi), rng.uniform(0.5, 1.2)
    towards_sun = (math.cos(turn) * math.cos(height), math.sin(turn) * math.cos(height), math.sin(height))
    clear, overcast = _clear(towards_sun, rng), rng.random() < 0.3
    if kind == "hall":
        return _lamps(place, rng)
    makers: dict[str, Callable[[], Mood]] = {
        "night": lambda: _night(towards_sun, amount), "fire": lambda: _dusk(rng), "rain": lambda: _rain(amount, rng),
        "thunder": _thunderstorm, "snowstorm": lambda: _snowstorm(amount), "jungle": _jungle,
        "desert": lambda: _desert(towards_sun, amount),
    }  # fmt: skip
    if place in makers:
        return makers[place]()
    return _overcast(rng) if overcast else clear


def _grey(light: float) -> Colour:
    return light, light, light


def _clear(towards_sun: tuple[float, float, float], rng: np.random.Generator) -> Mood:
    warm = rng.uniform(0.65, 1.0)
    sky = colorsys.hsv_to_rgb(rng.uniform(0.55, 0.63), rng.uniform(0.3, 0.7), rng.uniform(0.6, 0.95))
    sun, horizon = (0.65, 0.65 * warm**0.4, 0.65 * warm), (0.85, 0.85 * warm**0.3, 0.9 * warm)
    return Mood(towards_sun, sun, (0.42, 0.44, 0.5), sky, horizon, 0.5)


def _overcast(rng: np.random.Generator) -> Mood:
    grey = rng.uniform(0.55, 0.85)
    return Mood(ABOVE, _grey(0.3), (0.55, 0.56, 0.58), (grey * 0.85, grey * 0.9, grey), _grey(grey), 0.3)


def _lamps(place: str, rng: np.random.Generator) -> Mood:
    warm, light = rng.uniform(0.8, 1.0), rng.uniform(0.35, 0.5)
    lamp, fill = (light, light * warm, light * warm**2), 0.5
    if place == "cave":
        lamp, fill = (0.34, 0.3, 0.25), 0.34
    if place == "fire":
        lamp, fill = (0.5, 0.36, 0.22), 0.36
    return Mood((0.25, -0.3, 0.92), lamp, _grey(fill), (0, 0, 0), (0, 0, 0), 0.35)


def _night(towards_moon: tuple[float, float, float], amount: float) -> Mood:
    dark = 1.15 - 0.4 * amount
    light, fill = (0.25 * dark, 0.28 * dark, 0.38 * dark), (0.28 * dark, 0.31 * dark, 0.42 * dark)
    return Mood(towards_moon, light, fill, (0.03, 0.04, 0.1), (0.1 * dark, 0.12 * dark, 0.22 * dark), 0.4)


def _dusk(rng: np.random.Generator) -> Mood:
    red = rng.uniform(0.4, 0.8)
    return Mood(ABOVE, (0.26, 0.22, 0.24), (0.36, 0.32, 0.36), (0.12, 0.12, 0.24), (red, 0.3, 0.22), 0.25)


def _rain(amount: float, rng: np.random.Generator) -> Mood:
    grey = rng.uniform(0.5, 0.7)
    haze, wet = 0.004 + 0.012 * amount, 0.15 + 0.3 * amount
    top = (grey * 0.9, grey * 0.93, grey)
    return Mood(ABOVE, _grey(0.2), (0.5, 0.51, 0.54), top, _grey(grey), 0.15, haze, wet)


def _thunderstorm() -> Mood:
    sun, ambient = (0.14, 0.15, 0.2), (0.36, 0.37, 0.44)
    return Mood(ABOVE, sun, ambient, (0.1, 0.11, 0.17), (0.27, 0.28, 0.34), 0.15, haze=0.006, wet=0.45)


def _snowstorm(amount: float) -> Mood:
    return Mood(ABOVE, _grey(0.2), _grey(0.52), _grey(0.6), _grey(0.68), 0.15, haze=0.01 + 0.022 * amount)


def _desert(towards_sun: tuple[float, float, float], amount: float) -> Mood:
    sun, ambient, haze = (0.75, 0.68, 0.55), (0.45, 0.43, 0.4), 0.004 + 0.012 * amount
    return Mood(towards_sun, sun, ambient, (0.62, 0.7, 0.8), (0.95, 0.86, 0.7), 0.5, haze)


def _jungle() -> Mood:
    sun, ambient = (0.32, 0.4, 0.25), (0.4, 0.48, 0.38)
    return Mood(ABOVE, sun, ambient, (0.55, 0.7, 0.6), (0.65, 0.78, 0.62), 0.3, haze=0.006)
