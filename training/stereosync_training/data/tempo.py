"""Another tempo for a walk: the same people, faster or slower, so that contacts are told by phase, not by habit.

Tempo augmentation, as beat trackers use it (S. Böck and M. Davies, "Deconstruct, analyse, reconstruct", ISMIR 2020):
the crop of the moment stays as it is; what happened and what will happen is read at another speed.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from stereosync.cues import NUMBERS, TRACK_CHANNELS
from stereosync_model.config import ModelConfig
from stereosync_training.data.walk_data import Arrays, Clip

TEMPO_SPREAD = 0.25  # natural log, each way
RATES = tuple(index for index, name in enumerate(NUMBERS) if name.endswith("_per_s"))
MOTION, KNOWN = TRACK_CHANNELS.index("leg_motion"), TRACK_CHANNELS.index("known")


def drawn_tempo(rng: np.random.Generator) -> float:
    """The factor by which one clip is faster."""
    return math.exp(rng.uniform(-TEMPO_SPREAD, TEMPO_SPREAD))


def change_tempo(parts: Arrays, tempo: float) -> None:
    """Tracks (F, C, K, 9) and rates among the numbers (F, C, 10) as if all went `tempo` times as fast, in place."""
    tracks = parts["tracks"].astype(np.float32)
    steps = tracks.shape[2]
    places = tempo * np.arange(steps)
    before = np.minimum(places.astype(np.intp), steps - 1)
    after = np.minimum(before + 1, steps - 1)
    share = (places - before).astype(np.float32)[:, None]
    read = (1 - share) * tracks[:, :, before] + share * tracks[:, :, after]
    known = tracks[:, :, before, KNOWN] * tracks[:, :, after, KNOWN] * (places <= steps - 1)
    read[..., KNOWN] = 1
    read[..., MOTION] *= tempo
    parts["tracks"] = read * known[..., None]
    parts["numbers"] = parts["numbers"].copy()
    parts["numbers"][..., RATES] *= tempo


def contacts_at_tempo(
    clip: Clip, frames: npt.NDArray[np.intp], tempo: float, config: ModelConfig
) -> npt.NDArray[np.float32]:
    """Density of contacts (F, C, K) at the forecast's bins of the named frames, were all `tempo` times as fast."""
    generator = config.generator
    bins_s = generator.forecast_start_s + generator.forecast_step_s * np.arange(generator.forecast_steps)
    ids, times_s = clip.ids[frames], clip.times_s[frames]
    density = np.zeros((*ids.shape, len(bins_s)), np.float32)
    for character in {int(value) for value in ids[ids >= 0]}:
        own = [contact["time_s"] for contact in clip.truth["contacts"] if contact["character_id"] == character]
        if own:
            shown, slots = np.nonzero(ids == character)
            ahead_s = (np.array(own) - times_s[shown, None]) / tempo  # (n, contacts)
            apart = np.abs(ahead_s[:, None] - bins_s[:, None]) / generator.forecast_step_s
            density[shown, slots] = np.clip(1 - apart, 0, 1).max(-1)
    return density
