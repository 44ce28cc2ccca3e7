"""What several tests of training need: made-up recordings, and a shard of made-up cues."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stereosync_model.config import ModelConfig
from stereosync_scenes.walk import GROUNDS
from stereosync_training.walk_clips import PICTURE_EVERY

CLIPS, SLOTS, CHARACTERS, DURATION_S = 2, 60, 3, 2.0


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sounds as `SoundLibrary.open` takes it: a burst of noise for every ground."""
    root = tmp_path_factory.mktemp("recordings")
    time_s = np.arange(12_000) / 48_000
    for seed, ground in enumerate(GROUNDS):
        burst = 0.5 * np.random.default_rng(seed).standard_normal(len(time_s)) * np.exp(-time_s / 0.03)
        file = root / "footsteps" / ground / "one__a.flac"
        file.parent.mkdir(parents=True)
        soundfile.write(file, burst.clip(-1, 1).astype(np.float32), 48_000)
    return root


@pytest.fixture
def walk_folder(tmp_path: Path) -> Path:
    """Two clips of random cues in one shard, in the layout of `walk_clips`: two characters, the second one late."""
    spec, rng = ModelConfig().cue_spec, np.random.default_rng(0)
    present = np.zeros((CLIPS, SLOTS, CHARACTERS), np.float32)
    present[:, :, 0], present[:, SLOTS // 2 :, 1] = 1, 1
    ids = np.where(present > 0, np.array([4, 9, -1]), -1).astype(np.int16)
    times_s = np.broadcast_to(np.arange(SLOTS) * DURATION_S / SLOTS, (CLIPS, SLOTS)).astype(np.float32)
    slots = (CLIPS, SLOTS, CHARACTERS)
    arrays = {
        "pictures": rng.integers(0, 256, (CLIPS, SLOTS // PICTURE_EVERY, *spec.picture_shape), np.uint8),
        "crops": rng.integers(0, 256, (*slots, *spec.crops_shape[1:]), np.uint8),
        "numbers": rng.standard_normal((*slots, spec.numbers_shape[1])).astype(np.float32),
        "tracks": (0.1 * rng.standard_normal((*slots, *spec.tracks_shape[1:]))).astype(np.float16),
        "present": present,
        "ids": ids,
        "times_s": times_s,
        "sound": rng.integers(-3000, 3000, (CLIPS, round(DURATION_S * 48_000), 2)).astype(np.int16),
    }
    shard = tmp_path / "walks" / "shard-0000"
    shard.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(shard / f"{name}.npy", array)
    contacts = [{"time_s": 1.0, "character_id": 4, "ground": "grass"}]
    (shard / "truth.json").write_text(json.dumps([{"contacts": contacts}] * CLIPS), encoding="utf-8")
    return shard.parent
