"""How quiet it is between steps where the engine has an ambience of its own and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate_rows import RATE_HZ, Play, model_sound
from stereosync_training.evaluate_told import TELLING
from stereosync_training.evaluate_walks import Draw

AFTER_S, SHORTEST_S = 0.3, 0.15  # after a step, and of what is then listened to
FLOOR = 1e-6  # -120 dBFS


def ambience_report(play: Play, draws: Sequence[Draw], seed: int) -> dict[str, Any]:
    """Level between steps, 0.3 s or more after the last one, with the ambience told and with it off, in dBFS: medians
    over the walks that have a place and such a moment, and by how many dB it falls."""
    levels = [pair for draw in draws if (pair := _levels(play, draw, seed)) is not None]
    if not levels:
        return {"walks": 0}
    told, off = np.array(levels).T
    return {
        "walks": len(levels),
        "on_dbfs": float(np.median(told)),
        "off_dbfs": float(np.median(off)),
        "lower_db": float(np.median(told - off)),
    }


def _levels(play: Play, draw: Draw, seed: int) -> tuple[float, float] | None:
    walk = draw("tight")
    quiet = between_steps(walk.truth)
    if not walk.truth.place or not quiet:
        return None
    told = list(TELLING["told"](walk.frames, walk.truth))
    silenced = [replace(frame, scene=replace(frame.scene, ambience=False)) for frame in told if frame.scene is not None]
    heard, without = (model_sound(play, walk.truth, frames, seed)[0] for frames in (told, silenced))
    return level_dbfs(heard, quiet), level_dbfs(without, quiet)


def between_steps(truth: WalkTruth) -> list[tuple[float, float]]:
    """From and to, seconds, of all that is far enough from the step before and not too short."""
    edges_s = [*(contact.time_s for contact in truth.contacts), truth.duration_s]
    spans = [(before + AFTER_S, after) for before, after in pairwise(edges_s)]
    return [(first, last) for first, last in spans if last - first >= SHORTEST_S]


def level_dbfs(sound: Float32Array, spans_s: Sequence[tuple[float, float]]) -> float:
    """RMS over both channels of the named stretches of (n, 2), in dB of full scale."""
    parts = [sound[round(first * RATE_HZ) : round(last * RATE_HZ)] for first, last in spans_s]
    power = float(np.mean(np.square(np.concatenate(parts), dtype=np.float64)))
    return 20 * float(np.log10(max(np.sqrt(power), FLOOR)))
