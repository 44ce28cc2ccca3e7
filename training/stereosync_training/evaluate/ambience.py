"""The level between steps where the engine has an ambience of its own and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.rows import RATE_HZ, Play, model_sound
from stereosync_training.evaluate.told import TELLING
from stereosync_training.evaluate.walks import Draw
from stereosync_training.sounds import SoundLibrary, mix_walk

AFTER_S, BEFORE_S = 0.3, 0.05  # after a step, and before the next one, from which on nothing is listened to
WINDOW_S = 0.02
FLOOR = 1e-6  # -120 dBFS


def ambience_report(play: Play, draws: Sequence[Draw], library: SoundLibrary, seed: int) -> dict[str, Any]:
    """Level between steps, from 0.3 s after the last one on, with all told and with the ambience off, in dBFS, and by
    how many dB it falls: medians over the walks that have a place and such moments. Beside it the truth's, in which
    steps ring on as long as they do."""
    found = [levels for draw in draws if (levels := _levels(play, draw, library, seed)) is not None]
    report: dict[str, Any] = {"walks": len(found)}
    for row in found[0] if found else ():
        on, off = np.array([levels[row] for levels in found]).T
        report[row] = {"on_dbfs": float(np.median(on)), "off_dbfs": float(np.median(off))}
        report[row]["lower_db"] = float(np.median(on - off))
    return report


def _levels(play: Play, draw: Draw, library: SoundLibrary, seed: int) -> dict[str, tuple[float, float]] | None:
    walk = draw("tight")
    truth, spans_s = walk.truth, between_steps(walk.truth)
    if not truth.place or not spans_s:
        return None
    told = list(TELLING["told"](walk.frames, truth))
    silenced = [replace(frame, scene=replace(frame.scene, ambience=False)) for frame in told if frame.scene is not None]
    heard = [model_sound(play, truth, frames, seed)[0] for frames in (told, silenced)]
    true = [mix_walk(truth, library, truth.seed, ambience) for ambience in (True, False)]
    return {
        row: (level_dbfs(on, spans_s), level_dbfs(off, spans_s))
        for row, (on, off) in (("model", heard), ("truth", true))
    }


def between_steps(truth: WalkTruth) -> list[tuple[float, float]]:
    """Spans (from, to) in seconds that are far enough from the step before and from the next one."""
    edges_s = [*(contact.time_s for contact in truth.contacts), truth.duration_s + BEFORE_S]
    spans = [(before + AFTER_S, after - BEFORE_S) for before, after in pairwise(edges_s)]
    return [(first, last) for first, last in spans if last - first >= WINDOW_S]


def level_dbfs(sound: Float32Array, spans_s: Sequence[tuple[float, float]]) -> float:
    """The middle level of the windows of 20 ms in the named stretches of (n, 2), in dB of full scale."""
    count = round(WINDOW_S * RATE_HZ)
    parts = [sound[round(first * RATE_HZ) : round(last * RATE_HZ)] for first, last in spans_s]
    windows = np.concatenate([part[: len(part) // count * count].reshape(-1, count, 2) for part in parts])
    power = np.square(windows, dtype=np.float64).mean((1, 2))
    return float(np.median(20 * np.log10(np.maximum(np.sqrt(power), FLOOR))))
