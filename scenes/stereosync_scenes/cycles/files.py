"""Gait files: the cycles of a game's bodies as JSON. `docs/fit.md` says what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.errors import UserError
from stereosync.writing import check_output, write_json
from stereosync_scenes.contact import DOWN_SHARE, contact_phase
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.plausible import check_plausible
from stereosync_scenes.plan import FloatArray

FORMAT, VERSION = "stereosync-gaits", 1
SIDES = ("left", "right")
FEWEST_FRAMES, FEWEST_POINTS = 4, 8
DECIMALS = 4  # of metres and phases
LEAST_WAY_M = 0.05


def read_cycles(path: Path) -> list[BodyCycle]:
    """The cycles of a file, or of every gait file in a folder.

    Raises:
        UserError: it cannot be read, or is no gait file; the message says why.
        NoContactError: a foot of a gait has no clear contact.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    cycles = [cycle for file in files for cycle in _of_file(file)]
    if not cycles:
        raise UserError(f"{path} holds no gait: give a gait file, or a folder of them (docs/fit.md)")
    return cycles


def write_cycles(folder: Path, cycles: Sequence[BodyCycle]) -> list[Path]:
    """Write one file for each body; the files.

    Raises:
        UserError: one of them is there already.
    """
    bodies = {
        folder / f"{body}.json": [_as_json(cycle) for cycle in own]
        for body, own in groupby(sorted(cycles, key=attrgetter("body")), key=attrgetter("body"))
    }
    folder.mkdir(parents=True, exist_ok=True)
    for path in bodies:
        check_output(path, "the gait file")
    for path, gaits in bodies.items():
        write_json(path, {"format": FORMAT, "version": VERSION, "body": path.stem, "gaits": gaits})
    return list(bodies)


def _as_json(cycle: BodyCycle) -> dict[str, Any]:
    return {
        "name": cycle.name,
        "period_s": round(cycle.period_s, DECIMALS),
        "way_m": round(cycle.way_m, DECIMALS),
        "contacts": {side: round(at, DECIMALS) for side, at in zip(SIDES, cycle.contact_phase, strict=True)},
        "points_m": np.round(cycle.points_m, DECIMALS).tolist(),
    }


def _of_file(path: Path) -> list[BodyCycle]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} cannot be read as JSON ({error}): export the gaits again") from error
    if not isinstance(data, dict) or (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        raise UserError(f"{path} is no gait file: its format is to be {FORMAT!r}, version {VERSION}")
    try:
        return [_cycle(gait, str(data["body"])) for gait in data["gaits"]]
    except UserError as error:
        raise type(error)(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(f"{path} has a gait that cannot be read ({error!r}): export the gaits again") from error


def _cycle(gait: dict[str, Any], body: str) -> BodyCycle:
    name, points = str(gait["name"]), np.array(gait["points_m"], np.float64)
    if points.ndim != 3 or points.shape[2] != 3 or points.shape[0] < FEWEST_FRAMES or points.shape[1] < FEWEST_POINTS:
        shape = " x ".join(map(str, points.shape))
        raise UserError(
            f"the gait {name!r} has {shape} numbers, and is to have at least {FEWEST_FRAMES} frames x {FEWEST_POINTS} "
            "points x 3: export one whole turn of it"
        )
    period_s, way_m = float(gait["period_s"]), float(gait.get("way_m") or 0.0)
    check_plausible(name, points, period_s, way_m)
    told, feet = gait.get("contacts"), gait.get("feet")
    left, right = (float(told[side]) if told else _phase(points, gait["feet"][side]) for side in SIDES)
    if way_m == 0:
        way_m = _way_m(name, [points[:, feet[side]] for side in SIDES] if feet else [])
    return BodyCycle(name, body, points, period_s, way_m, (left % 1.0, right % 1.0))


def _phase(points_m: FloatArray, foot: list[int]) -> float:
    return contact_phase(points_m[:, foot, 1].min(axis=1))


def _way_m(name: str, feet_m: Sequence[FloatArray]) -> float:
    """Metres of a turn's way by feet (F, V, 3) of a clip in place: those that stand go back as the body goes on.

    Raises:
        UserError: no feet are told, or none goes back while it stands.
    """
    steps = [step for foot_m in feet_m for step in _standing_steps_m(foot_m)]
    way_m = float(np.median(steps)) * len(feet_m[0]) if steps else 0.0
    if abs(way_m) < LEAST_WAY_M:
        raise UserError(
            f"the gait {name!r} goes nowhere: give way_m, or feet that go back under the body while they stand"
        )
    return way_m


def _standing_steps_m(foot_m: FloatArray) -> list[float]:
    """Metres that a foot (F, V, 3) goes back from each frame to the next while it is on the floor."""
    height_m, ahead_m = foot_m[..., 1].min(axis=1), foot_m[..., 2].mean(axis=1)
    stands = height_m - height_m.min() <= DOWN_SHARE * np.ptp(height_m)
    back_m = ahead_m - np.roll(ahead_m, -1)
    return [float(step_m) for step_m in back_m[stands & np.roll(stands, -1)]]
