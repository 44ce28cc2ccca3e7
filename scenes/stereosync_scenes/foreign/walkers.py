"""Walkers: bodies under way, in step with the way that they go."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from stereosync_scenes.foreign.bodies import TALL_M, load_body
from stereosync_scenes.foreign.catalogue import Split, names
from stereosync_scenes.foreign.plan import ForeignWalker
from stereosync_scenes.people import Stage
from stereosync_scenes.plan import FloatArray, Track
from stereosync_scenes.routes import waypoints
from stereosync_scenes.wandering import Manner, Surroundings, walk_track

TALL_BETWEEN_M = (1.5, 2.0)
TEMPO_SPREAD, PACE_SPREAD = 0.12, 0.06  # of the turns per second: of a walker, and within its walk
TURN_RAD_S = 1.2
COMPANY_ODDS = (0.6, 0.3, 0.1)  # that nobody, one or two others walk there
GRID = 64  # steps of a turn in which the way is inverted


def draw_height_m(rng: np.random.Generator) -> float:
    return float(rng.uniform(*TALL_BETWEEN_M))


def draw_walker(
    number: int, name: str, tall_m: float, walked: Callable[..., Track], rng: np.random.Generator
) -> ForeignWalker:
    """A body on its way, which `walked` gives to a manner and chance; it walks without a stop."""
    track = walked(manner=_manner(name, tall_m, rng), rng=rng)
    scale = tall_m / TALL_M
    return ForeignWalker(number, name, scale, track, phases(name, scale, track, rng.random()))


def draw_company(
    stage: Stage, hero: ForeignWalker, split: Split, rng: np.random.Generator
) -> tuple[ForeignWalker, ...]:
    """Others who walk in the camera's view, out of each other's way."""
    found, walled = [hero], stage.setting if stage.setting.kind != "field" else None
    for number in range(int(rng.choice(len(COMPANY_ODDS), p=COMPANY_ODDS))):
        going = waypoints(stage.view, stage.setting, stage.camera, rng)
        name, tall_m = str(rng.choice(names(split))), draw_height_m(rng)
        tracks = [one.track for one in found] + ([stage.camera] if stage.camera else [])
        around = Surroundings(walled, stage.blockers, tracks)
        walked = partial(walk_track, going, duration_s=stage.duration_s, around=around)
        found.append(draw_walker(number + 2, name, tall_m, walked, rng))
    return tuple(found[1:])


def phases(name: str, scale: float, track: Track, first: float) -> FloatArray:
    """Turns of a body's gait (N,) along a track, from `first` on: as many as carry it so far, lest a foot slide."""
    stride = load_body(name).gait.stride
    gone_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(track.position_m, axis=0).T))]) / scale
    gone_m += stride.distance_m(np.array([first]))
    turns = np.arange(0, (gone_m[-1] / stride.length_m + 2) * GRID) / GRID
    return np.interp(gone_m, stride.distance_m(turns), turns)


def _manner(name: str, tall_m: float, rng: np.random.Generator) -> Manner:
    """The pace that a body's gait has at its size, as a pendulum's law scales it."""
    gait = load_body(name).gait
    pace = gait.stride.length_m / gait.period_s * math.sqrt(tall_m / TALL_M)
    pace *= math.exp(rng.uniform(-1, 1) * TEMPO_SPREAD)
    return Manner(((pace * (1 - PACE_SPREAD), pace * (1 + PACE_SPREAD)),), TURN_RAD_S, pauses=False)
