"""Shots: how the camera moves with the people it shows. Each kind of shot is staged in a yard or given up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.arena.courses import choose_walker, distances_m, phases, placed
from stereosync_scenes.arena.paths import Way, straight, wander
from stereosync_scenes.arena.plan import ArenaShot, Walker
from stereosync_scenes.arena.views import Optics, choose_optics, find_view
from stereosync_scenes.arena.voxels import CELL_M, Voxels
from stereosync_scenes.arena.yards import Yard
from stereosync_scenes.blur import blurred
from stereosync_scenes.plan import RATE_HZ, FloatArray

KINDS: dict[Split, tuple[str, ...]] = {"train": ("fixed", "fixed", "follow", "pan"), "shift": ("approach", "orbit")}
CHEST_M = 1.0
APART_M = 0.8
NEAR_THEM_M, INSIDE_ORBIT_M = 3.5, 2.6  # from the middle, where people go who are approached or circled
STRAY_SHARE = 0.1  # of the places walkers go to that the camera may not see
Cells = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


@dataclass(frozen=True, eq=False)
class Stage:
    """The place of a shot: the level's cubes, a yard, optics and the times of all courses."""

    voxels: Voxels
    yard: Yard
    optics: Optics
    times_s: FloatArray
    split: Split
    rng: np.random.Generator


Staged = tuple[tuple[Walker, ...], ArenaShot]


def stage_shot(
    kind: str, voxels: Voxels, yard: Yard, times_s: FloatArray, split: Split, rng: np.random.Generator
) -> Staged | None:
    """People and camera of one kind of shot in a yard; None when it does not work out there."""
    stage = Stage(voxels, yard, choose_optics(rng), times_s, split, rng)
    makers: dict[str, Callable[[Stage], Staged | None]] = {
        "fixed": _still, "pan": _pan, "follow": _follow, "approach": _approach, "orbit": _orbit,
    }  # fmt: skip
    return makers[kind](stage)


def _people(stage: Stage, cells: Cells, others: tuple[Walker, ...] = ()) -> tuple[Walker, ...]:
    """One to three walkers among cells (N, 2), who keep apart from each other and from `others`."""
    count = int(stage.rng.choice([1, 2, 3], p=[0.55, 0.33, 0.12]))
    found = others
    for _ in range(3 * count):
        if len(found) >= count:
            break
        walker = _walker(stage, cells, len(found) + 1)
        if walker is not None and all(_apart(walker, other) for other in found):
            found = (*found, walker)
    return found


def _walker(stage: Stage, cells: Cells, number: int) -> Walker | None:
    walker = choose_walker(number, stage.split, stage.rng)
    phase = phases(walker, stage.times_s, stage.rng)
    length = float(distances_m(walker, phase)[-1])
    way = wander(stage.yard, cells, length, stage.rng)
    return None if way is None else placed(walker, way, phase)


def _apart(one: Walker, other: Walker) -> bool:
    return float(np.linalg.norm(one.feet_m - other.feet_m, axis=1).min()) > APART_M


def _with_strays(stage: Stage, cells: Cells) -> Cells:
    strays = stage.yard.cells[stage.rng.integers(len(stage.yard.cells), size=int(STRAY_SHARE * len(cells)))]
    return np.concatenate([cells, strays])


def _around(stage: Stage, centre_m: FloatArray, radius_m: float) -> Cells:
    """The yard's cells within a distance of a point."""
    away = np.linalg.norm(stage.yard.corner_m + (stage.yard.cells + 0.5) * CELL_M - centre_m[:2], axis=1)
    return np.asarray(stage.yard.cells[away < radius_m])


def _still(stage: Stage) -> Staged | None:
    view = find_view(stage.voxels, stage.yard, stage.optics, stage.rng)
    if view is None:
        return None
    people, many = _people(stage, _with_strays(stage, view.cells)), len(stage.times_s)
    eye = np.repeat(view.eye_m[None], many, axis=0)
    return people, _shot("fixed", stage, eye, np.full(many, view.heading_rad), np.full(many, view.down_rad))


def _pan(stage: Stage) -> Staged | None:
    staged = _still(stage)
    if staged is None or not staged[0]:
        return None
    people, still = staged
    bearing, _ = _towards(still.eye_m, _centre(people))
    turn = np.unwrap(bearing) - still.heading_rad
    turn -= 2 * math.pi * np.round(np.median(turn) / (2 * math.pi))
    swing = 0.25 * stage.optics.half_horizontal_rad * np.sin(stage.times_s * 2 * math.pi / stage.rng.uniform(5, 12))
    heading = still.heading_rad + blurred(0.7 * np.clip(turn, -1.2, 1.2), 0.6, RATE_HZ) + swing
    return people, _shot("pan", stage, still.eye_m, heading, still.down_rad)


