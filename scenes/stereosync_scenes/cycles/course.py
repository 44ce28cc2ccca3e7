"""Simulated courses: one body walks straight on and round bends, at a pace that is a little uneven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.plan import FloatArray

FINE_HZ = 60.0
TEMPO_SPREAD, SIZE_SPREAD = 0.2, 0.12  # natural log, each way
UNEVEN, UNEVEN_S = 0.08, (3.0, 9.0)  # of the pace, over so many seconds
LINGER_TURNS = 0.012  # how far a moment may be moved within a turn
STRAIGHT_SHARE = 0.4
STOPPING_SHARE, STOP_S, HALT_S = 0.15, (0.6, 2.5), 0.15  # of the clips, how long the body stands, how soon
BEND_RAD_S, TURN_RAD, TURN_S = 0.35, 1.3, (0.3, 0.8)


@dataclass(frozen=True, eq=False)
class Course:
    """Moments of a body under way: `place_m` (N, 2) x and z over the floor, `heading_rad` (N,) from +z towards +x,
    `phase` (N,) of the cycle in turns, and the size that all of it is drawn in."""

    cycle: BodyCycle
    times_s: FloatArray
    place_m: FloatArray
    heading_rad: FloatArray
    phase: FloatArray
    scale: float

    def contacts_s(self) -> FloatArray:
        """Times in seconds, sorted, at which either foot comes down."""
        first, last = self.phase[0], self.phase[-1]
        turns = [np.arange(np.ceil(first - at), np.floor(last - at) + 1) + at for at in self.cycle.contact_phase]
        return np.sort(np.interp(np.concatenate(turns), self.phase, self.times_s))


def draw_course(cycle: BodyCycle, duration_s: float, rng: np.random.Generator) -> Course:
    """A course from time 0 on, about the origin."""
    times_s = np.arange(0.0, duration_s + 1 / FINE_HZ, 1 / FINE_HZ)
    tempo, scale = np.exp(rng.uniform(-1, 1, 2) * (TEMPO_SPREAD, SIZE_SPREAD))
    swing = UNEVEN * rng.random() * np.sin(2 * np.pi * (times_s / rng.uniform(*UNEVEN_S) + rng.random()))
    pace = tempo / cycle.period_s * (1 + swing) * _under_way(times_s, rng)
    steady = rng.random() + np.cumsum(pace) / FINE_HZ
    phase = steady + LINGER_TURNS * rng.random() * np.sin(2 * np.pi * (steady + rng.random()))
    heading = rng.uniform(-np.pi, np.pi) + _bends(times_s, rng)
    ahead = np.stack([np.sin(heading), np.cos(heading)], axis=-1)
    place = np.cumsum(ahead * np.gradient(phase)[:, None] * cycle.way_m * scale, axis=0)
    return Course(cycle, times_s, place - place[len(place) // 2], heading, phase, float(scale))


def _under_way(times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The share (N,) of its pace that the body keeps: now and then one stops for a while."""
    if rng.random() >= STOPPING_SHARE:
        return np.ones(len(times_s))
    at_s, half_s = rng.uniform(0, times_s[-1]), rng.uniform(*STOP_S) / 2
    return np.asarray(0.5 + 0.5 * np.tanh((np.abs(times_s - at_s) - half_s) / HALT_S))


def _bends(times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The turn of the heading (N,) so far: not at all, slowly round a bend, or at once into another direction."""
    if rng.random() < STRAIGHT_SHARE:
        return np.zeros(len(times_s))
    bend = rng.uniform(-BEND_RAD_S, BEND_RAD_S) * times_s
    at_s, within_s = rng.uniform(0, times_s[-1]), rng.uniform(*TURN_S)
    return np.asarray(bend + rng.uniform(-TURN_RAD, TURN_RAD) / 2 * np.tanh((times_s - at_s) / within_s))
