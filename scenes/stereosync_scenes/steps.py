"""Steps: when and where each foot comes to rest. Planned once per character from where the hips go.

Each foot is put under the place where the hips will be in the middle of its stance, so no foot ever slides. Cadence
and stance share over speed follow R. McNeill Alexander, "Walking and Running" (Mathematical Gazette 80, 1996).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from stereosync_scenes.plan import Character, FloatArray
from stereosync_scenes.step_style import Jump

FEET = ("left", "right")
RUN_M_S = 2.05
RUN_UNDER = (
    0.7  # share of half a stance after which a runner's hips are over the foot: it lands near them, and pushes long
)
ALERT_S = (0.0, 0.15, 0.3, 0.45)  # ahead, at which who is alert looks how fast it will be
REACH, STANDS_S = 0.56, 0.1  # of a leg, that feet are before or behind the hips; the shortest stance
BEFORE_JUMP_S = 0.12  # no foot comes down so shortly before both leave
LANDING_FORCE = 1.3  # of each foot, after half a second in the air


@dataclass(frozen=True, eq=False)
class Footfalls:
    """Every footfall of one character in order: K landings of alternate feet (mostly).

    `rest_s` (K,) when the foot has come to rest, a little after its contact (`feet.contact_times_s`), `lift_s` (K,)
    when it leaves again, `position_m` (K, 2) of the sole's middle, `heading_rad` (K,), `foot` (K,) 0 left 1 right,
    `speed_m_s` (K,) of the body, `force` (K,).
    """

    rest_s: FloatArray
    lift_s: FloatArray
    position_m: FloatArray
    heading_rad: FloatArray
    foot: FloatArray
    speed_m_s: FloatArray
    force: FloatArray

    def of_foot(self, side: int) -> list[int]:
        return [int(index) for index in np.flatnonzero(self.foot == side)]


def step_period_s(speed_m_s: float, leg_m: float) -> float:
    """Time from one footfall to the next, seconds."""
    size = math.sqrt(0.85 / leg_m)
    if speed_m_s > RUN_M_S:
        return 1 / (size * (2.7 + 0.22 * (speed_m_s - 2.8)))
    return 1 / (size * max(1.15, 1.85 * math.sqrt(speed_m_s / 1.4)))


def stance_share(speed_m_s: float) -> float:
    """Part of a stride (two steps) that a foot stays on the ground: above a half when walking, below when running."""
    return float(np.interp(speed_m_s, [0.5, 1.8, 2.3, 3.5], [0.67, 0.59, 0.42, 0.34]))


def _period_s(character: Character, speed_m_s: float) -> float:
    return step_period_s(speed_m_s, character.body.leg_m) / character.cadence


def _spread_m(character: Character, side: int) -> float:
    return (1 if side == 0 else -1) * 0.047 * character.body.height_m * character.foot_spread


def _aim(character: Character, side: int, time_s: float, speed: float) -> tuple[FloatArray, float]:
    """The place for a foot that lands at `time_s`: under the hips in mid-stance, of a runner a little sooner."""
    track, period = character.track, _period_s(character, speed)
    middle_s = time_s + stance_share(speed) * period * (RUN_UNDER if speed > RUN_M_S else 1.0) * character.style.ahead
    heading = track.heading_at(middle_s)
    spread = _spread_m(character, side) * (0.55 if speed > RUN_M_S else 1.0)
    place = track.position_at(middle_s)
    if character.style.alert:
        place = _within_reach(character, track.position_at(time_s), place)
    return place + spread * np.array([-math.sin(heading), math.cos(heading)]), heading


def _within_reach(character: Character, hips: FloatArray, place: FloatArray) -> FloatArray:
    """The place, or where the legs end on the way to it."""
    away = place - hips
    far = float(np.hypot(*away)) / (REACH * character.body.leg_m)
    return hips + away / far if far > 1.0 else place


@lru_cache(maxsize=64)
def footfalls(character: Character) -> Footfalls:
    """All footfalls of `character` over its track, planned once, in the order of their rest."""
    rng = np.random.default_rng([character.seed, 7])
    track, rows = character.track, []
    standing: dict[int, tuple[FloatArray, float]] = {}
    side = int(rng.integers(2))
    for first, foot in enumerate((1 - side, side)):  # both feet stand at the start
        place, heading = _aim(character, foot, track.start_s, 0.0)
        standing[foot] = (place, heading)
        rows.append([track.start_s - 1 + 0.2 * first, *place, heading, foot, 0.0, 0.0])
    time_s, jumps = track.start_s, list(character.jumps)
    while time_s < track.end_s - 0.5:
        side = 1 - int(rows[-1][4])
        speed = max(track.speed_at(time_s + ahead_s) for ahead_s in (ALERT_S if character.style.alert else (0.15,)))
        step = _period_s(character, speed) * (
            1 + character.limp_of(side) + character.style.uneven_of(side) + 0.025 * rng.standard_normal()
        )
        time_s = max(time_s, rows[-1][0] + step)
        if jumps and time_s > jumps[0].take_off_s - BEFORE_JUMP_S:
            rows += _landings(character, standing, jumps.pop(0), rng)
            time_s = rows[-1][0]
            continue
        due = _due(character, standing, side, time_s, track.speed_at(time_s))
        if due is None:
            time_s += 0.03
            continue
        place, heading = _aim(character, due, time_s, track.speed_at(time_s))
        moved = float(np.hypot(*(place - standing[due][0])))
        standing[due] = (place, heading)
        rows.append([time_s, *place, heading, due, track.speed_at(time_s), _force(character, due, speed, moved, rng)])
    return _finish(np.array(rows), character)


def _landings(
    character: Character, standing: dict[int, tuple[FloatArray, float]], jump: Jump, rng: np.random.Generator
) -> list[list[float]]:
    """The rows of both feet that land after a jump, under the hips."""
    rows = []
    for foot, time_s in ((jump.first, jump.down_s), (1 - jump.first, jump.down_s + jump.apart_s)):
        place, heading = _aim(character, foot, time_s, 0.0)
        standing[foot] = (place, heading)
        force = LANDING_FORCE * (jump.flight_s / 0.5) * _force(character, foot, 1.35, 0.6, rng)
        rows.append([time_s, *place, heading, foot, character.track.speed_at(time_s), force])
    return rows


def _due(
    character: Character, standing: dict[int, tuple[FloatArray, float]], side: int, time_s: float, speed: float
) -> int | None:
    """The foot that has to step by now, or None while both stand well."""
    for foot in (side, 1 - side):
        place, heading = _aim(character, foot, time_s, speed)
        away = float(np.hypot(*(place - standing[foot][0])))
        if away > 0.11 or abs(heading - standing[foot][1]) > 0.4:
            return foot
    return None


def _force(character: Character, side: int, speed: float, moved_m: float, rng: np.random.Generator) -> float:
    base = 2.0 * (speed / 3.0) ** 0.6 if speed > RUN_M_S else max(0.4, (max(speed, 0.2) / 1.35) ** 0.7)
    body = character.body
    weight = (0.75 + 0.25 * body.bulk) * (body.height_m / 1.7) ** 1.5 * (0.6 + 0.4 * min(moved_m / 0.6, 1.0))
    weight *= (1 - 0.55 * character.sneak) * (1 - 1.3 * character.limp_of(side))
    return float(base * weight * rng.uniform(0.85, 1.18))


def _finish(rows: FloatArray, character: Character) -> Footfalls:
    rest_s, foot, speed = rows[:, 0], rows[:, 4], rows[:, 5]
    lift_s = np.full(len(rows), np.inf)
    for side in (0, 1):
        order = np.flatnonzero(foot == side)
        for here, after in itertools.pairwise(order):
            # Whoever limps hurries with the good foot, to be rid of the weight on the bad one.
            period = _period_s(character, float(speed[after])) * (1 + character.limp_of(side))
            swing_s = 2 * period * (1 - stance_share(float(speed[after])) * character.style.stance)
            lift_s[here] = max(rest_s[after] - swing_s, rest_s[here] + 0.3 * (rest_s[after] - rest_s[here]))
            if jump := character.jump_that_ends(float(rest_s[after])):
                lift_s[here] = max(jump.take_off_s, rest_s[here])
            if character.style.alert:
                lift_s[here] = _in_reach_s(character, rows[here, 1:3], float(rest_s[here]), float(lift_s[here]))
    return Footfalls(rest_s, lift_s, rows[:, 1:3], rows[:, 3], foot, speed, rows[:, 6])


def _in_reach_s(character: Character, place: FloatArray, rest_s: float, lift_s: float) -> float:
    """The time at which a foot leaves: `lift_s`, or sooner if the hips are out of its reach by then."""

    def away_m(time_s: float) -> float:
        return float(np.hypot(*(character.track.position_at(time_s) - place)))

    reach_m = REACH * character.body.leg_m
    while lift_s > rest_s + STANDS_S and away_m(lift_s) > max(reach_m, away_m(lift_s - 0.02)):
        lift_s -= 0.02
    return lift_s
