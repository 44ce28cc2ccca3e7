"""Footsteps that nobody recorded: physically informed synthesis, to widen grounds of which there are few recordings.

The form follows P. R. Cook (2002) and L. Turchet, "Footstep sounds synthesis: design, implementation, and evaluation
of foot-floor interactions, surface materials, shoe types, and walkers' features", Applied Acoustics 107 (2016).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stereosync.errors import NoRecordingError
from stereosync_training.sounds.loudness import SAMPLE_RATE_HZ
from stereosync_training.sounds.recipes import RECIPES, Recipe
from stereosync_training.sounds.recording import StepRecording, make_recording
from stereosync_training.sounds.textures import Array, bubbles, coloured, grains, modes
from stereosync_training.sounds.trim import trim_step

PACKAGE = "synthesis"
LENGTH_S = 0.6
TOE_AFTER_S = (0.07, 0.13)
TOE_SHARE = (0.2, 0.45)  # of the heel's amplitude
COLOUR_SPREAD_DB = 2.5
TIME_SPREAD = 0.3
LEAD_IN_SAMPLES = 240
ROLL_SHARE, ROLL_S = 0.1, 0.07  # the sole rolls on while the heel's own sound is over


def synthetic_steps(ground: str, rng: np.random.Generator, count: int) -> tuple[StepRecording, ...]:
    """`count` steps on `ground` by as many shoes, trimmed and levelled as recordings are.

    Raises LookupError for a ground without a recipe.
    """
    if ground not in RECIPES:
        raise NoRecordingError(f"no recipe for a step on {ground!r}; add one to recipes.py or choose another ground")
    steps = []
    for index in range(count):
        made = np.pad(_step(_vary(RECIPES[ground], rng), rng), (LEAD_IN_SAMPLES, 0))
        samples = trim_step((0.3 * made / np.abs(made).max()).astype(np.float32))
        steps.append(make_recording(f"{PACKAGE}__{ground}{index}", PACKAGE, samples))
    return tuple(steps)


def _vary(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    """The same ground under another shoe."""
    drift_db = COLOUR_SPREAD_DB * rng.uniform(-1, 1, len(recipe.colour_db))
    times = np.exp(TIME_SPREAD * rng.uniform(-1, 1, 5))
    return replace(
        recipe,
        colour_db=tuple(float(level_db) for level_db in np.asarray(recipe.colour_db) + drift_db),
        swell_s=recipe.swell_s * times[0],
        fade_s=recipe.fade_s * times[1],
        grains_hz=recipe.grains_hz * times[2],
        grain_s=recipe.grain_s * times[3],
        mode_s=recipe.mode_s * times[4],
    )


def _step(recipe: Recipe, rng: np.random.Generator) -> Array:
    """Heel and, weaker, toe of one step (n,)."""
    made = np.zeros(round(LENGTH_S * SAMPLE_RATE_HZ))
    for after_s, share in ((0.0, 1.0), (rng.uniform(*TOE_AFTER_S), rng.uniform(*TOE_SHARE))):
        start = round(after_s * SAMPLE_RATE_HZ)
        made[start:] += share * _touch(recipe, len(made) - start, rng)
    return made


def _touch(recipe: Recipe, samples: int, rng: np.random.Generator) -> Array:
    """One part of the sole coming down: (samples,)."""
    colour_db = np.asarray(recipe.colour_db)
    time_s = np.arange(samples) / SAMPLE_RATE_HZ
    fade = (1 - ROLL_SHARE) * np.exp(-time_s / recipe.fade_s) + ROLL_SHARE * np.exp(-time_s / ROLL_S)
    weight = (1 - np.exp(-time_s / (0.4 * recipe.swell_s))) * fade
    weight /= weight.max()
    loose = 1 - recipe.modal - recipe.bubbles
    made = np.sqrt(loose) * _unit(coloured(grains(weight, recipe.grains_hz, recipe.grain_s, rng), colour_db))
    if recipe.modal > 0:
        made += np.sqrt(recipe.modal) * _unit(modes(samples, recipe.modes, recipe.mode_s, colour_db, rng))
    if recipe.bubbles > 0:
        made += np.sqrt(recipe.bubbles) * _unit(bubbles(weight, recipe.bubbles_hz, rng))
    return np.asarray(made)


def _unit(samples: Array) -> Array:
    return np.asarray(samples / np.sqrt(max(float(np.sum(np.square(samples))), 1e-20)))
