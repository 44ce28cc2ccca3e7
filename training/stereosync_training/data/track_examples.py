"""Examples of tracks and the contacts that follow: of bodies on simulated courses, and of people in rendered walks."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from stereosync.cue_spec import CueSpec
from stereosync.errors import UserError
from stereosync.writing import whole_file
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.simulate import simulate
from stereosync_training.data.density import contact_density
from stereosync_training.data.tempo import change_tempo, contacts_at_tempo, drawn_tempo
from stereosync_training.data.walk_data import Arrays, Clip, WalkData, mirror_cues

MOMENTS = 32  # of a clip
KEPT_TRACKS = 6000  # beside a checkpoint: 3 MB


@dataclass(frozen=True)
class TrackExamples:
    """numbers (N, 10) and tracks (N, K, 9) as the cue encoder takes them, contacts (N, bins) density."""

    numbers: npt.NDArray[np.float32]
    tracks: npt.NDArray[np.float32]
    contacts: npt.NDArray[np.float32]

    @classmethod
    def joined(cls, parts: Sequence[TrackExamples]) -> TrackExamples:
        """All examples of `parts`, one after the other."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    def drawn(self, count: int, rng: np.random.Generator) -> TrackExamples:
        """At most `count` of them, at random."""
        chosen = rng.permutation(len(self.numbers))[:count]
        return TrackExamples(self.numbers[chosen], self.tracks[chosen], self.contacts[chosen])

    def save(self, path: Path) -> None:
        """Write them in half precision; a file is there only when it is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part, part.open("wb") as file:
            halves = {one.name: getattr(self, one.name).astype(np.float16) for one in fields(self)}
            np.savez_compressed(file, **halves)

    @classmethod
    def read(cls, path: Path) -> TrackExamples:
        """The examples of a file.

        Raises:
            UserError: it is damaged.
        """
        try:
            with path.open("rb") as file, np.load(file) as data:
                return cls(*(data[one.name].astype(np.float32) for one in fields(cls)))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise UserError(f"cannot read the tracks in {path} ({error}): copy the file again") from error


def tracks_beside(checkpoint: Path) -> Path:
    """The file of the tracks that keep a fit of this checkpoint to what it knew."""
    return checkpoint.with_name(f"{checkpoint.stem}-tracks.npz")


def simulated_examples(
    cycles: Sequence[BodyCycle], clips: int, spec: CueSpec, config: GeneratorConfig, rng: np.random.Generator
) -> TrackExamples:
    """Moments of simulated clips, of all cycles equally many; of none so late that contacts to come are not known."""
    bins_s = config.forecast_start_s + config.forecast_step_s * np.arange(config.forecast_steps)
    parts = []
    for number in tqdm(range(clips), desc="simulated walks", unit="clip", leave=False):
        clip = simulate(cycles[number % len(cycles)], spec, rng, MOMENTS)
        known = clip.times_s + bins_s[-1] < clip.end_s
        ahead_s = clip.contacts_s - clip.times_s[known, None]  # (n, contacts)
        density = contact_density(ahead_s[:, None] - bins_s[:, None], config.forecast_step_s)
        parts.append(TrackExamples(clip.numbers[known], clip.tracks[known], density.astype(np.float32)))
    return TrackExamples.joined(parts)


def walk_examples(data: WalkData, each: int, rng: np.random.Generator) -> TrackExamples:
    """Moments of rendered walks, `each` frames of every clip, at random tempo and half of them mirrored."""
    return TrackExamples.joined([_of_clip(clip, each, data, rng) for clip in data.clips])


def _of_clip(clip: Clip, each: int, data: WalkData, rng: np.random.Generator) -> TrackExamples:
    frames = np.sort(rng.permutation(clip.frames)[:each])
    parts: Arrays = clip.cues(frames, np.arange(1))
    tempo = drawn_tempo(rng)
    change_tempo(parts, tempo)
    if rng.random() < 0.5:
        mirror_cues(parts)
    shown = parts["present"] > 0  # (frames, C)
    contacts = contacts_at_tempo(clip, frames, tempo, data.config)[shown]
    return TrackExamples(parts["numbers"][shown], parts["tracks"][shown], contacts)
