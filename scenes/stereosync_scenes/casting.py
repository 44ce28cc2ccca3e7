"""Casting: the random choices behind a plan. Grounds are even over all kinds; everything else follows what fits."""

from __future__ import annotations

import colorsys
import math

import numpy as np

from stereosync_scenes.plan import (
    LEAD_S,
    RATE_HZ,
    Body,
    Character,
    Colour,
    FloatArray,
    Mood,
    Patch,
    Plan,
    Setting,
    Shot,
    Track,
)
from stereosync_scenes.routes import ROUTES, View, route, walk_track
from stereosync_scenes.walk import GROUNDS, Room

ASPECT = 16 / 9  # fields of view are chosen for this shape of picture
PERSON_M = 1.75

FIELD_PLACES = {
    "snow": ("wind", "night", "wind"), "ice": ("wind", "cave", "night"), "sand": ("desert", "sea", "harbour"),
    "water": ("river", "rain", "sea", "waterfall"), "grass": ("wind", "forest", "night", "village", "river"),
    "dirt": ("forest", "village", "jungle", "desert"), "gravel": ("river", "village", "wind", "forest"),
    "stone": ("wind", "sea", "waterfall", "village"), "wood": ("harbour", "sea", "river", "forest", "jungle"),
}  # fmt: skip
STREET_PLACES = ("city", "city", "village", "harbour", "rain", "night")
HALL_PLACES = ("machinery", "machinery", "cave", "cave", "village")
STREET_GROUNDS = ("stone", "tile", "metal", "gravel", "wood", "snow", "ice", "dirt", "glass", "water", "grass")
HALL_GROUNDS = ("wood", "carpet", "tile", "metal", "glass", "stone", "carpet", "dirt", "water")
GROUNDS_OF = {"field": tuple(FIELD_PLACES), "street": STREET_GROUNDS, "hall": HALL_GROUNDS}


def cast_plan(seed: int, duration_s: float) -> Plan:
    """The plan of `seed`; see `stereosync_scenes.plan.make_plan`."""
    rng = np.random.default_rng([seed, 20])
    ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
    kind = str(rng.choice([kind for kind, grounds in GROUNDS_OF.items() if ground in grounds]))
    place = str(rng.choice(_places(kind, ground)))
    vertical_fov, view, height_m, down_rad = _optics(rng)
    setting, room = _setting(kind, view, rng)
    patches = _patches(kind, ground, view, rng)
    characters = _characters(view, rng, duration_s)
    track = _camera_track([character.track for character in characters], view, rng)
    shot = Shot(track, height_m, down_rad, vertical_fov)
    mood = _mood(kind, place, rng)
    return Plan(seed, duration_s, place, room, setting, mood, patches, characters, shot)


def _places(kind: str, ground: str) -> tuple[str, ...]:
    return {"field": FIELD_PLACES.get(ground, ()), "street": STREET_PLACES, "hall": HALL_PLACES}[kind]


def _optics(rng: np.random.Generator) -> tuple[float, View, float, float]:
    """Vertical fov, the visible fan, camera height and downward tilt, such that feet are in the picture."""
    half_horizontal = math.radians(rng.uniform(48, 99)) / 2
    half_vertical = math.atan(math.tan(half_horizontal) / ASPECT)
    down_rad = rng.uniform(0.45, 1.1) * (half_vertical - math.radians(2))
    steepest = math.tan(min(down_rad + half_vertical - math.radians(2.5), math.radians(48)))
    height_m = float(np.clip(rng.uniform(1.8, 4.6) * steepest, 1.2, 2.4))
    near_m = max(1.9, height_m / steepest)
    far_m = min(12.0, max(near_m + 3.0, PERSON_M / (0.48 * math.tan(half_vertical))))
    return 2 * half_vertical, View(near_m, far_m, 0.92 * half_horizontal), height_m, down_rad


def _setting(kind: str, view: View, rng: np.random.Generator) -> tuple[Setting, Room]:
    reach_m = view.far_m + rng.uniform(1.2, 5.0)
    half_width_m = view.far_m * math.sin(view.half_angle_rad) + rng.uniform(1.2, 4.0)
    height_m = {"field": 0.0, "street": rng.uniform(5, 12), "hall": rng.uniform(2.7, 5.5)}[kind]
    setting = Setting(kind, int(rng.integers(2**31)), reach_m, half_width_m, height_m)
    if kind != "hall":
        return setting, Room(0.0, 0.0)
    size_m = math.sqrt(2 * half_width_m * (reach_m + 2))
    return setting, Room(size_m, float(np.clip(0.06 * size_m * rng.uniform(0.6, 1.8), 0.25, 2.0)))


