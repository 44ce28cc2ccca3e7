"""Recorded footsteps by ground and ambiences by place, split by where they come from.

Layout: `footsteps/GROUND/PACKAGE__NAME.flac` and `ambience/PLACE/PACKAGE__NAME.ogg`, made by `scripts/fetch_sounds.py`.

The split is by source package, because several recordings of one package are often one recording re-pitched or
re-encoded. For each ground and place: the recordings of `minetest_data`, which covers most grounds, are the test ones;
where it has none, those of the package with the fewest recordings are; where there is one package only, its last
recording is the test one. A ground or place with a single recording is heard in both splits (`heard_in_training`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import soundfile
from scipy.signal import resample_poly

from stereosync.errors import NoRecordingError, NotThereError, UserError
from stereosync.folders import kept_folder
from stereosync.scene import Float32Array
from stereosync_training.sounds.ambience import Ambience, make_ambience
from stereosync_training.sounds.recipes import RECIPES
from stereosync_training.sounds.recording import StepRecording, make_recording
from stereosync_training.sounds.synthesis import synthetic_steps
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ, trim_step

Split = Literal["train", "test"]

TEST_PACKAGE = "minetest_data"
LONGEST_AMBIENCE_S = 20
SYNTHETIC_STEPS = 12  # a ground
SOUNDS_VARIABLE = "STEREOSYNC_SOUNDS"
CURE = "run `python scripts/fetch_sounds.py`"


@dataclass(frozen=True)
class SoundLibrary:
    """The recordings of one split. Ambiences are read when first asked for and then kept."""

    split: Split
    steps_by_ground: dict[str, tuple[StepRecording, ...]]
    ambience_files: dict[str, tuple[Path, ...]]
    heard_in_training: frozenset[str]  # grounds and places of the test split that have no recording of their own
    _ambiences: dict[Path, Ambience] = field(default_factory=dict, repr=False)
    _synthetic: dict[str, tuple[StepRecording, ...]] = field(default_factory=dict, repr=False)

    @staticmethod
    def open(folder: Path | None = None, split: Split = "train") -> SoundLibrary:
        """Load `split` from `folder` (default: `default_folder()`). Raises FileNotFoundError with the cure."""
        root = default_folder() if folder is None else folder
        grounds = _files_by_kind(root / "footsteps", "*.flac")
        if not grounds:
            raise NotThereError(f"no footsteps in {root}; {CURE} or set {SOUNDS_VARIABLE} to the folder")
        places = _files_by_kind(root / "ambience", "*.ogg")
        chosen = {kind: split_files(files, split) for kind, files in grounds.items()}
        single = {kind for kind, files in (grounds | places).items() if len(files) == 1}
        return SoundLibrary(
            split=split,
            steps_by_ground={kind: tuple(_read_step(path) for path in files) for kind, files in chosen.items()},
            ambience_files={kind: split_files(files, split) for kind, files in places.items()},
            heard_in_training=frozenset(single if split == "test" else ()),
        )

    def steps(self, ground: str) -> tuple[StepRecording, ...]:
        """All recordings of `ground`. Raises NoRecordingError when there is none."""
        if ground not in self.steps_by_ground:
            raise NoRecordingError(
                f"no {self.split} recording of a step on {ground!r}; {CURE} or choose another ground"
            )
        return self.steps_by_ground[ground]

    def synthetic(self, ground: str) -> tuple[StepRecording, ...]:
        """Synthesised steps on `ground`, made when first asked for; none in the test split."""
        if self.split == "test" or ground not in RECIPES:
            return ()
        if ground not in self._synthetic:
            rng = np.random.default_rng(list(RECIPES).index(ground))
            self._synthetic[ground] = synthetic_steps(ground, rng, SYNTHETIC_STEPS)
        return self._synthetic[ground]

    def ambiences(self, place: str) -> tuple[Path, ...]:
        """Files of the ambiences of `place`, to be read with `ambience`; empty when there is none."""
        return self.ambience_files.get(place, ())

    def ambience(self, file: Path) -> Ambience:
        """The calm, seamless loop of at most 20 s."""
        if file not in self._ambiences:
            self._ambiences[file] = make_ambience(read_48k(file, LONGEST_AMBIENCE_S))
        return self._ambiences[file]


def default_folder() -> Path:
    """`STEREOSYNC_SOUNDS`, or the user's cache folder of this platform."""
    return kept_folder(SOUNDS_VARIABLE, "sounds")


def package_of(file: Path) -> str:
    """The source package: the part of the file's name before `__`."""
    return file.name.partition("__")[0]


def split_files(files: tuple[Path, ...], split: Split) -> tuple[Path, ...]:
    """The part of one kind's `files` that belongs to `split`; see the top of this module for the rule."""
    if len(files) == 1:
        return files
    counts = Counter(package_of(file) for file in files)
    if len(counts) == 1:
        test = set(files[-1:])
    else:
        held_out = TEST_PACKAGE if TEST_PACKAGE in counts else min(counts, key=lambda name: (counts[name], name))
        test = {file for file in files if package_of(file) == held_out}
    return tuple(file for file in files if (file in test) == (split == "test"))


def read_48k(file: Path | BinaryIO, longest_s: float = 60.0) -> Float32Array:
    """The first `longest_s` seconds of `file` as (n, channels) float32 at 48 kHz."""
    with soundfile.SoundFile(file) as sound:
        rate_hz = sound.samplerate
        samples = sound.read(int(longest_s * rate_hz), dtype="float32", always_2d=True)
    if rate_hz != SAMPLE_RATE_HZ:
        samples = resample_poly(samples, SAMPLE_RATE_HZ, rate_hz, axis=0)
    return np.asarray(samples, dtype=np.float32)


def _files_by_kind(folder: Path, pattern: str) -> dict[str, tuple[Path, ...]]:
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.glob(f"*/{pattern}")):
        found.setdefault(file.parent.name, []).append(file)
    return {kind: tuple(files) for kind, files in found.items()}


def _read_step(file: Path) -> StepRecording:
    try:
        samples = trim_step(read_48k(file).mean(axis=1))
    except (ValueError, soundfile.LibsndfileError) as error:
        raise UserError(f"cannot use {file}: {error}") from error
    return make_recording(file.stem, package_of(file), samples)
