"""Examples to fit to: simulated tracks of a game's cycles, and a share of the project's own figures', with contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from stereosync.cue_spec import CueSpec
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.simulate import simulate
from stereosync_training.data.density import contact_density

MOMENTS = 32  # of a clip


@dataclass(frozen=True)
class TrackExamples:
    """numbers (N, 10) and tracks (N, K, 9) as the cue encoder takes them, contacts (N, bins) density."""

    numbers: npt.NDArray[np.float32]
    tracks: npt.NDArray[np.float32]
    contacts: npt.NDArray[np.float32]


def track_examples(
    cycles: Sequence[BodyCycle], clips: int, spec: CueSpec, config: GeneratorConfig, rng: np.random.Generator
) -> TrackExamples:
    """Moments of simulated clips, of all cycles equally many; of none so late that contacts to come are not known."""
    bins_s = config.forecast_start_s + config.forecast_step_s * np.arange(config.forecast_steps)
    rows = []
    for number in tqdm(range(clips), desc="simulated walks", unit="clip", leave=False):
        clip = simulate(cycles[number % len(cycles)], spec, rng, MOMENTS)
        known = clip.times_s + bins_s[-1] < clip.end_s
        ahead_s = clip.contacts_s - clip.times_s[known, None]  # (n, contacts)
        density = contact_density(ahead_s[:, None] - bins_s[:, None], config.forecast_step_s)
        rows.append((clip.numbers[known], clip.tracks[known], density.astype(np.float32)))
    return TrackExamples(*(np.concatenate(column) for column in zip(*rows, strict=True)))
