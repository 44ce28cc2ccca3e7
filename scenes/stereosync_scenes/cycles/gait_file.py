"""The project's own gait files, JSON: read and made. `docs/fit.md` says what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.checks import check_pace
from stereosync_scenes.cycles.motion import SIDES, Feet, Motion

FORMAT, VERSION = "stereosync-gaits", 1
FEWEST_FRAMES, FEWEST_POINTS = 4, 8
DECIMALS = 4  # of metres and phases


def read_gait_file(path: Path) -> list[Motion]:
    """The gaits of a file, each of them one turn.

    Raises:
        UserError: it cannot be read, or is no gait file; the message says why.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"it cannot be read as JSON ({error}): export the gaits again") from error
    if not isinstance(data, dict) or (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        raise UserError(f"it is no gait file: its format is to be {FORMAT!r}, version {VERSION}")
    try:
        return [_motion(gait, str(data["body"])) for gait in data["gaits"]]
    except UserError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise UserError(f"it has a gait that cannot be read ({error!r}): export the gaits again") from error


def _motion(gait: dict[str, Any], body: str) -> Motion:
    name, points = str(gait["name"]), np.array(gait["points_m"], np.float64)
    if points.ndim != 3 or points.shape[2] != 3 or points.shape[0] < FEWEST_FRAMES or points.shape[1] < FEWEST_POINTS:
        shape = " x ".join(map(str, points.shape))
        raise UserError(
            f"the gait {name!r} has {shape} numbers, and is to have at least {FEWEST_FRAMES} frames x {FEWEST_POINTS} "
            "points x 3: export one whole turn of it"
        )
    told = gait.get("contacts")
    period_s, way_m = float(gait["period_s"]), float(gait.get("way_m") or 0.0)
    check_pace(name, period_s, way_m, float(np.median(np.ptp(points[..., 1], axis=1))))
    contacts = (float(told["left"]) % 1.0, float(told["right"]) % 1.0) if told else None
    feet = _feet(gait["feet"], points.shape[1]) if gait.get("feet") or not told else None
    step_s = period_s / len(points)
    return Motion(name, body, points, step_s, contacts=contacts, feet=feet, one_turn=True, way_m=way_m)


def _feet(told: dict[str, Sequence[int]], points: int) -> Feet:
    return _rows(told["left"], points), _rows(told["right"], points)


def _rows(numbers: Sequence[int], points: int) -> list[int]:
    rows = [int(number) for number in numbers]
    if not rows or not all(0 <= row < points for row in rows):
        raise ValueError(f"feet have row numbers from 0 to {points - 1}")
    return rows


def gait_file(body: str, cycles: Sequence[BodyCycle]) -> dict[str, Any]:
    """The gaits of one body as JSON has them."""
    return {"format": FORMAT, "version": VERSION, "body": body, "gaits": [_as_json(cycle) for cycle in cycles]}


def _as_json(cycle: BodyCycle) -> dict[str, Any]:
    return {
        "name": cycle.name,
        "period_s": round(cycle.period_s, DECIMALS),
        "way_m": round(cycle.way_m, DECIMALS),
        "contacts": {side: round(at, DECIMALS) for side, at in zip(SIDES, cycle.contact_phase, strict=True)},
        "points_m": np.round(cycle.points_m, DECIMALS).tolist(),
    }