def _follow(stage: Stage) -> Staged | None:
    """Third person: the camera goes along the walker's own way, some metres behind."""
    walker, behind_m = choose_walker(1, stage.split, stage.rng), stage.rng.uniform(2.5, 4.0)
    phase = phases(walker, stage.times_s, stage.rng)
    gone = distances_m(walker, phase)
    way = wander(stage.yard, stage.yard.cells, float(gone[-1]) + behind_m, stage.rng)
    if way is None:
        return None
    leader = placed(walker, way, phase, behind_m)
    eye = way.at(blurred(gone, 0.5, RATE_HZ))[0] + (0, 0, stage.optics.height_m)
    heading, down = _towards(eye, leader.feet_m)
    people = _people(stage, stage.yard.cells, (leader,))
    return people, _shot("follow", stage, eye, blurred(np.unwrap(heading), 0.3, RATE_HZ), blurred(down, 0.5, RATE_HZ))


def _approach(stage: Stage) -> Staged | None:
    """First person: the camera walks up to people, bobbing with its own steps, and looks at them."""
    cells, rng = stage.yard.cells, stage.rng
    centre = stage.yard.points(cells[rng.integers(len(cells), size=1)])[0]
    people = _people(stage, _around(stage, centre, NEAR_THEM_M))
    away = stage.yard.points(cells[rng.integers(len(cells), size=40)])
    distance = np.linalg.norm(away - centre, axis=1)
    start = away[(distance > 4.5) & (distance < stage.optics.far_m + 1)]
    if not people or len(start) == 0:
        return None
    stop = centre[:2] + (start[0] - centre)[:2] * (rng.uniform(1.6, 2.4) / np.linalg.norm((start[0] - centre)[:2]))
    way = straight(stage.yard, start[0][:2], stop)
    if way is None:
        return None
    eye = _walked(way, stage)
    heading, down = _towards(eye, _centre(people))
    return people, _shot("approach", stage, eye, blurred(np.unwrap(heading), 0.5, RATE_HZ), blurred(down, 0.6, RATE_HZ))


def _walked(way: Way, stage: Stage) -> FloatArray:
    """The eye of someone who walks a way once, slowing down at its end."""
    speed, steps_per_s = stage.rng.uniform(0.7, 1.4), stage.rng.uniform(1.6, 2.0)
    passed = np.clip((stage.times_s - stage.times_s[0]) * speed, 0, None)
    gone = way.length_m * np.tanh(passed / way.length_m)
    moving = 1 - (gone / way.length_m) ** 4
    bob = 0.025 * np.abs(np.sin(math.pi * steps_per_s * stage.times_s)) * moving
    return np.asarray(way.at(gone)[0] + np.stack([0 * bob, 0 * bob, stage.optics.height_m + bob], axis=1))


def _orbit(stage: Stage) -> Staged | None:
    """The camera swings around people at one distance."""
    cells, rng = stage.yard.cells, stage.rng
    centre = stage.yard.points(cells[rng.integers(len(cells), size=1)])[0]
    radius = rng.uniform(3.2, min(5.5, stage.optics.far_m))
    swing = rng.uniform(0.4, 1.2) * np.sin(2 * math.pi * stage.times_s / rng.uniform(9, 16) + rng.uniform(0, 6))
    angle = rng.uniform(0, 2 * math.pi) + swing
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius
    eye = np.concatenate([centre[:2] + around, np.full((len(angle), 1), centre[2] + stage.optics.height_m)], axis=1)
    chest = np.repeat(centre[None] + (0, 0, CHEST_M), len(eye), axis=0)
    if stage.voxels.taken(eye).any() or not stage.voxels.open_between(eye[::10], chest[::10]).all():
        return None
    heading, down = _towards(eye, np.repeat(centre[None], len(eye), axis=0))
    return _people(stage, _around(stage, centre, INSIDE_ORBIT_M)), _shot("orbit", stage, eye, np.unwrap(heading), down)


def _centre(people: tuple[Walker, ...]) -> FloatArray:
    return np.asarray(np.mean([walker.feet_m for walker in people], axis=0))


def _towards(eye_m: FloatArray, feet_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Heading and downward tilt (N,) with which eyes (N, 3) look at the chests over feet (N, 3)."""
    offset = feet_m + np.array([0, 0, CHEST_M]) - eye_m
    flat = np.maximum(np.hypot(offset[:, 0], offset[:, 1]), 0.3)
    return np.arctan2(offset[:, 1], offset[:, 0]), np.arctan2(-offset[:, 2], flat)


def _shot(kind: str, stage: Stage, eye_m: FloatArray, heading_rad: FloatArray, down_rad: FloatArray) -> ArenaShot:
    return ArenaShot(kind, eye_m, heading_rad, down_rad, 2 * stage.optics.half_vertical_rad)
