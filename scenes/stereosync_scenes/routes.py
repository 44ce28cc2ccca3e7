"""Routes: where people want to go next, in front of a camera that may itself be on its way."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import Setting, Track

Point = tuple[float, float]
Waypoints = Callable[[float], Point]  # the next place to go to, asked at a time
Lost = Callable[[float, Point], bool]  # whether someone at a place has left the picture for good

ROUTES = ("across", "across", "approach", "depart", "diagonal", "circle", "back_and_forth", "wander", "pass_close")
MET_ROUTES = ("across", "across", "depart", "approach", "diagonal", "wander")  # before a camera that comes along
CLOSE_M = 1.2
WALL_GAP_M = 0.6
LOOK_AHEAD_S = 3.0  # people who meet a moving camera go to where it will look by then


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


def waypoints(view: View, setting: Setting, camera: Track | None, rng: np.random.Generator) -> Waypoints:
    """World places without end of a route of random kind inside the view of `camera`, kept off the walls.

    Without a camera it is one that rests at the origin and looks along y.
    """
    local = route(str(rng.choice(ROUTES if camera is None else MET_ROUTES)), view, rng)

    def following(time_s: float) -> Point:
        x, y = next(local)
        return setting.inside(*_in_world(camera, x, y, time_s + LOOK_AHEAD_S), WALL_GAP_M)

    return following


def _in_world(camera: Track | None, x: float, y: float, time_s: float) -> Point:
    if camera is None:
        return x, y
    heading = camera.heading_at(time_s)
    east, north = camera.position_at(time_s)
    return (
        float(east) + x * math.sin(heading) + y * math.cos(heading),
        float(north) - x * math.cos(heading) + y * math.sin(heading),
    )


def out_of_view(view: View, camera: Track | None) -> Lost | None:
    """A test for people that a moving `camera` has passed; before one at rest they come back by themselves."""
    if camera is None:
        return None

    def lost(time_s: float, point: Point) -> bool:
        heading, (east, north) = camera.heading_at(time_s), camera.position_at(time_s)
        away = math.atan2(point[1] - north, point[0] - east)
        return abs(math.remainder(away - heading, 2 * math.pi)) > 1.1 * view.half_angle_rad

    return lost


def long_legs(setting: Setting, margin_m: float, rng: np.random.Generator) -> Waypoints:
    """Places without end for someone whom a camera accompanies: from back to front, then on without sharp turns."""
    wide, deep = setting.half_width_m - margin_m, setting.reach_m - setting.back_m - 2 * margin_m
    back_m = setting.back_m + margin_m
    start = (float(rng.uniform(-0.6, 0.6) * wide), back_m + 0.2 * deep)
    known = [start, (float(rng.uniform(-0.7, 0.7) * wide), back_m + deep)]
    queue = iter(list(known))

    def following(time_s: float) -> Point:
        del time_s  # the camera comes along
        point = next(queue, None)
        if point is None:
            options = [(float(rng.uniform(-1, 1) * wide), back_m + float(rng.uniform(0, 1)) * deep) for _ in range(12)]
            point = min(options, key=lambda option: _sharpness(known[-2], known[-1], option))
            known.append(point)
        return point

    return following


def _sharpness(before: Point, here: Point, after: Point) -> float:
    """Turn in radians at `here`, and a penalty for short ways."""
    come = math.atan2(here[1] - before[1], here[0] - before[0])
    leave = math.atan2(after[1] - here[1], after[0] - here[0])
    return abs(math.remainder(leave - come, 2 * math.pi)) + 6.0 / max(math.dist(here, after), 0.5)


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
    if kind == "pass_close":
        far = view.point(view.distance(rng), -side * rng.uniform(0.2, 0.9) * view.half_angle_rad)
        close = view.point(rng.uniform(CLOSE_M, 1.5 * CLOSE_M), side * rng.uniform(0.3, 0.9) * view.half_angle_rad)
        return iter([far, close, view.anywhere(rng)])
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
