"""What several tests of training need: made-up recordings, shards of made-up walks, drawn and known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stereosync.vocabulary import GROUNDS
from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import PLACEMENT
from stereosync_model.model import Model
from stereosync_training.data import tempo, walk_data
from stereosync_training.data.known_data import KnownData, read_known
from stereosync_training.data.walk_clips import PICTURE_EVERY
from stereosync_training.data.walk_data import WalkData, shards_in

CLIPS, SLOTS, CHARACTERS, DURATION_S = 2, 60, 3, 2.0
DRAWN = 56  # frames of a clip; the slots after them are empty


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


def made_up_truth(seed: int) -> dict[str, Any]:
    """Truth as a shard has it: one step on grass, in a small room where it rains."""
    step = {"time_s": 1.0, "character_id": 4, "foot": "left", "ground": "grass", "position_m": [0, 0, 2], "force": 2.0}
    room = {"size_m": 4.0, "rt60_s": 0.4}
    return {"seed": seed, "duration_s": DURATION_S, "contacts": [step], "room": room, "place": "rain", "amount": 0.7}


def made_up_arrays() -> dict[str, np.ndarray]:
    """Random cues and sound of two clips: two characters, the second one late."""
    spec, rng = ModelConfig().cue_spec, np.random.default_rng(0)
    present = np.zeros((CLIPS, SLOTS, CHARACTERS), np.float32)
    present[:, :DRAWN, 0], present[:, SLOTS // 2 : DRAWN, 1] = 1, 1
    times_s = np.where(np.arange(SLOTS) < DRAWN, np.arange(SLOTS) * DURATION_S / SLOTS, np.inf)
    slots = (CLIPS, SLOTS, CHARACTERS)
    return {
        "pictures": rng.integers(0, 256, (CLIPS, SLOTS // PICTURE_EVERY, *spec.picture_shape), np.uint8),
        "crops": rng.integers(0, 256, (*slots, *spec.crops_shape[1:]), np.uint8),
        "numbers": rng.standard_normal((*slots, spec.numbers_shape[1])).astype(np.float32),
        "tracks": (0.1 * rng.standard_normal((*slots, *spec.tracks_shape[1:]))).astype(np.float16),
        "present": present,
        "ids": np.where(present > 0, np.array([4, 9, -1]), -1).astype(np.int16),
        "times_s": np.broadcast_to(times_s, (CLIPS, SLOTS)).astype(np.float32),
        "sound": rng.integers(-3000, 3000, (CLIPS, round(DURATION_S * 48_000), 2)).astype(np.int16),
    }


def write_shard(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    """Two clips in one shard of a folder; returns the folder."""
    shard = folder / "shard-0000"
    shard.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(shard / f"{name}.npy", array)
    (shard / "truth.json").write_text(json.dumps([made_up_truth(seed) for seed in range(CLIPS)]), encoding="utf-8")
    return folder


@pytest.fixture
def walk_folder(tmp_path: Path) -> Path:
    """Two clips in one shard, in the layout of `data.walk_clips`."""
    return write_shard(tmp_path / "walks", made_up_arrays())


@pytest.fixture
def known_folder(tmp_path: Path) -> Path:
    """The same two clips without their pictures, in the layout of `data.known_walks`."""
    arrays = made_up_arrays()
    kept = {name: arrays[name] for name in ("times_s", "ids", "present", "sound")}
    placement = arrays["numbers"][..., PLACEMENT] * arrays["present"][..., None]
    return write_shard(tmp_path / "known", kept | {"placement": placement})


@pytest.fixture
def walks(walk_folder: Path, tiny_model: Model) -> WalkData:
    """The clips of `walk_folder`."""
    return WalkData.read([walk_folder], tiny_model.config)


@pytest.fixture
def nothing_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cue stays where and when it is."""
    monkeypatch.setattr(walk_data, "DROP_ODDS", dict.fromkeys(walk_data.DROP_ODDS, 0.0))
    monkeypatch.setattr(tempo, "TEMPO_SPREAD", 0.0)


@pytest.fixture
def known(known_folder: Path, tiny_model: Model, tmp_path: Path) -> KnownData:
    """The clips of `known_folder`, kept in the folder `kept` under the key "tiny"."""
    shards = shards_in([known_folder])
    return read_known(shards, tiny_model.config, tiny_model.patches, tmp_path / "kept", "tiny")
