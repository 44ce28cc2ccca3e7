"""Habits of the varied world's people: more paces, ways sideways and backwards, turns on the spot, jumps, stops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from stereosync_scenes.blur import blurred
from stereosync_scenes.people import GAITS, Gait
from stereosync_scenes.plan import LEAD_S, RATE_HZ, Character, FloatArray, Track
from stereosync_scenes.step_style import Jump
from stereosync_scenes.steps import BEFORE_JUMP_S, footfalls
from stereosync_scenes.variety.styles import draw_style
from stereosync_scenes.wandering import Manner

MORE_GAITS = {
    "shuffle": Gait(((0.35, 0.7),), 0.06, cadence=1.1), "march": Gait(((1.1, 1.6),), 0.08, cadence=1.12),
    "jog": Gait(((2.1, 2.6),), 0.12), "sprint": Gait(((3.3, 4.1),), 0.08),
    "mixed": Gait(((0.8, 1.2), (1.5, 1.9), (2.4, 3.4)), 0.14),
}  # fmt: skip
PLAIN_ODDS = 1 - sum(gait.odds for gait in MORE_GAITS.values())
SIDEWAYS_ODDS, TURNING_ODDS, JUMPING_ODDS, HASTY_ODDS = 0.25, 0.6, 0.16, 0.4
SIDEWAYS_TO_M_S = 2.0  # whoever is faster faces where it goes
FACING_RAD = (0.0, 0.0, 0.8, -0.8, 1.5, -1.5, math.pi)  # off the way
FACING_S, HERO_FACING_S, TURN_S = (1.2, 3.5), (4.0, 8.0), (0.12, 0.3)
JUMP_EVERY_S, FLIGHT_S, APART_S = (2.0, 6.0), (0.34, 0.62), 0.04
STANDS_M_S = 0.05
OFF_AFTER = 0.6  # of its stance, after which a foot takes off


def draw_varied_gait(rng: np.random.Generator) -> Gait:
    """A gait of all that there are."""
    gaits = [*GAITS.values(), *MORE_GAITS.values()]
    odds = [gait.odds * PLAIN_ODDS for gait in GAITS.values()] + [gait.odds for gait in MORE_GAITS.values()]
    return gaits[int(rng.choice(len(gaits), p=odds))]


def draw_manner(manner: Manner, rng: np.random.Generator) -> Manner:
    """A manner that may stop and go as players do."""
    if rng.random() >= HASTY_ODDS:
        return manner
    return replace(manner, mean_walk_s=rng.uniform(3.0, 8.0), haste=rng.uniform(1.4, 2.5))


def draw_habits(one: Character, rng: np.random.Generator, hero: bool) -> Character:
    """Someone with a style, who may face elsewhere than the way goes, and jump. `hero`: a camera comes along."""
    one = replace(one, style=draw_style(one, rng), cadence=one.cadence * rng.uniform(0.92, 1.1))
    fastest = float(one.track.speed_m_s.max())
    odds = TURNING_ODDS if fastest < STANDS_M_S else SIDEWAYS_ODDS if fastest < SIDEWAYS_TO_M_S else 0.0
    if rng.random() < odds:
        one = replace(one, track=_facing(one.track, rng, HERO_FACING_S if hero else FACING_S), sideways=True)
    return _jumping(one, rng) if rng.random() < JUMPING_ODDS else one


def _facing(track: Track, rng: np.random.Generator, every_s: tuple[float, float]) -> Track:
    """The same way, faced now forwards, now aside or backwards."""
    off: list[FloatArray] = []
    while sum(map(len, off)) < len(track.heading_rad):
        off.append(np.full(int(rng.uniform(*every_s) * RATE_HZ), float(rng.choice(FACING_RAD))))
    turned = blurred(np.concatenate(off)[: len(track.heading_rad)], rng.uniform(*TURN_S), RATE_HZ)
    return replace(track, heading_rad=track.heading_rad + turned)


def _jumping(one: Character, rng: np.random.Generator) -> Character:
    """Jumps now and then, off the foot that has just come down."""
    time_s = rng.uniform(0.3, 2.5)
    while time_s < one.track.end_s - LEAD_S:
        falls = footfalls(one)
        at = int(np.searchsorted(falls.rest_s, time_s))
        if at >= len(falls.rest_s):
            break
        time_s = float(falls.rest_s[at])
        take_off_s = time_s + max(OFF_AFTER * min(float(falls.lift_s[at]) - time_s, 0.6), 1.1 * BEFORE_JUMP_S)
        jump = Jump(take_off_s, rng.uniform(*FLIGHT_S), rng.uniform(0.0, APART_S), int(rng.integers(2)))
        one = replace(one, jumps=(*one.jumps, jump))
        time_s = jump.down_s + rng.uniform(*JUMP_EVERY_S)
    return one
