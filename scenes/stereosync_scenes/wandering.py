"""Wandering: the smooth path of someone who walks from waypoint to waypoint, around people and things."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.plan import LEAD_S, RATE_HZ, Blocker, Setting, Track
from stereosync_scenes.routes import Lost, Point, Waypoints
from stereosync_scenes.track import track_times_s

ARRIVED_M = 0.45
ELBOW_ROOM_M = 0.9
BODY_M = 0.35  # half a person's width with swinging arms
PAUSE_S = (1.0, 3.0)
MEAN_WALK_S = 12.0  # between stops for no reason
LOST_EVERY = 25  # samples between looks whether someone is lost
LOST_WAITS = 0.85  # share of looks after which who is lost waits; otherwise they follow the camera


@dataclass(frozen=True)
class Manner:
    """A person's manner of walking: speeds to choose from, how fast they turn, whether they ever stop."""

    paces_m_s: tuple[tuple[float, float], ...]
    turn_rad_s: float = 2.6
    pauses: bool = True
    mean_walk_s: float = MEAN_WALK_S
    haste: float = 1.0  # scales how fast it starts and stops

    def pace(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(*self.paces_m_s[int(rng.integers(len(self.paces_m_s)))]))


@dataclass
class _Walker:
    """The moving state while a path is being walked."""

    x: float
    y: float
    heading: float
    speed: float
    pace: float
    pause_s: float = 0.0
    seen: bool = False


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Obstacles to a path: the edge of a walled area (None in the open), things, and other people's tracks.

    Who is `lost` goes back into the picture or waits.
    """

    walled: Setting | None = None
    blockers: Sequence[Blocker] = ()
    others: Sequence[Track] = ()
    lost: Lost | None = None


def walk_track(
    going: Waypoints,
    manner: Manner,
    rng: np.random.Generator,
    duration_s: float,
    around: Surroundings = Surroundings(),
) -> Track:
    """Walk along `going` for `duration_s` (and `LEAD_S` around it): pace changes, pauses, smooth turns."""
    start, target = going(-LEAD_S), going(-LEAD_S)
    walker = _starting(start, target, manner, around.walled, rng)
    rows = []
    for index, time_s in enumerate(track_times_s(duration_s)):
        _step_out(walker, around)
        rows.append((walker.x, walker.y, walker.heading, walker.speed))
        if math.hypot(target[0] - walker.x, target[1] - walker.y) < ARRIVED_M + 0.15 * walker.speed:
            target = going(float(time_s))
            _at_waypoint(walker, manner, rng)
        elif around.lost and index % LOST_EVERY == 0 and _is_lost(walker, target, float(time_s), around.lost, rng):
            target = going(float(time_s))
        near = [(float(p[0]), float(p[1])) for p in (other.position_m[index] for other in around.others)]
        _advance(walker, target, _pushes(walker, near, around.blockers), manner, rng)
    samples = np.array(rows)
    return Track(-LEAD_S, samples[:, :2].copy(), samples[:, 2].copy(), samples[:, 3].copy())


def standing_track(point: Point, heading_rad: float, duration_s: float) -> Track:
    """The track of someone who never leaves `point`."""
    length = len(track_times_s(duration_s))
    return Track(-LEAD_S, np.tile(point, (length, 1)), np.full(length, heading_rad), np.zeros(length))


def _starting(start: Point, target: Point, manner: Manner, walled: Setting | None, rng: np.random.Generator) -> _Walker:
    """On the way in, the walker heads for the start of the route, so that the route itself is on stage."""
    heading, pace = math.atan2(target[1] - start[1], target[0] - start[0]), manner.pace(rng)
    if manner.pauses and rng.random() < 0.15:  # begins at rest
        return _Walker(*start, heading, 0.0, pace, LEAD_S + rng.uniform(-0.4, 2.0))
    before = start[0] - LEAD_S * pace * math.cos(heading), start[1] - LEAD_S * pace * math.sin(heading)
    if walled is None:
        return _Walker(*before, heading, pace, pace)
    inside = walled.inside(*before, BODY_M)
    if math.dist(inside, start) > ARRIVED_M:
        heading = math.atan2(start[1] - inside[1], start[0] - inside[0])
    return _Walker(*inside, heading, pace, pace)


def _is_lost(walker: _Walker, target: Point, time_s: float, lost: Lost, rng: np.random.Generator) -> bool:
    """True if the walker needs another target: mostly waits when it has left the picture, so that few steps are heard
    that nobody sees."""
    if not lost(time_s, (walker.x, walker.y)):
        walker.seen = True
        return False
    if walker.seen and rng.random() < LOST_WAITS:
        walker.pause_s = max(walker.pause_s, 0.6)
    return walker.seen or lost(time_s, target)


def _at_waypoint(walker: _Walker, manner: Manner, rng: np.random.Generator) -> None:
    if manner.pauses and rng.random() < 0.2:
        walker.pause_s = rng.uniform(*PAUSE_S)
    if rng.random() < 0.25:
        walker.pace = manner.pace(rng)


def _advance(walker: _Walker, target: Point, push: Point, manner: Manner, rng: np.random.Generator) -> None:
    step_s = 1 / RATE_HZ
    if manner.pauses and rng.random() < step_s / manner.mean_walk_s:
        walker.pause_s = rng.uniform(*PAUSE_S)
    walker.pause_s = max(walker.pause_s - step_s, 0.0)
    east, north = target[0] - walker.x, target[1] - walker.y
    away = max(math.hypot(east, north), 1e-3)
    east, north = east / away + push[0], north / away + push[1]
    error = math.remainder(math.atan2(north, east) - walker.heading, 2 * math.pi)
    limit = manner.turn_rad_s if walker.pause_s == 0 else 0.0
    walker.heading += max(-limit, min(limit, 4.0 * error)) * step_s
    wanted = 0.0 if walker.pause_s > 0 else walker.pace * max(0.25, math.cos(error))
    rate = (2.0 if wanted > walker.speed else 3.0) * manner.haste * step_s
    walker.speed += max(-rate, min(rate, wanted - walker.speed))
    walker.x += walker.speed * math.cos(walker.heading) * step_s
    walker.y += walker.speed * math.sin(walker.heading) * step_s


def _pushes(walker: _Walker, near: list[Point], blockers: Sequence[Blocker]) -> Point:
    """The sum of what keeps the walker off people and things; beside a thing it also leads around it."""
    east = north = 0.0
    for x, y in near:
        gap = max(math.hypot(walker.x - x, walker.y - y), 0.05)
        push = max(ELBOW_ROOM_M / gap - 0.7, 0.0) * 1.5
        east, north = east + push * (walker.x - x) / gap, north + push * (walker.y - y) / gap
    for blocker in blockers:
        x, y = nearest_point(blocker, walker.x, walker.y)
        gap = max(math.hypot(walker.x - x, walker.y - y), 0.05)
        push = max(1.1 / gap - 0.8, 0.0) * 1.5
        away_x, away_y = (walker.x - x) / gap, (walker.y - y) / gap
        side = 1.0 if math.sin(walker.heading - math.atan2(away_y, away_x)) > 0 else -1.0
        east += push * (away_x - 0.8 * side * away_y)
        north += push * (away_y + 0.8 * side * away_x)
    return east, north


def _step_out(walker: _Walker, around: Surroundings) -> None:
    """Nobody stands in a thing or in a wall."""
    if around.walled:
        walker.x, walker.y = around.walled.inside(walker.x, walker.y, BODY_M)
    for blocker in around.blockers:
        x, y = nearest_point(blocker, walker.x, walker.y)
        gap = math.hypot(walker.x - x, walker.y - y)
        if 0.0 < gap < BODY_M:
            walker.x, walker.y = x + (walker.x - x) * BODY_M / gap, y + (walker.y - y) * BODY_M / gap
        elif gap == 0.0:
            walker.x, walker.y = blocker.x_m, blocker.y_m - max(blocker.half_m) - BODY_M


def nearest_point(blocker: Blocker, x: float, y: float) -> Point:
    """The point of the blocker's outline (or inside: the point itself) that is nearest to (x, y)."""
    cos, sin = math.cos(blocker.turn_rad), math.sin(blocker.turn_rad)
    along = (x - blocker.x_m) * cos + (y - blocker.y_m) * sin
    across = (y - blocker.y_m) * cos - (x - blocker.x_m) * sin
    if blocker.round:
        shrink = min(1.0, blocker.half_m[0] / max(math.hypot(along, across), 1e-6))
        along, across = along * shrink, across * shrink
    else:
        along = max(-blocker.half_m[0], min(blocker.half_m[0], along))
        across = max(-blocker.half_m[1], min(blocker.half_m[1], across))
    return blocker.x_m + along * cos - across * sin, blocker.y_m + along * sin + across * cos
