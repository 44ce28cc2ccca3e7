"""Long runs: minutes of one stream, and its sound when nothing moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from tqdm import tqdm

from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.rows import Play, model_sound
from stereosync_training.evaluate.sets import long_walk, still_walk
from stereosync_training.measures.levels import Drift, drift
from stereosync_training.sounds import SoundLibrary, mix_walk

MINUTE_S = 60.0


def drift_report(play: Play, minutes: int, library: SoundLibrary, seed: int) -> dict[str, Any]:
    """One stream of a walk of many minutes: what its loudness does, beside the true sound of the same walk."""
    truth, frames = long_walk(0, minutes * MINUTE_S)
    watched = tqdm(frames, desc=f"{minutes} minutes", unit="frame")
    sound, _ = model_sound(play, truth, watched, seed)
    true = mix_walk(truth, library, truth.seed)
    return {
        "minutes": minutes,
        "walk": truth.seed,
        "rows": {"model": _told(drift(sound)), "truth": _told(drift(true))},
    }


def _told(found: Drift) -> dict[str, Any]:
    told: dict[str, Any] = {
        "minutes_dbfs": [*found.minutes_dbfs],
        "over_full_scale": found.over_full_scale,
        "pulses": found.pulses,
    }
    return told | ({"drift_db": found.change_db} if len(found.minutes_dbfs) > 1 else {})


def silence_report(play: Play, scenes: int, library: SoundLibrary, seed: int) -> dict[str, list[float]]:
    """Level in dBFS of each still scene, of the model and of the true sound."""
    levels: dict[str, list[float]] = {"model": [], "truth": []}
    for number in tqdm(range(scenes), desc="still scenes", unit="scene"):
        truth, frames = still_walk(number)
        sound, _ = model_sound(play, truth, frames, seed)
        levels["model"].append(level_db(sound))
        levels["truth"].append(level_db(_true(truth, library)))
    return levels


def _true(truth: WalkTruth, library: SoundLibrary) -> Float32Array:
    return mix_walk(truth, library, truth.seed, ambience=False)


def median_levels(levels: dict[str, list[float]]) -> dict[str, float]:
    """`silence_dbfs` by row."""
    return {row: float(np.median(found)) for row, found in levels.items() if found}