def _patches(kind: str, ground: str, view: View, rng: np.random.Generator) -> tuple[Patch, ...]:
    first = Patch(ground, int(rng.integers(2**31)))
    if rng.random() > 0.25:
        return (first,)
    second = str(rng.choice([other for other in GROUNDS_OF[kind] if other != ground]))
    angle = rng.uniform(0, 2 * math.pi)
    normal = (math.cos(angle), math.sin(angle))
    x, y = view.point(0.45 * (view.near_m + view.far_m), rng.uniform(-0.4, 0.4) * view.half_angle_rad)
    return first, Patch(second, int(rng.integers(2**31)), normal, normal[0] * x + normal[1] * y)


def _characters(view: View, rng: np.random.Generator, duration_s: float) -> tuple[Character, ...]:
    count = int(rng.choice([1, 2, 3], p=[0.6, 0.32, 0.08]))
    tracks: list[Track] = []
    for _ in range(count):
        way = route(str(rng.choice(ROUTES)), view, rng)
        tracks.append(walk_track(way, rng, duration_s, tracks))
    return tuple(
        Character(number, int(rng.integers(2**31)), _body(rng), track, rng.uniform(0.6, 1.2), rng.uniform(0.7, 1.3))
        for number, track in enumerate(tracks, start=1)
    )


def _cloth(rng: np.random.Generator) -> Colour:
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.95))


def _body(rng: np.random.Generator) -> Body:
    tone = rng.uniform(0.35, 1.0)
    hair = rng.choice([0.08, 0.2, 0.45, 0.8])
    return Body(
        height_m=rng.uniform(1.5, 1.95),
        leg_ratio=rng.uniform(0.505, 0.545),
        bulk=rng.uniform(0.85, 1.3),
        shoulder=rng.uniform(0.9, 1.1),
        skirt=bool(rng.random() < 0.2),
        sleeves=bool(rng.random() < 0.6),
        skin=(0.95 * tone, 0.75 * tone, 0.62 * tone),
        hair=(hair, 0.8 * hair, 0.55 * hair),
        shirt=_cloth(rng),
        trousers=_cloth(rng),
        shoes=_cloth(rng) if rng.random() < 0.5 else (0.1, 0.09, 0.08),
    )


def _camera_track(people: list[Track], view: View, rng: np.random.Generator) -> Track:
    """Fixed, slow pan, slow dolly, or turning after the people; height and tilt stay."""
    time_s = np.arange(len(people[0].position_m)) / RATE_HZ - LEAD_S
    position = np.zeros((len(time_s), 2))
    heading = np.full(len(time_s), math.pi / 2)
    style = str(rng.choice(["fixed", "pan", "dolly", "follow"], p=[0.45, 0.2, 0.22, 0.13]))
    wave = np.sin(2 * np.pi * time_s / rng.uniform(8, 20) + rng.uniform(0, 2 * np.pi))
    if style == "pan":
        heading += rng.uniform(0.1, 0.4) * view.half_angle_rad * wave
    elif style == "dolly":
        position[:, 0] = rng.uniform(0.2, 0.8) * wave
        position[:, 1] = -rng.uniform(0.0, 0.5) * (1 + wave)
    elif style == "follow":
        heading = _bearing(np.mean([person.position_m for person in people], axis=0))
    return Track(-LEAD_S, position, heading, np.zeros(len(time_s)))


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


def _mood(kind: str, place: str, rng: np.random.Generator) -> Mood:
    turn, height = rng.uniform(0, 2 * math.pi), rng.uniform(0.5, 1.2)
    sun_direction = (math.cos(turn) * math.cos(height), math.sin(turn) * math.cos(height), math.sin(height))
    if kind == "hall":
        warm, light = rng.uniform(0.8, 1.0), rng.uniform(0.35, 0.5)
        return Mood(
            (0.25, -0.3, 0.92), (light, light * warm, light * warm**2), (0.5, 0.5, 0.5), (0, 0, 0), (0, 0, 0), 0.35
        )
    if place == "night":
        return Mood(sun_direction, (0.25, 0.28, 0.38), (0.28, 0.31, 0.42), (0.03, 0.04, 0.1), (0.1, 0.12, 0.22), 0.4)
    if place in ("rain", "waterfall", "cave") or rng.random() < 0.3:  # overcast
        grey = rng.uniform(0.55, 0.85)
        return Mood(
            (0.1, 0.1, 0.99), (0.3, 0.3, 0.3), (0.55, 0.56, 0.58), (grey * 0.85, grey * 0.9, grey), (grey,) * 3, 0.3
        )
    warm = rng.uniform(0.65, 1.0)
    sky = colorsys.hsv_to_rgb(rng.uniform(0.55, 0.63), rng.uniform(0.3, 0.7), rng.uniform(0.6, 0.95))
    return Mood(
        sun_direction,
        (0.65, 0.65 * warm**0.4, 0.65 * warm),
        (0.42, 0.44, 0.5),
        sky,
        (0.85, 0.85 * warm**0.3, 0.9 * warm),
        0.5,
    )
