"""Sound clips for the codec: mixed once from imaginary walks, kept as int16, read at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from tqdm import tqdm

from stereosync.clock import Clock
from stereosync.writing import whole_file
from stereosync_training.sounds.library import SoundLibrary
from stereosync_training.sounds.mix import mix_walk
from stereosync_training.sounds.random_truth import random_truth

PCM_SCALE = 32767.0
SAMPLE_RATE_HZ = Clock().sample_rate_hz


def build_sound_clips(path: Path, library: SoundLibrary, clips: int, seed: int, duration_s: float = 6.0) -> None:
    """Mix `clips` walks into one array (clips, samples, 2) int16 at `path`; does nothing when it is there already."""
    if path.is_file() and np.load(path, mmap_mode="r").shape[0] >= clips:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = round(duration_s * SAMPLE_RATE_HZ)
    with whole_file(path) as part:
        array = np.lib.format.open_memmap(part, mode="w+", dtype=np.int16, shape=(clips, samples, 2))
        for index in tqdm(range(clips), desc=path.stem, unit="clip"):
            array[index] = to_pcm(mix_walk(random_truth(seed + index, duration_s), library, seed + index))
        array.flush()
        del array


def to_pcm(sound: npt.NDArray[np.floating]) -> npt.NDArray[np.int16]:
    """Float sound in [-1, 1] to int16."""
    pcm: npt.NDArray[np.int16] = np.round(np.clip(sound, -1, 1) * PCM_SCALE).astype(np.int16)
    return pcm


class SoundClips:
    """Random excerpts of a clip array."""

    def __init__(self, path: Path) -> None:
        self.array: npt.NDArray[np.int16] = np.load(path, mmap_mode="r")
        self.sample_rate_hz = SAMPLE_RATE_HZ

    def excerpts(self, count: int, samples: int, step: int, random: torch.Generator) -> Tensor:
        """`count` excerpts (count, samples, 2) float32 that start at a multiple of `step`."""
        starts = torch.randint((self.array.shape[1] - samples) // step + 1, (count,), generator=random) * step
        clips = torch.randint(self.array.shape[0], (count,), generator=random)
        parts = [
            self.array[clip, start : start + samples]
            for clip, start in zip(clips.tolist(), starts.tolist(), strict=True)
        ]
        return torch.from_numpy(np.stack(parts).astype(np.float32) / PCM_SCALE)
