"""Routes: where people want to go, and the smooth paths they take. Routes stay inside what the camera sees."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import LEAD_S, RATE_HZ, Track

Point = tuple[float, float]

ROUTES = ("across", "across", "approach", "depart", "diagonal", "circle", "back_and_forth", "wander")
PACES_M_S = {"stroll": (0.65, 1.1), "walk": (1.15, 1.6), "run": (2.4, 3.5)}
PACE_ODDS = {"stroll": 0.24, "walk": 0.52, "run": 0.24}
ARRIVED_M = 0.45
ELBOW_ROOM_M = 0.9


@dataclass(frozen=True)
class View:
    """The part of the ground that the camera sees well, as a fan in front of it."""

    near_m: float
    far_m: float
    half_angle_rad: float

    def point(self, distance_m: float, azimuth_rad: float) -> Point:
        return distance_m * math.sin(azimuth_rad), distance_m * math.cos(azimuth_rad)

    def anywhere(self, rng: np.random.Generator) -> Point:
        """Edges are likelier than the middle, which people cross anyway on their way between them."""
        return self.point(self.distance(rng), (2 * float(rng.beta(0.6, 0.6)) - 1) * self.half_angle_rad)

    def distance(self, rng: np.random.Generator) -> float:
        """Near distances are likelier than far ones: feet are seen better there."""
        return self.near_m + (self.far_m - self.near_m) * float(rng.beta(1.2, 1.7))

    def edge(self, rng: np.random.Generator, side: float) -> Point:
        return self.point(self.distance(rng), side * rng.uniform(0.7, 1.08) * self.half_angle_rad)


def route(kind: str, view: View, rng: np.random.Generator) -> Iterator[Point]:
    """Waypoints without end: those of the route's kind, then wandering inside the view."""
    return itertools.chain(_opening(kind, view, rng), iter(lambda: view.anywhere(rng), None))


def _opening(kind: str, view: View, rng: np.random.Generator) -> Iterator[Point]:
    side = 1.0 if rng.random() < 0.5 else -1.0
    if kind == "across":
        return iter([view.edge(rng, -side), view.edge(rng, side)])
    if kind == "diagonal":
        near = view.point(view.near_m * 1.1, side * view.half_angle_rad * 0.8)
        return iter([near, view.point(view.far_m, -side * view.half_angle_rad * 0.8)][:: int(side)])
    if kind in ("approach", "depart"):
        ends = [view.point(view.far_m, rng.uniform(-0.9, 0.9) * view.half_angle_rad)]
        ends.append(view.point(view.near_m * rng.uniform(1, 1.4), rng.uniform(-0.9, 0.9) * view.half_angle_rad))
        return iter(ends if kind == "approach" else ends[::-1])
    if kind == "circle":
        return _circle(view, rng, side)
    if kind == "back_and_forth":
        return iter([view.anywhere(rng), view.anywhere(rng)] * 4)
    return iter([view.anywhere(rng)])


def _circle(view: View, rng: np.random.Generator, side: float) -> Iterator[Point]:
    middle_m = rng.uniform(0.35, 0.6) * (view.near_m + view.far_m)
    x, y = view.point(middle_m, rng.uniform(-0.5, 0.5) * view.half_angle_rad)
    radius = min(rng.uniform(0.9, 2.2), 0.8 * (y - 0.8 * view.near_m), 0.9 * y * math.tan(view.half_angle_rad))
    turns = side * np.linspace(0, 4 * np.pi, 21) + rng.uniform(0, 2 * np.pi)
    return iter([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns])


@dataclass
class _Walker:
    """The moving state while a path is being walked."""

    x: float
    y: float
    heading: float
    speed: float
    pace: float
    pause_s: float = 0.0


def walk_track(waypoints: Iterator[Point], rng: np.random.Generator, duration_s: float, others: list[Track]) -> Track:
    """Walk along `waypoints` for `duration_s` (and `LEAD_S` around it): pace changes, pauses, smooth turns."""
    (x, y), target = next(waypoints), next(waypoints)
    heading = math.atan2(target[1] - y, target[0] - x)
    walker = _Walker(x, y, heading, 0.0, _new_pace(rng))
    walker.speed = walker.pace
    if rng.random() < 0.15:  # begins at rest
        walker.speed, walker.pause_s = 0.0, LEAD_S * rng.uniform(0.8, 1.6)
    rows = []
    length = math.ceil((duration_s + 2 * LEAD_S) * RATE_HZ) + 2
    # On the way in, the walker heads for the start of the route, so that the route itself is on stage.
    walker.x -= LEAD_S * walker.speed * math.cos(heading)
    walker.y -= LEAD_S * walker.speed * math.sin(heading)
    for index in range(length):
        rows.append((walker.x, walker.y, walker.heading, walker.speed))
        if math.hypot(target[0] - walker.x, target[1] - walker.y) < ARRIVED_M + 0.15 * walker.speed:
            target = next(waypoints)
            _at_waypoint(walker, rng)
        near = [(float(p[0]), float(p[1])) for p in (other.position_m[index] for other in others)]
        _advance(walker, target, near, rng)
    samples = np.array(rows)
    return Track(-LEAD_S, samples[:, :2].copy(), samples[:, 2].copy(), samples[:, 3].copy())


def _new_pace(rng: np.random.Generator) -> float:
    kind = str(rng.choice(list(PACE_ODDS), p=list(PACE_ODDS.values())))
    return float(rng.uniform(*PACES_M_S[kind]))


def _at_waypoint(walker: _Walker, rng: np.random.Generator) -> None:
    if rng.random() < 0.15:
        walker.pause_s = rng.uniform(0.5, 2.0)
    if rng.random() < 0.25:
        walker.pace = _new_pace(rng)


def _advance(walker: _Walker, target: Point, near: list[Point], rng: np.random.Generator) -> None:
    step_s = 1 / RATE_HZ
    if rng.random() < step_s / 14:  # now and then people stop for no reason
        walker.pause_s = rng.uniform(0.5, 2.0)
    walker.pause_s = max(walker.pause_s - step_s, 0.0)
    east, north = target[0] - walker.x, target[1] - walker.y
    away = max(math.hypot(east, north), 1e-3)
    east, north = east / away, north / away
    for x, y in near:
        gap = max(math.hypot(walker.x - x, walker.y - y), 0.05)
        push = max(ELBOW_ROOM_M / gap - 0.7, 0.0) * 1.5
        east, north = east + push * (walker.x - x) / gap, north + push * (walker.y - y) / gap
    error = math.remainder(math.atan2(north, east) - walker.heading, 2 * math.pi)
    limit = 2.6 if walker.pause_s == 0 else 0.0
    walker.heading += max(-limit, min(limit, 4.0 * error)) * step_s
    wanted = 0.0 if walker.pause_s > 0 else walker.pace * max(0.25, math.cos(error))
    rate = (2.0 if wanted > walker.speed else 3.0) * step_s
    walker.speed += max(-rate, min(rate, wanted - walker.speed))
    walker.x += walker.speed * math.cos(walker.heading) * step_s
    walker.y += walker.speed * math.sin(walker.heading) * step_s
